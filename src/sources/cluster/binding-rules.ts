import { present, type Fact } from '../../fact.ts';
import type { KubernetesClient } from '../../kubernetes/answers.ts';
import { pathOf, RESOURCES } from '../../kubernetes/resources.ts';
import type { ClusterRole, ClusterRoleBinding, Pod, PolicyRule } from '../../kubernetes/types.ts';
import { listFact } from './answer-fact.ts';

const USE_IDENTITY_BINDING = 'azure.workload.identity/use-identity-binding';

/** API group of the identities that a binding of AKS lends to a cluster. */
const GROUP = 'cid.wi.aks.azure.com';

/** Whether a pod asks for an identity binding, which a role has to allow it. */
export function asksForBinding({ metadata }: Pod): boolean {
  return metadata?.annotations?.[USE_IDENTITY_BINDING]?.toLowerCase() === 'true';
}

function isMeant({ subjects = [] }: ClusterRoleBinding, namespace: string, account: string): boolean {
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
  return subjects.some(
    (subject) =>
      (subject.kind === 'ServiceAccount' && subject.name === account && subject.namespace === namespace) ||
      (subject.kind === 'User' && subject.name === `system:serviceaccount:${namespace}:${account}`) ||
      (subject.kind === 'Group' && groups.includes(subject.name ?? '')),
  );
}

/** The rules about bound identities that a service account has in the whole cluster. Two requests. */
export async function bindingRules(
  client: KubernetesClient,
  namespace: string,
  account: string,
): Promise<Fact<readonly PolicyRule[]>> {
  const [bindingsRead, rolesRead] = await Promise.all([
    client.list<ClusterRoleBinding>(pathOf(RESOURCES.clusterrolebindings)),
    client.list<ClusterRole>(pathOf(RESOURCES.clusterroles)),
  ]);
  const bindings = listFact(bindingsRead, 'cluster role bindings');
  const roles = listFact(rolesRead, 'cluster roles');
  if (bindings.state !== 'present') return bindings;
  if (roles.state !== 'present') return roles;
  const names = bindings.value
    .filter((binding) => isMeant(binding, namespace, account))
    .map(({ roleRef }) => roleRef?.name);
  const rules = roles.value
    .filter(({ metadata }) => names.includes(metadata?.name))
    .flatMap((role) => role.rules ?? [])
    .filter(({ apiGroups = [] }) => apiGroups.includes(GROUP) || apiGroups.includes('*'));
  return present(rules, 'kubernetes: cluster roles and their bindings');
}
