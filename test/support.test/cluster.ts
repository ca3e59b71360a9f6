import type { KubernetesObject } from '../support/api-server.ts';

const POD_UID = '4efd9cc2-518c-451b-978e-d0ffda814a7f';

/** A small cluster: two pods of one service account, a deployment, a node. */
export const CLUSTER: KubernetesObject[] = [
  object('v1', 'Namespace', 'demo'),
  object('v1', 'Namespace', 'other'),
  object('v1', 'Node', 'node-1'),
  object('v1', 'ServiceAccount', 'workload-sa', 'demo'),
  object('v1', 'ServiceAccount', 'default', 'demo'),
  {
    ...object('v1', 'Pod', 'app', 'demo'),
    metadata: {
      name: 'app',
      namespace: 'demo',
      uid: POD_UID,
      labels: {
        app: 'web',
        tier: 'front',
      },
    },
    spec: {
      serviceAccountName: 'workload-sa',
      nodeName: 'node-1',
      containers: [
        {
          name: 'app',
          image: 'a:1',
        },
      ],
    },
  },
  {
    ...object('v1', 'Pod', 'app-two', 'demo'),
    metadata: {
      name: 'app-two',
      namespace: 'demo',
      labels: { app: 'web' },
    },
    spec: {
      serviceAccountName: 'workload-sa',
      containers: [{ name: 'app' }, { name: 'sidecar' }],
    },
  },
  {
    ...object('v1', 'Pod', 'zeta', 'other'),
    spec: { containers: [{ name: 'app' }] },
  },
  object('apps/v1', 'Deployment', 'web', 'demo'),
  {
    ...object('v1', 'Event', 'app.17a1', 'demo'),
    involvedObject: {
      kind: 'Pod',
      name: 'app',
      uid: POD_UID,
    },
    reason: 'FailedMount',
    type: 'Warning',
  },
  {
    ...object(
      'apiextensions.k8s.io/v1',
      'CustomResourceDefinition',
      'secretproviderclasses.secrets-store.csi.x-k8s.io',
    ),
    spec: {
      group: 'secrets-store.csi.x-k8s.io',
      scope: 'Namespaced',
      names: {
        plural: 'secretproviderclasses',
        kind: 'SecretProviderClass',
      },
      versions: [
        {
          name: 'v1',
          served: true,
        },
      ],
    },
  },
  {
    ...object('secrets-store.csi.x-k8s.io/v1', 'SecretProviderClass', 'vault', 'demo'),
    spec: { provider: 'azure' },
  },
];

function object(apiVersion: string, kind: string, name: string, namespace?: string): KubernetesObject {
  return { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } };
}

export { POD_UID };
