import { WiDoctorError } from '../errors.ts';
import type { UserEntry } from './kubeconfig.ts';

/**
 * Resolves the `auth-provider` of old kubeconfigs: an OpenID Connect id-token that is still valid becomes the
 * token; everything else is told, since kubectl does not know it any more either.
 *
 * @param now Milliseconds since 1970.
 * @throws WiDoctorError KUBECONFIG for a provider that nobody supports, CLUSTER for an expired id-token.
 */
export function withoutAuthProvider(user: UserEntry, now: number): UserEntry {
  const { 'auth-provider': provider, ...rest } = user;
  if (provider === undefined || provider === null) return user;
  const name = provider.name ?? '';
  if (name !== 'oidc') {
    const hint: Readonly<Record<string, string>> = {
      azure:
        'Run kubelogin convert-kubeconfig -l azurecli, or fetch the kubeconfig anew with az aks get-credentials.',
      gcp: 'Install gke-gcloud-auth-plugin and fetch the kubeconfig anew.',
    };
    throw new WiDoctorError(
      'KUBECONFIG',
      `The kubeconfig signs in with the auth-provider '${name}', which kubectl has removed as well.`,
      { hint: hint[name] ?? 'Replace it by a credential plug-in (users[].user.exec).' },
    );
  }
  const token = provider.config?.['id-token'];
  if (typeof token !== 'string' || expiryOf(token) <= now) {
    throw new WiDoctorError('CLUSTER', 'The id-token of the kubeconfig (auth-provider oidc) has expired.', {
      hint: 'Let kubectl renew it: kubectl get --raw /version.',
    });
  }
  return { ...rest, token };
}

/** Milliseconds since 1970; 0 for a token that cannot be read. */
function expiryOf(token: string): number {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as {
      exp?: unknown;
    };
    return typeof claims.exp === 'number' ? claims.exp * 1_000 : 0;
  } catch {
    return 0;
  }
}
