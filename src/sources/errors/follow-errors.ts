import { valuesOf } from '../../aadsts/read/literal.ts';
import { isGuid } from '../../derive/annotations.ts';
import type { Workload } from '../../derive/workload.ts';
import type { Fact } from '../../fact.ts';
import type { CollectedFacts } from '../../collected-facts.ts';
import type { KubernetesClient } from '../../kubernetes/answers.ts';
import { pathOf, RESOURCES } from '../../kubernetes/resources.ts';
import type { ServiceAccount } from '../../kubernetes/types.ts';
import { listFact, map, type Facts } from '../cluster/answer-fact.ts';
import { pruneObject } from '../cluster/prune.ts';

type Errors = Fact<CollectedFacts['errors']>;

const MOST_CLIENT_IDS = 4;

/** Client ids that errors name: what is at fault may be the identity that the program really used. */
export function clientIdsIn(errors: Errors): string[] {
  if (errors.state !== 'present') return [];
  const ids = errors.value
    .filter(({ from, error }) => from !== 'webhook' && !error.unrelated)
    .flatMap(({ error }) => valuesOf(error.fields.appId))
    .filter(isGuid)
    .map((id) => id.toLowerCase());
  return [...new Set(ids)].slice(0, MOST_CLIENT_IDS);
}

/** Whether an error names another service account of the pod's namespace, which may or may not exist. */
function namesNeighbour(errors: Errors, { object, subject }: Workload): boolean {
  if (errors.state !== 'present') return false;
  const prefix = `system:serviceaccount:${object.namespace}:`;
  return errors.value
    .flatMap(({ error }) => valuesOf(error.fields.subject))
    .some((value) => value.startsWith(prefix) && value !== subject);
}

/**
 * The other service accounts of the namespace, if an error names one of them. Rights: list serviceaccounts.
 *
 * @returns Nothing to add where no error asks for it.
 */
export async function accountsNamedIn(
  client: KubernetesClient,
  errors: Errors,
  workload: Fact<Workload>,
  { otherServiceAccounts: known }: Facts,
): Promise<Pick<Facts, 'otherServiceAccounts'>> {
  if (known?.state === 'present' || workload.state !== 'present') return {};
  if (!namesNeighbour(errors, workload.value)) return {};
  const { namespace } = workload.value.object;
  const list = await client.list<ServiceAccount>(pathOf(RESOURCES.serviceaccounts, { namespace }));
  return {
    otherServiceAccounts: map(listFact(list, `service accounts in ${namespace}`), (items) =>
      items
        .filter(({ metadata }) => metadata?.name !== workload.value.serviceAccountName)
        .map((item) => pruneObject(item)),
    ),
  };
}
