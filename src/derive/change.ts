import { absent, unknown } from '../fact.ts';
import type { ClientFactSet, CollectedFacts, FactSet } from '../collected-facts.ts';
import type { FederatedIdentityCredential } from '../sources/federated-credentials/types.ts';
import { changedMap } from './changed-map.ts';
import type { TemplateChange } from './changed-template.ts';
import { withNextPod } from './next-pod.ts';
import { tokenIssuerFact } from './sign-ins.ts';

/** Fields of a federated credential; a credential of a name that is not in the list is a new one. */
export interface CredentialChange {
  /** Client id of the identity that holds it. */
  readonly clientId: string;
  readonly name: string;
  readonly issuer?: string;
  readonly subject?: string;
  readonly audience?: string;
}

/**
 * One change that mends a fault, made to facts instead of to the cluster: what would be seen after the fix.
 *
 * Annotations and templates take effect in the next pod, so the pod is foreseen anew with them.
 */
export interface Change {
  readonly credential?: CredentialChange;
  /** A client id, and another id by which the same identity was looked up. */
  readonly identity?: { readonly clientId: string; readonly knownAs: string };
  /** Annotations of the pod's service account; null removes one. */
  readonly annotations?: Readonly<Record<string, string | null>>;
  /** What becomes of the pod template; an empty change only makes a new pod. */
  readonly template?: TemplateChange;
}

function withCredential(set: FactSet, { clientId, name, ...fields }: CredentialChange): FactSet | null {
  const client = set.clients[clientId];
  const list = client?.federatedCredentials;
  if (list?.state !== 'present') return null;
  const { issuer, subject, audience } = fields;
  const before = list.value.items.find((one) => one.name === name);
  const after: FederatedIdentityCredential = {
    name,
    issuer: null,
    subject: null,
    audiences: [],
    ...before,
    ...(issuer === undefined ? {} : { issuer }),
    ...(subject === undefined ? {} : { subject }),
    ...(audience === undefined ? {} : { audiences: [audience] }),
  };
  const items = before
    ? list.value.items.map((one) => (one === before ? after : one))
    : [...list.value.items, after];
  const changed: Partial<ClientFactSet> = {
    ...client,
    federatedCredentials: { ...list, value: { ...list.value, items } },
  };
  return { ...set, clients: { ...set.clients, [clientId]: changed } };
}

function withAnnotations(set: FactSet, changes: Change['annotations']): FactSet | null {
  const { serviceAccount } = set.facts;
  if (changes === undefined) return set;
  if (serviceAccount?.state !== 'present') return null;
  const { metadata = {} } = serviceAccount.value;
  const annotations = changedMap(metadata.annotations, changes);
  const value = { ...serviceAccount.value, metadata: { ...metadata, annotations } };
  return { ...set, facts: { ...set.facts, serviceAccount: { ...serviceAccount, value } } };
}

function withIdentity(set: FactSet, { clientId, knownAs }: NonNullable<Change['identity']>): FactSet {
  const { identity, ...others } = set.clients[knownAs] ?? {};
  if (set.clients[clientId] || identity?.state !== 'present') return set;
  const { namedBy: _, ...value } = identity.value;
  const client = { ...others, identity: { ...identity, value } };
  return { ...set, clients: { ...set.clients, [clientId]: client } };
}

const CHANGED = absent('the change');
const NOT_FETCHED = unknown('it was not fetched for the issuer of new tokens');

/**
 * What was answered before a change says nothing of what would be answered after it, and a new pod has a new token.
 */
function withoutAnswers(set: FactSet, newPod: boolean): FactSet {
  const outdated: (keyof CollectedFacts)[] = newPod
    ? ['exchanges', 'errors', 'token', 'tokenSignature', 'siblings', 'accountPods']
    : ['exchanges', 'errors'];
  const facts = { ...set.facts, ...Object.fromEntries(outdated.map((name) => [name, CHANGED])) };
  const [before, after] = [tokenIssuerFact(set), tokenIssuerFact({ ...set, facts })];
  const sameIssuer =
    before.state === 'present' && after.state === 'present'
      ? before.value === after.value
      : before.state === after.state;
  // What is published was asked of the issuer before.
  const published = sameIssuer ? {} : { discovery: NOT_FETCHED, jwks: NOT_FETCHED };
  return { ...set, facts: { ...facts, ...published } };
}

/**
 * The facts as they would be after a change.
 *
 * @returns Null where that cannot be told, for example because the template is not known.
 */
export function changed(before: FactSet, change: Change): FactSet | null {
  const { credential, identity, annotations, template } = change;
  const set = identity ? withIdentity(before, identity) : before;
  const first = credential ? withCredential(set, credential) : set;
  const second = first && withAnnotations(first, annotations);
  if (second === null) return null;
  const newPod = annotations !== undefined || template !== undefined;
  const third = newPod ? withNextPod(second, template ?? {}) : second;
  return third && withoutAnswers(third, newPod);
}

/** Several changes at once. */
export function changedAll(set: FactSet, changes: readonly Change[]): FactSet | null {
  return changes.reduce<FactSet | null>((facts, change) => facts && changed(facts, change), set);
}
