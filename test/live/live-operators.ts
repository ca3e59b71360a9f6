import type { CollectedFacts, FactSet } from '../../src/facts.ts';
import {
  apiVersionOf,
  RESOURCES,
  type ResourceName,
  type ResourceRef,
} from '../../src/kubernetes/resources.ts';
import type { KubernetesObject } from '../support/api-server.ts';

/** The facts that are custom resources, and what the API server calls them. */
const CUSTOM = [
  ['secretProviderClasses', 'secretproviderclasses'],
  ['secretStores', 'secretstores'],
  ['clusterSecretStores', 'clustersecretstores'],
  ['scaledObjects', 'scaledobjects'],
  ['triggerAuthentications', 'triggerauthentications'],
  ['clusterTriggerAuthentications', 'clustertriggerauthentications'],
] as const satisfies readonly (readonly [keyof CollectedFacts, ResourceName])[];

function definition({ group, version, resource, kind, namespaced }: ResourceRef): KubernetesObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${resource}.${group}` },
    spec: {
      group,
      scope: namespaced ? 'Namespaced' : 'Cluster',
      names: { kind, plural: resource },
      versions: [{ name: version, served: true }],
    },
  };
}

/** A definition of a group that a scenario only names. */
function groupDefinition(groupVersion: string): KubernetesObject {
  const [group = '', version = ''] = groupVersion.split('/');
  return definition({ group, version, resource: 'others', kind: 'Other', namespaced: true });
}

/** The role that lets a service account use an identity, and its binding. */
function roleObjects(rules: readonly object[], namespace: string, name: string): KubernetesObject[] {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const metadata = { name: 'use-mi' };
  return [
    { apiVersion, kind: 'ClusterRole', metadata, rules },
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef: { kind: 'ClusterRole', name: 'use-mi' },
      subjects: [{ kind: 'ServiceAccount', namespace, name }],
    },
  ];
}

/** Custom resources of a scenario, their definitions, and the CSI driver. */
export function operatorObjects({ facts }: FactSet): KubernetesObject[] {
  const custom = CUSTOM.flatMap(([name, resource]) => {
    const fact = facts[name];
    if (!fact || fact.state === 'absent') return [];
    const ref = RESOURCES[resource];
    const items = fact.state === 'present' ? fact.value : [];
    return [
      definition(ref),
      ...items.map((item) => ({ ...item, apiVersion: apiVersionOf(ref), kind: ref.kind })),
    ];
  });
  const groups = facts.apiGroups?.state === 'present' ? facts.apiGroups.value : [];
  const driver = facts.csiDriver?.state === 'present' ? facts.csiDriver.value : null;
  const rules = facts.bindingRules?.state === 'present' ? facts.bindingRules.value : [];
  const account = facts.serviceAccount?.state === 'present' ? facts.serviceAccount.value.metadata : {};
  return [
    ...custom,
    ...(rules.length > 0 ? roleObjects(rules, account?.namespace ?? '', account?.name ?? '') : []),
    ...groups.filter((name) => name.startsWith('aadpodidentity')).map(groupDefinition),
    ...(driver ? [{ ...driver, apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver' }] : []),
  ];
}

/** The rights to custom resources that are missing in a scenario. */
export function operatorRefusals({ facts }: FactSet): { verb: string; resource: string }[] {
  return CUSTOM.flatMap(([name, resource]) =>
    facts[name]?.state === 'unknown' ? [{ verb: 'list', resource }] : [],
  );
}
