import type { Fact } from '../fact.ts';
import type { FactSet } from '../collected-facts.ts';
import type { ServiceAccount } from '../kubernetes/types.ts';
import { isKedaOperator, usesWorkloadIdentity, type Consumer } from './consumers.ts';
import type { ContainerView, EffectiveValue, Workload } from './workload.ts';

/** One way in which judged containers sign in; containers that use the same values share it. */
export interface SignIn {
  /** The effective client id. `unset` never appears: without a client id there is no sign-in to judge. */
  readonly clientId: Exclude<EffectiveValue, { state: 'unset' }>;
  readonly tenantId: EffectiveValue;
  readonly authorityHost: EffectiveValue;
  readonly audience: EffectiveValue;
  /** `system:serviceaccount:<namespace>:<name>` */
  readonly subject: string;
  /** Names of the containers, in the order judged. */
  readonly containers: readonly string[];
  /** `identity-binding` exchanges at the cluster's own proxy and needs no credential of its own. */
  readonly mode: 'federated' | 'identity-binding';
}

/** Audience of the tokens that the identity binding proxy takes. */
const IDENTITY_BINDING_AUDIENCE = 'api://AKSIdentityBinding';

/** Whether a container signs in through the identity binding proxy of its cluster. */
export function usesIdentityBinding({ effective: { audience }, env }: ContainerView): boolean {
  return (
    env('AZURE_KUBERNETES_TOKEN_PROXY').state !== 'unset' &&
    audience.state === 'known' &&
    audience.value === IDENTITY_BINDING_AUDIENCE
  );
}

function keyOf(value: EffectiveValue): string {
  return value.state === 'known' ? `=${value.value}` : value.state === 'unknown' ? `?${value.reason}` : '';
}

/** Groups the judged, wired containers by what they send to Entra. */
export function signInsOf({ judged, subject }: Workload): SignIn[] {
  const groups = new Map<string, SignIn>();
  for (const container of judged) {
    const { name, effective, wiring } = container;
    const { clientId, tenantId, authorityHost, audience } = effective;
    if (clientId.state === 'unset' || (wiring.state !== 'wired' && wiring.state !== 'unknown')) continue;
    const key = [clientId, tenantId, authorityHost, audience].map(keyOf).join('\n');
    const known = groups.get(key);
    groups.set(key, {
      clientId,
      tenantId,
      authorityHost,
      audience,
      subject,
      containers: [...(known?.containers ?? []), name],
      mode: usesIdentityBinding(container) ? 'identity-binding' : 'federated',
    });
  }
  return [...groups.values()];
}

const CLIENT_ID = 'azure.workload.identity/client-id';
const TENANT_ID = 'azure.workload.identity/tenant-id';
const DEFAULT_AUDIENCE = 'api://AzureADTokenExchange';
const DEFAULT_AUTHORITY_HOST = 'https://login.microsoftonline.com/';

function annotated(value: string | undefined): EffectiveValue {
  return value === undefined || value === ''
    ? { state: 'unset' }
    : { state: 'known', value, from: 'annotation' };
}

/** The sign-in of whoever asks for a token of a service account: its annotations, and the usual audience. */
function signInOfServiceAccount({ subject }: Workload, serviceAccount: ServiceAccount): SignIn[] {
  const annotations = serviceAccount.metadata?.annotations ?? {};
  const clientId = annotated(annotations[CLIENT_ID]);
  if (clientId.state === 'unset') return [];
  return [
    {
      clientId,
      tenantId: annotated(annotations[TENANT_ID]),
      authorityHost: { state: 'known', value: DEFAULT_AUTHORITY_HOST, from: 'default' },
      audience: { state: 'known', value: DEFAULT_AUDIENCE, from: 'default' },
      subject,
      containers: [],
      mode: 'federated',
    },
  ];
}

