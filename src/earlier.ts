import type { ClockWatch } from './sources/clocks.ts';
import type { ClientFacts, CollectedFacts, FactSet } from './collected-facts.ts';

/** What can be looked at again by itself. */
export type Source =
  /** Webhook and issuer as the API server states them. */
  | 'cluster'
  /** The object that was named, and what it leads to. */
  | 'object'
  /** The public documents of the issuer. */
  | 'issuer'
  | 'token'
  | 'exchange'
  /** What Entra publicly says of tenants. */
  | 'tenants'
  /** Logs. */
  | 'errors'
  | 'identities'
  | 'credentials'
  /** The AKS cluster and its identity bindings. */
  | 'aks'
  | 'roles';

/** A look that was had before, and what of it is to be looked at again; the rest stays as it was. */
export interface Earlier {
  readonly set: FactSet;
  readonly again: ReadonlySet<Source>;
  /** Clocks seen so far: one that is not asked again still shows the same difference. */
  readonly clocks: ClockWatch;
}

/** Where each collected fact comes from; null for what is no look at anything, or fresh in every run. */
export const SOURCE_OF: Readonly<Record<keyof CollectedFacts | keyof ClientFacts, Source | null>> = {
  now: null,
  clocks: null,
  target: null,
  options: null,
  pod: 'object',
  template: 'object',
  namespace: 'object',
  serviceAccount: 'object',
  otherServiceAccounts: 'object',
  siblings: 'object',
  accountPods: 'object',
  owners: 'object',
  events: 'object',
  node: 'object',
  webhookConfigurations: 'cluster',
  webhookDeployments: 'cluster',
  webhookPods: 'object',
  webhookEndpoints: 'object',
  webhookConfig: 'object',
  bindingRules: 'object',
  apiGroups: 'object',
  secretProviderClasses: 'object',
  csiDriver: 'object',
  secretStores: 'object',
  clusterSecretStores: 'object',
  scaledObjects: 'object',
  triggerAuthentications: 'object',
  clusterTriggerAuthentications: 'object',
  apiServerDiscovery: 'cluster',
  apiServerKeys: 'cluster',
  apiServerVersion: 'cluster',
  discovery: 'issuer',
  jwks: 'issuer',
  token: 'token',
  tokenSignature: 'token',
  aksCluster: 'aks',
  identityBindings: 'aks',
  roleAssignments: 'roles',
  tenants: 'tenants',
  exchanges: 'exchange',
  errors: 'errors',
  identity: 'identities',
  federatedCredentials: 'credentials',
};

/** Whether a source is to be asked: in a first look everything is. */
export function isAsked(earlier: Earlier | null, source: Source): boolean {
  return earlier === null || earlier.again.has(source);
}

/** The facts of some sources as an earlier look left them. */
export function keptFacts({ set }: Earlier, ...sources: readonly Source[]): FactSet['facts'] {
  return Object.fromEntries(
    Object.entries(set.facts).filter(([name]) => {
      const source = SOURCE_OF[name as keyof CollectedFacts];
      return source !== null && sources.includes(source);
    }),
  );
}
