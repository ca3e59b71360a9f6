import type { Fact, FactSet } from '../facts.ts';
import type { EffectiveValue, Workload } from './workload.ts';

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

function keyOf(value: EffectiveValue): string {
  return value.state === 'known' ? `=${value.value}` : value.state === 'unknown' ? `?${value.reason}` : '';
}

/** Groups the judged, wired containers by what they send to Entra. */
export function signInsOf({ judged, subject }: Workload): SignIn[] {
  const groups = new Map<string, SignIn>();
  for (const { name, effective, wiring, env } of judged) {
    const { clientId, tenantId, authorityHost, audience } = effective;
    if (clientId.state === 'unset' || (wiring.state !== 'wired' && wiring.state !== 'unknown')) continue;
    const key = [clientId, tenantId, authorityHost, audience].map(keyOf).join('\n');
    const known = groups.get(key);
    const bound = env('AZURE_KUBERNETES_TOKEN_PROXY').state !== 'unset';
    const usesBinding = bound && audience.state === 'known' && audience.value === IDENTITY_BINDING_AUDIENCE;
    groups.set(key, {
      clientId,
      tenantId,
      authorityHost,
      audience,
      subject,
      containers: [...(known?.containers ?? []), name],
      mode: usesBinding ? 'identity-binding' : 'federated',
    });
  }
  return [...groups.values()];
}

export function signInsFact(workload: Fact<Workload>): Fact<readonly SignIn[]> {
  if (workload.state !== 'present') return workload;
  return { state: 'present', origin: workload.origin, value: signInsOf(workload.value) };
}

/** Issuer of the pod's tokens: what a real token says beats what the API server states. */
export function tokenIssuerFact({ facts }: FactSet): Fact<string> {
  const { token, apiServerDiscovery } = facts;
  if (
    token?.state === 'present' &&
    token.value.kind === 'jwt' &&
    typeof token.value.claims.iss === 'string'
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
