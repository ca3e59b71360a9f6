import type { Word } from '../word.ts';
import type { Fact } from '../fact.ts';
import type { DecodedToken } from '../sources/token/types.ts';
import type { Workload } from './workload.ts';

/** The service account that a token should be of, for commands: the pod's, else the one the token names. */
export function tokenAccount(
  workload: Fact<Workload>,
  token: DecodedToken | null,
): { readonly serviceAccount: Word; readonly namespace: Word } {
  const claims = token?.kind === 'jwt' ? token.claims.kubernetes : undefined;
  const known = workload.state === 'present' ? workload.value : null;
  return {
    serviceAccount:
      known?.serviceAccountName ?? claims?.serviceAccount?.name ?? ({ command: 'SERVICE_ACCOUNT' } as const),
    namespace: known?.object.namespace ?? claims?.namespace ?? ({ command: 'NAMESPACE' } as const),
  };
}
