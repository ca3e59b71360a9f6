import type { Facts } from './sources/cluster/answer-fact.ts';
import type { SignIn } from './derive/sign-ins.ts';
import type { Workload } from './derive/workload.ts';
import type { Fact } from './fact.ts';

const CLIENT_ID = 'azure.workload.identity/client-id';

/** Client ids whose identity matters: those that containers use, and the one the service account names. */
export function clientIdsOf(
  workload: Fact<Workload>,
  signIns: Fact<readonly SignIn[]>,
  { serviceAccount }: Facts,
): string[] {
  const used =
    workload.state === 'present'
      ? workload.value.judged.flatMap(({ effective }) =>
          effective.clientId.state === 'known' ? [effective.clientId.value] : [],
        )
      : [];
  const annotated =
    serviceAccount?.state === 'present' ? serviceAccount.value.metadata?.annotations?.[CLIENT_ID] : undefined;
  // Others may sign in with the same service account, and with an identity of their own choice.
  const others = (signIns.state === 'present' ? signIns.value : []).flatMap(({ clientId }) =>
    clientId.state === 'known' ? [clientId.value] : [],
  );
  return [...new Set([...used, ...others, ...(annotated ? [annotated] : [])])].filter(
    (clientId) => clientId !== '',
  );
}
