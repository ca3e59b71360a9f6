import type { FactName } from './facts.ts';

/** Facts whose name in the code is not what a reader calls them. */
const WORDS: Readonly<Partial<Record<FactName, string>>> = {
  aksCluster: 'AKS cluster',
  apiGroups: 'API groups',
  apiServerDiscovery: "API server's own discovery document",
  apiServerKeys: "API server's own keys",
  apiServerVersion: 'version of the API server',
  bindingRules: 'rules for identity bindings',
  clusterSecretStores: 'ClusterSecretStores',
  clusterTriggerAuthentications: 'ClusterTriggerAuthentications',
  complaints: 'errors brought or logged',
  credentialMatch: 'list of federated credentials',
  csiDriver: 'CSI driver',
  discovery: 'discovery document',
  errors: 'errors brought or logged',
  exchange: 'answer of Entra to an exchange',
  exchanges: 'answers of Entra to exchanges',
  jwks: 'published key set',
  scaledObjects: 'ScaledObjects',
  secretProviderClasses: 'SecretProviderClasses',
  secretStores: 'SecretStores',
  siblings: 'other pods of the same controller',
  signIn: 'sign-in',
  signIns: 'sign-ins',
  triggerAuthentications: 'TriggerAuthentications',
  webhookConfig: 'ConfigMap of the webhook',
};

/** `serviceAccount` as a reader says it: `service account`. */
export function factWords(name: FactName): string {
  return WORDS[name] ?? name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** That a fact is absent, as a clause: `there are no identity bindings`, or that nobody asked for it. */
export function absenceOf(name: FactName, origin: string): string {
  if (/^(not asked for|no)\b/.test(origin)) return origin;
  const words = factWords(name);
  return /(?<!s)s$/.test(words.split(' of ')[0] ?? '') ? `there are no ${words}` : `there is no ${words}`;
}
