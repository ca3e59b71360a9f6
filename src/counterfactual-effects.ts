import { identityWord } from './credential-fixes.ts';
import { credentialMatchFact } from './derive/credential-match.ts';
import { clientFacts, deriveFacts } from './derive/facts.ts';
import type { FactSet } from './collected-facts.ts';

/** A credential that takes the token of a sign-in. */
export interface Acceptance {
  readonly clientId: string;
  readonly credential: string;
  readonly identity: string;
  /** True when all that was seen matches, and the issuer was not. */
  readonly butForIssuer: boolean;
}

/** The credentials that take the tokens of the sign-ins, by the containers that sign in. */
function acceptances(set: FactSet): ReadonlyMap<string, Acceptance> {
  const { signIns, tokenIssuer } = deriveFacts(set);
  const found = (signIns.state === 'present' ? signIns.value : []).flatMap((signIn) => {
    if (signIn.clientId.state !== 'known') return [];
    const clientId = signIn.clientId.value;
    const { identity, federatedCredentials } = clientFacts(set, clientId);
    const match = credentialMatchFact(signIn, federatedCredentials, tokenIssuer);
    if (match.state !== 'present') return [];
    const { accepting, audience, open, issuer } = match.value;
    const butForIssuer = accepting === null && typeof issuer !== 'string' && audience !== null;
    const credential = (accepting ?? (butForIssuer ? open[0] : undefined))?.name;
    if (credential === undefined) return [];
    const words = identityWord({ signIn, credentialMatch: match.value, identity });
    return [[signIn.containers.join(), { clientId, credential, identity: words, butForIssuer }] as const];
  });
  return new Map(found);
}

/** The credentials that take tokens only after a change. */
export function newlyAccepted(before: FactSet, after: FactSet): Acceptance[] {
  const had = acceptances(before);
  return [...acceptances(after)].flatMap(([containers, now]) => {
    const then = had.get(containers);
    return then?.clientId === now.clientId && then.credential === now.credential ? [] : [now];
  });
}

/** The client id of each judged container. */
function clientIds(set: FactSet): Map<string, { readonly id: string; readonly byWebhook: boolean }> {
  const { workload } = deriveFacts(set);
  const judged = workload.state === 'present' ? workload.value.judged : [];
  return new Map(
    judged.flatMap(({ name, effective: { clientId } }) =>
      clientId.state === 'known' && clientId.value !== ''
        ? [[name, { id: clientId.value, byWebhook: clientId.from === 'webhook' }] as const]
        : [],
    ),
  );
}

/** Client ids that containers have only after a change, from the webhook. */
export function givenClientIds(before: FactSet, after: FactSet): string[] {
  const had = clientIds(before);
  const given = [...clientIds(after)].filter(
    ([name, { id, byWebhook }]) => byWebhook && had.get(name)?.id !== id,
  );
  return [...new Set(given.map(([, { id }]) => id))];
}
