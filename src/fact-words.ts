import type { FactName } from './facts.ts';

/** What a reader calls a fact: a noun without article. */
interface Noun {
  readonly noun: string;
  /** True where there may be several of it. */
  readonly many?: true;
}

const one = (noun: string): Noun => ({ noun });
const many = (noun: string): Noun => ({ noun, many: true });

/** The one place for the words of facts: names of this program mean nothing to those who read its reports. */
export const FACT_WORDS: Readonly<Record<FactName, Noun>> = {
  now: one('time of the run'),
  clocks: many('clocks that were read'),
  target: one('object that was asked for'),
  options: one('flags of the run'),
  pod: one('pod'),
  template: one('pod template'),
  namespace: one('namespace'),
  serviceAccount: one('service account'),
  otherServiceAccounts: many('other service accounts of the namespace'),
  siblings: many('other pods of the same controller'),
  accountPods: many('other pods of the same service account'),
  owners: many('controllers of the pod'),
  events: many('events about the pod'),
  node: one('node of the pod'),
  webhookConfigurations: many('mutating webhook configurations'),
  webhookDeployments: many('deployments of the webhook'),
  webhookPods: many('pods of the webhook'),
  webhookEndpoints: many('endpoints of the webhook'),
  webhookConfig: one('ConfigMap of the webhook'),
  bindingRules: many('rules for identity bindings'),
  apiGroups: many('API groups'),
  secretProviderClasses: many('SecretProviderClasses of the namespace'),
  csiDriver: one('CSI driver'),
  secretStores: many('SecretStores of the namespace'),
  clusterSecretStores: many('ClusterSecretStores'),
  scaledObjects: many('ScaledObjects of the namespace'),
  triggerAuthentications: many('TriggerAuthentications'),
  clusterTriggerAuthentications: many('ClusterTriggerAuthentications'),
  apiServerDiscovery: one("API server's own discovery document"),
  apiServerKeys: many("API server's own keys"),
  apiServerVersion: one('version of the API server'),
  discovery: one("issuer's public discovery document"),
  jwks: one("issuer's public key set"),
  token: one('token'),
  tokenSignature: one('signature of the token'),
  aksCluster: one('AKS cluster'),
  identityBindings: many('identity bindings'),
  roleAssignments: many('role assignments'),
  tenants: many('public answers of Entra about tenants'),
  exchanges: many('answers of Entra to exchanges'),
  errors: many('errors brought or logged'),
  identity: one('identity'),
  federatedCredentials: many('federated credentials'),
  workload: many('containers with their effective values'),
  webhook: one('workload identity webhook'),
  injection: one('work of the webhook on the pod'),
  tokenIssuer: one('token issuer'),
  publishedKeys: many('published keys'),
  signIns: many('sign-ins'),
  complaints: many('errors, compared with the cluster'),
  consumers: many('others who sign in for the pod'),
  clients: many('identities that are known'),
  container: one('container'),
  signIn: one('sign-in'),
  credentialMatch: one('list of federated credentials'),
  tenant: one('public answer of Entra about the tenant'),
  exchange: one('answer of Entra to an exchange'),
};

/** `serviceAccount` as a reader says it: `service account`. */
export function factWords(name: FactName): string {
  return FACT_WORDS[name].noun;
}

/** That a fact is absent, as a clause: `there are no identity bindings`, or that nobody asked for it. */
export function absenceOf(name: FactName, origin: string): string {
  if (/^(not asked for|no)\b/.test(origin)) return origin;
  const { noun, many: several } = FACT_WORDS[name];
  return `there ${several ? 'are' : 'is'} no ${noun}`;
}
