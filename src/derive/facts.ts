import { unknown, type Fact } from '../fact.ts';
import type { ClientFactSet, FactSet } from '../collected-facts.ts';
import type { DerivedFacts } from '../facts.ts';
import { complaintsFact } from './complaints.ts';
import { consumersFact } from './consumers.ts';
import { injectionOf, type Injection } from './injection.ts';
import { readKeySet } from '../sources/issuer/keys.ts';
import type { KeySet } from '../sources/issuer/types.ts';
import { signInsFact, tokenIssuerFact } from './sign-ins.ts';
import { webhookFact, type Webhook } from './webhook.ts';
import { workloadFact, type Workload } from './workload.ts';

export type DerivedFactSet = { readonly [Name in keyof DerivedFacts]: Fact<DerivedFacts[Name]> };

function publishedKeysFact({ facts }: FactSet): Fact<KeySet> {
  const { jwks } = facts;
  if (!jwks) return unknown('the published keys were not collected');
  if (jwks.state !== 'present') return jwks;
  if (jwks.value.kind !== 'document') return unknown('the published keys could not be read');
  return { state: 'present', value: readKeySet(jwks.value.json), origin: jwks.origin };
}

function injectionFact(
  { facts }: FactSet,
  workload: Fact<Workload>,
  webhook: Fact<Webhook>,
): Fact<Injection> {
  if (workload.state !== 'present') return workload;
  const namespace = facts.namespace ?? unknown('the namespace was not collected');
  const owners = facts.owners ?? unknown('controllers were not collected');
  return {
    state: 'present',
    value: injectionOf(workload.value, webhook, namespace, owners),
    origin: workload.origin,
  };
}

/** The client facts of one client id; what was never collected is unknown, not absent. */
export function clientFacts({ clients }: FactSet, clientId: string): ClientFactSet {
  const known = clients[clientId] ?? {};
  return {
    identity: known.identity ?? unknown('the identity was not looked up'),
    federatedCredentials:
      known.federatedCredentials ?? unknown('the federated credentials were not looked up'),
  };
}

function derivedOf(set: FactSet): DerivedFactSet {
  const workload = workloadFact(set);
  const webhook = webhookFact(set);
  const tokenIssuer = tokenIssuerFact(set);
  const consumers = consumersFact(workload, set);
  const signIns = signInsFact(workload, set, consumers);
  return {
    workload,
    webhook,
    injection: injectionFact(set, workload, webhook),
    tokenIssuer,
    publishedKeys: publishedKeysFact(set),
    signIns,
    consumers,
    complaints: complaintsFact(set, workload, tokenIssuer, signIns),
    clients: {
      state: 'present',
      origin: 'collected facts',
      value: new Map(Object.keys(set.clients).map((clientId) => [clientId, clientFacts(set, clientId)])),
    },
  };
}

const known = new WeakMap<FactSet, DerivedFactSet>();

/** Computes everything that follows from the collected facts, once: the same facts give the same answer. */
export function deriveFacts(set: FactSet): DerivedFactSet {
  const derived = known.get(set) ?? derivedOf(set);
  known.set(set, derived);
  return derived;
}