/** The sign-ins of those who use the workload's own service account without a token in the pod. */
function signInsOfConsumers({ subject }: Workload, consumers: readonly Consumer[]): SignIn[] {
  return consumers.flatMap(({ by, clientId, tenantId, audiences }) => {
    if (by !== 'secrets-store' || clientId === null) return [];
    const proxied = audiences.includes(IDENTITY_BINDING_AUDIENCE);
    const audience = proxied ? IDENTITY_BINDING_AUDIENCE : DEFAULT_AUDIENCE;
    return [
      {
        clientId: { state: 'known', value: clientId, from: 'unknown' },
        tenantId: annotated(tenantId ?? undefined),
        authorityHost: { state: 'known', value: DEFAULT_AUTHORITY_HOST, from: 'default' },
        audience: { state: 'known', value: audience, from: 'default' },
        subject,
        containers: [],
        mode: proxied ? 'identity-binding' : 'federated',
      },
    ];
  });
}

/** KEDA's operator signs in as every identity that a trigger names, always with its own subject. */
function signInsOfTriggers({ facts }: FactSet, own: readonly SignIn[]): SignIn[] {
  const { triggerAuthentications: ofNamespaces, clusterTriggerAuthentications: ofCluster } = facts;
  const all = [ofNamespaces, ofCluster].flatMap((fact) => (fact?.state === 'present' ? fact.value : []));
  const [model] = own;
  if (!model) return [];
  const named = all.filter(usesWorkloadIdentity).flatMap(({ spec }) => {
    const { identityId, identityTenantId } = spec?.podIdentity ?? {};
    return identityId ? [{ identityId, tenant: identityTenantId || null }] : [];
  });
  return [...new Map(named.map((one) => [one.identityId, one])).values()]
    .filter(({ identityId }) => model.clientId.state !== 'known' || model.clientId.value !== identityId)
    .map(({ identityId, tenant }) => ({
      ...model,
      clientId: { state: 'known', value: identityId, from: 'unknown' },
      ...(tenant === null ? {} : { tenantId: annotated(tenant) }),
      containers: [],
    }));
}

/** Every sign-in that is judged: those of containers, and those of others with the same service account. */
export function signInsFact(
  workload: Fact<Workload>,
  set: FactSet,
  consumers: Fact<readonly Consumer[]>,
): Fact<readonly SignIn[]> {
  if (workload.state !== 'present') return workload;
  const { serviceAccount } = set.facts;
  if (workload.value.kind === 'service-account' && serviceAccount?.state === 'present') {
    return {
      state: 'present',
      origin: serviceAccount.origin,
      value: signInOfServiceAccount(workload.value, serviceAccount.value),
    };
  }
  const own = signInsOf(workload.value);
  const others = [
    ...signInsOfConsumers(workload.value, consumers.state === 'present' ? consumers.value : []),
    ...(isKedaOperator(workload.value) ? signInsOfTriggers(set, own) : []),
  ];
  return { state: 'present', origin: workload.origin, value: [...own, ...others] };
}

/** What the tokens of Secrets call their issuer: the pod's own, projected token has another. */
const LEGACY_ISSUER = 'kubernetes/serviceaccount';

/** Issuer of the pod's tokens: what a real token says beats what the API server states. */
export function tokenIssuerFact({ facts }: FactSet): Fact<string> {
  const { token, apiServerDiscovery } = facts;
  if (
    token?.state === 'present' &&
    token.value.kind === 'jwt' &&
    typeof token.value.claims.iss === 'string' &&
    token.value.claims.iss !== LEGACY_ISSUER
  ) {
    return { state: 'present', value: token.value.claims.iss, origin: token.origin };
  }
  if (!apiServerDiscovery)
    return { state: 'unknown', reason: "the API server's discovery document was not collected" };
  if (apiServerDiscovery.state !== 'present') return apiServerDiscovery;
  const { issuer } = apiServerDiscovery.value;
  if (typeof issuer === 'string' && issuer !== '')
    return { state: 'present', value: issuer, origin: apiServerDiscovery.origin };
  return { state: 'unknown', reason: "the API server's discovery document names no issuer" };
}
