import type { FactSet } from '../collected-facts.ts';
import type { Fact } from '../fact.ts';
import { annotationOf, CLIENT_ID_KEY } from './annotation-keys.ts';
import type { SignIn } from './sign-ins.ts';
import type { Workload } from './workload.ts';

/** Client ids whose identity matters: those that containers use, and the one the service account names. */
export function clientIdsOf(
  workload: Fact<Workload>,
  signIns: Fact<readonly SignIn[]>,
  { serviceAccount }: FactSet['facts'],
): string[] {
  const used =
    workload.state === 'present'
      ? workload.value.judged.flatMap(({ effective }) =>
          effective.clientId.state === 'known' ? [effective.clientId.value] : [],
        )
      : [];
  const annotated =
    serviceAccount?.state === 'present' ? annotationOf(serviceAccount.value, CLIENT_ID_KEY) : undefined;
  // Others may sign in with the same service account, and with an identity of their own choice.
  const others = (signIns.state === 'present' ? signIns.value : []).flatMap(({ clientId }) =>
    clientId.state === 'known' ? [clientId.value] : [],
  );
  return [...new Set([...used, ...others, ...(annotated ? [annotated] : [])])].filter(
    (clientId) => clientId !== '',
  );
}
