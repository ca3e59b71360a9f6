import type { Reply } from '../faults.ts';
import { mintToken, serviceAccountClaims } from '../mint-token.ts';
import type { SigningKey } from '../signing-key.ts';
import type { StoredObject } from './objects.ts';
import { badRequest, failure, json, notFound } from './status.ts';
import type { Store } from './store.ts';

export interface TokenRequest {
  spec?: {
    audiences?: string[];
    expirationSeconds?: number;
    boundObjectRef?: { kind?: string; apiVersion?: string; name?: string; uid?: string };
  };
}

export interface Signer {
  key: SigningKey;
  issuer: string;
  /** AKS shortens longer requests to a day. */
  maximumSeconds: number;
  audience: string;
  /** Seconds the server's clock is off; its tokens start then. */
  skew: number;
}

const SHORTEST = 600;

/** POST …/serviceaccounts/NAME/token: a real token, bound to the pod when one is named. */
export function tokenReply(
  store: Store,
  account: StoredObject,
  request: TokenRequest,
  signer: Signer,
): Reply {
  const { namespace = '', name } = account.metadata;
  const spec = request.spec ?? {};
  const wanted = spec.expirationSeconds ?? 3600;
  if (wanted < SHORTEST) return outOfRange(wanted, 'less than 10 minutes');
  if (wanted > 2 ** 32) return outOfRange(wanted, 'larger than 2^32 seconds');
  const bound = boundPod(store, account, spec.boundObjectRef);
  if ('refusal' in bound) return bound.refusal;

  const now = Math.floor(Date.now() / 1000) + signer.skew;
  const lifetime = Math.min(wanted, signer.maximumSeconds);
  const audiences = spec.audiences?.length ? spec.audiences : [signer.audience];
  const token = mintToken({
    key: signer.key,
    claims: serviceAccountClaims({
      issuer: signer.issuer,
      namespace,
      serviceAccount: name,
      uid: account.metadata.uid,
      audiences,
      issuedAt: now,
      lifetime,
      ...bound.claims,
    }),
  });
  return json(201, {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace, creationTimestamp: timestamp(now) },
    spec: {
      audiences,
      expirationSeconds: lifetime,
      boundObjectRef: referenceOf(spec.boundObjectRef),
    },
    status: { token, expirationTimestamp: timestamp(now + lifetime) },
  });
}

type Bound =
  | { claims: { pod?: { name: string; uid: string }; node?: { name: string; uid: string } } }
  | { refusal: Reply };

function boundPod(
  store: Store,
  account: StoredObject,
  reference: NonNullable<TokenRequest['spec']>['boundObjectRef'],
): Bound {
  if (!reference) return { claims: {} };
  const { kind = '', name = '', uid } = reference;
  if (kind !== 'Pod') {
    const { apiVersion = '' } = reference;
    const type = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`;
    return {
      refusal: badRequest(`cannot bind token to object of type ${type}, Kind=${kind}`),
    };
  }
  const pod = store.find('v1', 'Pod', account.metadata.namespace, name);
  if (!pod) return { refusal: notFound('pods', '', name) };
  if (uid !== undefined && uid !== '' && uid !== pod.metadata.uid) return { refusal: wrongUid(name, uid) };
  const spec = pod['spec'] as { serviceAccountName?: string; nodeName?: string } | undefined;
  if ((spec?.serviceAccountName ?? 'default') !== account.metadata.name) {
    return {
      refusal: badRequest(
        `cannot bind token for serviceaccount "${account.metadata.name}" to pod running with different serviceaccount name.`,
      ),
    };
  }
  const node = spec?.nodeName === undefined ? undefined : store.find('v1', 'Node', undefined, spec.nodeName);
  return {
    claims: {
      pod: { name, uid: pod.metadata.uid },
      ...(node && { node: { name: node.metadata.name, uid: node.metadata.uid } }),
    },
  };
}

function referenceOf(reference: NonNullable<TokenRequest['spec']>['boundObjectRef']): object | null {
  if (!reference) return null;
  const { kind, apiVersion, name, uid } = reference;
  return { kind, apiVersion, name, uid };
}

function wrongUid(name: string, uid: string): Reply {
  return failure({
    code: 409,
    reason: 'Conflict',
    message:
      `Operation cannot be fulfilled on Pod "${name}": the UID in the bound object reference (${uid}) does not match ` +
      'the UID in record. The object might have been deleted and then recreated',
    details: { name, kind: 'Pod' },
  });
}

function outOfRange(seconds: number, limit: string): Reply {
  const message = `Invalid value: ${seconds}: may not specify a duration ${limit}`;
  return failure({
    code: 422,
    reason: 'Invalid',
    message: `TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: ${message}`,
    details: {
      group: 'authentication.k8s.io',
      kind: 'TokenRequest',
      causes: [{ reason: 'FieldValueInvalid', message, field: 'spec.expirationSeconds' }],
    },
  });
}

function timestamp(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
