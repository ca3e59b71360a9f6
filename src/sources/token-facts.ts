import { unknown, type Fact } from '../fact.ts';
import type { CollectedFacts, TokenSignature } from '../collected-facts.ts';
import type { KubernetesClient } from '../kubernetes/answers.ts';
import { pathOf, RESOURCES } from '../kubernetes/resources.ts';
import type { ContainerView, Workload } from '../derive/workload.ts';
import { decodeToken } from './token/decode.ts';
import type { SignatureVerdict } from './token/types.ts';

type TokenFacts = Pick<
  { readonly [Name in keyof CollectedFacts]: Fact<CollectedFacts[Name]> },
  'token' | 'tokenSignature'
>;

/** A token in hand, or why there is none. Lives in local variables only: facts never hold it. */
export type RawToken =
  | { readonly kind: 'raw'; readonly text: string; readonly origin: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Audience the webhook asks for unless told otherwise. */
const EXCHANGE_AUDIENCE = 'api://AzureADTokenExchange';
/** Seconds; the API server refuses less than 600. */
const DEFAULT_LIFETIME = 3600;

/** Audiences and lifetime that a container's volume asks for; without a volume, those the webhook would. */
function requested(container: ContainerView | undefined): Readonly<Record<string, unknown>> {
  if (container?.wiring.state !== 'wired')
    return { audiences: [EXCHANGE_AUDIENCE], expirationSeconds: DEFAULT_LIFETIME };
  const { audience, expirationSeconds } = container.wiring;
  // Without an audience the API server gives its own, as it does to the kubelet.
  return { ...(audience === null ? {} : { audiences: [audience] }), expirationSeconds };
}

/**
 * Asks the API server for a token like the pod's own: same service account, bound to the pod, audience and
 * lifetime of the container's projection. The one write verb: create on serviceaccounts/token.
 */
export async function mintToken(
  client: KubernetesClient,
  workload: Workload,
  container: ContainerView | undefined,
): Promise<RawToken> {
  const { namespace } = workload.object;
  const path = pathOf(RESOURCES.serviceaccounts, {
    namespace,
    name: workload.serviceAccountName,
    subresource: 'token',
  });
  const bound =
    workload.kind === 'pod'
      ? {
          boundObjectRef: {
            apiVersion: 'v1',
            kind: 'Pod',
            name: workload.object.name,
            uid: workload.metadata.uid,
          },
        }
      : {};
  const answer = await client.create<{ readonly status?: { readonly token?: string } }>(path, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: {
      ...requested(container),
      ...bound,
    },
  });
  if (answer.kind === 'unknown') return { kind: 'unknown', reason: answer.reason };
  const text = answer.kind === 'ok' ? answer.body.status?.token : undefined;
  if (!text) return { kind: 'unknown', reason: 'the API server gave no token' };
  return {
    kind: 'raw',
    text,
    origin: `kubernetes: token of service account ${namespace}/${workload.serviceAccountName}`,
  };
}

async function verdict(
  text: string,
  keys: Fact<unknown>,
  which: 'public' | 'api-server',
): Promise<SignatureVerdict> {
  if (keys.state !== 'present') {
    return { state: 'not-checked', reason: keys.state === 'unknown' ? keys.reason : 'there are no keys' };
  }
  const [{ verifySignature }, { readKeySet }] = await Promise.all([
    import('./token/verify.ts'),
    import('./issuer/keys.ts'),
  ]);
  return verifySignature(text, readKeySet(keys.value), { which });
}

/** Keys to verify with: the API server's own, and those that the issuer publishes. */
export interface VerificationKeys {
  readonly published: Fact<unknown>;
  readonly apiServer: Fact<unknown>;
}

/** The published keys, as far as they could be read. */
export function publishedKeys(jwks: Fact<CollectedFacts['jwks']>): Fact<unknown> {
  if (jwks.state !== 'present') return jwks;
  return jwks.value.kind === 'document'
    ? { ...jwks, value: jwks.value.json }
    : unknown('the published keys could not be read');
}

/** Header, claims and signature verdicts of a token; the token itself goes no further. */
export async function tokenFacts(raw: RawToken, keys: VerificationKeys): Promise<TokenFacts> {
  if (raw.kind === 'none') {
    const none = { state: 'absent', origin: 'no token was asked for' } as const;
    return { token: none, tokenSignature: none };
  }
  if (raw.kind === 'unknown') return { token: unknown(raw.reason), tokenSignature: unknown(raw.reason) };
  const [published, apiServer] = await Promise.all([
    verdict(raw.text, keys.published, 'public'),
    verdict(raw.text, keys.apiServer, 'api-server'),
  ]);
  const signature: TokenSignature = { published, apiServer };
  return {
    token: { state: 'present', value: decodeToken(raw.text), origin: raw.origin },
    tokenSignature: { state: 'present', value: signature, origin: raw.origin },
  };
}
