import type { ExplainedError, FieldName } from '../../aadsts/explanation.ts';
import { valuesOf } from '../../aadsts/read/literal.ts';
import { difference } from '../../sources/federated-credentials/difference.ts';
import { isGuid } from '../annotations.ts';
import { CLIENT_ID_KEY } from '../annotation-keys.ts';
import { isEntraIssuer } from '../issuer.ts';
import type { ContainerView, EffectiveValue, EffectiveValues } from '../workload.ts';
import type { Live, Match } from './match.ts';

type Verdict = Pick<Match, 'relation' | 'with' | 'note'>;

function same(subject: string, note: string): Verdict {
  return { relation: 'same', with: subject, note };
}

function other(subject: string, note: string): Verdict {
  return { relation: 'other', with: subject, note };
}

function known(value: EffectiveValue): string | null {
  return value.state === 'known' && value.value !== '' ? value.value : null;
}

/** The containers that can be the one that logged the error. */
function containersOf({ workload }: Live, container: string | null): readonly ContainerView[] {
  const named = workload.containers.filter(({ name }) => name === container);
  return named.length > 0 ? named : workload.judged;
}

function subjectMatch(value: string, { workload, set }: Live): Verdict {
  const { namespace } = workload.object;
  const own = `service account ${namespace}/${workload.serviceAccountName}`;
  if (value === workload.subject) return same(own, `The subject is that of this pod's ${own}.`);
  const [, space, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(value) ?? [];
  if (space === undefined || name === undefined)
    return other(own, `The subject ${value} is no Kubernetes service account; this pod's is ${own}.`);
  const there = `service account ${space}/${name}`;
  if (value.toLowerCase() === workload.subject.toLowerCase())
    return other(own, `The subject names ${there} in other letter case than this pod's ${own}.`);
  const { otherServiceAccounts } = set.facts;
  const listed = space === namespace && otherServiceAccounts?.state === 'present' && otherServiceAccounts;
  const exists = listed && listed.value.some(({ metadata }) => metadata?.name === name);
  const whether = !listed ? '' : exists ? ', which exists as well' : ', which does not exist now';
  return other(there, `The subject is ${there}${whether}; this pod runs as ${own}.`);
}

function issuerMatch(value: string, { tokenIssuer }: Live): Verdict | null {
  if (tokenIssuer.state !== 'present') return null;
  const stated = tokenIssuer.value;
  if (value === stated) return same("this cluster's issuer", "The issuer is this cluster's.");
  if (isEntraIssuer(value))
    return other(
      "this cluster's issuer",
      `The issuer ${value} is Entra itself, not this cluster (${stated}).`,
    );
  const { kind, words } = difference(stated, value, 'issuer');
  return other(
    "this cluster's issuer",
    kind === 'other' || kind === 'other-cluster'
      ? `The issuer ${value} is another cluster's; this one issues as ${stated}.`
      : `The issuer ${value} is not quite this cluster's ${stated}: ${words}.`,
  );
}

function annotatedClientId({ set }: Live): string | null {
  const { serviceAccount } = set.facts;
  if (serviceAccount?.state !== 'present') return null;
  return serviceAccount.value.metadata?.annotations?.[CLIENT_ID_KEY]?.toLowerCase() ?? null;
}

function clientIdMatch(value: string, live: Live, container: string | null): Verdict | null {
  const id = value.toLowerCase();
  const { set, workload, signIns } = live;
  const account = `service account ${workload.object.namespace}/${workload.serviceAccountName}`;
  const annotated = annotatedClientId(live);
  const user = containersOf(live, container).find(
    ({ effective }) => known(effective.clientId)?.toLowerCase() === id,
  );
  const used = user !== undefined || signIns.some(({ clientId }) => known(clientId)?.toLowerCase() === id);
  if (used) {
    const who = user ? `container ${user.name}` : account;
    const injected = user?.effective.clientId.state === 'known' && user.effective.clientId.from === 'webhook';
    if (!injected || annotated === null || annotated === id)
      return same(who, `The client id is the one of ${who}.`);
    return same(
      who,
      `The client id is the one of ${who}, which got it before ${account} was changed to ${annotated}.`,
    );
  }
  if (annotated === id)
    return other(account, `The client id is the one that ${account} names now; this pod has another one.`);
  const first = containersOf(live, container).map(({ effective }) => known(effective.clientId));
  const own = first.find((clientId) => clientId !== null) ?? null;
  if (own === null) return null;
  const entry = Object.entries(set.clients).find(([clientId]) => clientId.toLowerCase() === id)?.[1];
  const name = entry?.identity?.state === 'present' ? entry.identity.value.name : null;
  const whose = name === null ? 'is none of this pod' : `is the one of ${name}`;
  return other(
    'this pod',
    `The client id ${value} ${whose}${name === null ? "'s" : ''}; this pod has ${own}.`,
  );
}

/** A value that stands in the containers themselves. */
function effectiveMatch(
  value: string,
  what: string,
  effective: keyof EffectiveValues,
  containers: readonly ContainerView[],
): Verdict | null {
  const holder = containers.find(
    (one) => known(one.effective[effective])?.toLowerCase() === value.toLowerCase(),
  );
  if (holder) return same(`container ${holder.name}`, `The ${what} is the one of container ${holder.name}.`);
  const [first] = containers.filter((one) => known(one.effective[effective]) !== null);
  if (!first) return null;
  const own = known(first.effective[effective]) ?? '';
  return other(
    `container ${first.name}`,
    `The ${what} ${value} is not the one of container ${first.name}, ${own}.`,
  );
}

function tenantMatch(value: string, containers: readonly ContainerView[]): Verdict | null {
  // Entra may print the name of a directory, and a tenant may be set by a domain: both say nothing here.
  const comparable = containers.every(({ effective }) => isGuid(known(effective.tenantId) ?? ''));
  return isGuid(value) && comparable ? effectiveMatch(value, 'tenant', 'tenantId', containers) : null;
}

function objectIdMatch(value: string, { set, signIns }: Live): Verdict | null {
  const identities = signIns.flatMap(({ clientId }) => {
    const id = known(clientId);
    const identity = id === null ? undefined : set.clients[id]?.identity;
    return identity?.state === 'present' && identity.value.principalId ? [identity.value] : [];
  });
  const [first] = identities;
  if (!first) return null;
  const holder = identities.find(({ principalId }) => principalId?.toLowerCase() === value.toLowerCase());
  if (holder)
    return same(holder.name ?? 'the identity', `The caller is ${holder.name ?? 'the identity'} of this pod.`);
  return other(
    first.name ?? 'the identity',
    `The caller ${value} is not ${first.name ?? 'the identity'} of this pod, ${first.principalId}.`,
  );
}

const COMPARED = ['subject', 'issuer', 'audience', 'appId', 'tenant', 'path', 'objectId'] as const;

function judge(
  field: (typeof COMPARED)[number],
  value: string,
  live: Live,
  container: string | null,
): Verdict | null {
  const containers = containersOf(live, container);
  switch (field) {
    case 'subject':
      return subjectMatch(value, live);
    case 'issuer':
      return issuerMatch(value, live);
    case 'appId':
      return clientIdMatch(value, live, container);
    case 'audience':
      return effectiveMatch(value, 'audience', 'audience', containers);
    case 'tenant':
      return tenantMatch(value, containers);
    case 'path':
      return effectiveMatch(value, 'token file', 'tokenFile', containers);
    case 'objectId':
      return objectIdMatch(value, live);
  }
}

/**
 * Holds the values of one error against the pod, its service account and its identity.
 *
 * @param container The container that logged it; null when that is not known.
 * @returns Only what can be compared: a value whose counterpart cannot be seen has no match.
 */
export function matchValues(
  { code, fields }: Pick<ExplainedError, 'code' | 'fields'>,
  live: Live,
  container: string | null,
): Match[] {
  // A resource names the issuer of the access token, which is Entra itself.
  const compared = COMPARED.filter((field) => field !== 'issuer' || code !== null);
  return compared.flatMap((field: FieldName & (typeof COMPARED)[number]) =>
    valuesOf(fields[field]).flatMap((value) => {
      const verdict = judge(field, value, live, container);
      return verdict === null ? [] : [{ field, value, ...verdict }];
    }),
  );
}
