import { blank, type Word } from '../word.ts';
import type { Fact } from '../fact.ts';
import type { DecodedToken } from '../sources/token/types.ts';
import type { Workload } from './workload.ts';

const SUBJECT = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** The service account that a token should be of, for commands: the pod's, else the one the token names. */
export function tokenAccount(
  workload: Fact<Workload>,
  token: DecodedToken | null,
): { readonly serviceAccount: Word; readonly namespace: Word } {
  const { sub, kubernetes } = token?.kind === 'jwt' ? token.claims : {};
  const [, namespace, name] = SUBJECT.exec(sub ?? '') ?? [];
  const known = workload.state === 'present' ? workload.value : null;
  return {
    serviceAccount:
      known?.serviceAccountName ?? kubernetes?.serviceAccount?.name ?? name ?? blank('service account'),
    namespace: known?.object.namespace ?? kubernetes?.namespace ?? namespace ?? blank('namespace'),
  };
}
