type Labels = Readonly<Record<string, string>>;
type Json = Readonly<Record<string, unknown>>;

export const LABEL: Labels = { 'azure.workload.identity/use': 'true' };
const APP: Labels = { app: 'web' };
const CLIENT_ID = '11111111-1111-4111-8111-111111111111';

/** How a controller of the tests is written. */
export interface ControllerOptions {
  readonly kind?: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'ReplicaSet' | 'Job' | 'CronJob';
  readonly name?: string;
  readonly metadata?: Json;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly podSpec?: Json;
  readonly spec?: Json;
  readonly status?: Json;
}

function uidOf(kind: string, name: string): string {
  const digits = Array.from(`${kind}/${name}`).reduce(
    (sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 0xffffffff,
    7,
  );
  return `bbbbbbbb-0000-4000-8000-${digits.toString(16).padStart(12, '0')}`;
}

function apiVersionOf(kind: string): string {
  return kind === 'Job' || kind === 'CronJob' ? 'batch/v1' : 'apps/v1';
}

/** A reference to the controller of an object. */
export function ownedBy(kind: string, name: string): Json {
  return {
    ownerReferences: [
      { apiVersion: apiVersionOf(kind), kind, name, uid: uidOf(kind, name), controller: true },
    ],
  };
}

function templateOf({ labels = LABEL, annotations, podSpec }: ControllerOptions): Json {
  return {
    metadata: { labels: { ...APP, ...labels }, ...(annotations ? { annotations } : {}) },
    spec: { serviceAccountName: 'web', containers: [{ name: 'app', image: 'web:2' }], ...podSpec },
  };
}

/** A controller in namespace shop whose template is labelled and runs as service account web. */
export function controller(options: ControllerOptions = {}): Json {
  const { kind = 'Deployment', name = 'web', metadata, spec, status } = options;
  const template = templateOf(options);
  const own =
    kind === 'CronJob'
      ? { schedule: '0 3 * * *', jobTemplate: { spec: { template } } }
      : { ...(kind === 'Job' ? {} : { replicas: 2 }), selector: { matchLabels: APP }, template };
  return {
    apiVersion: apiVersionOf(kind),
    kind,
    metadata: {
      name,
      namespace: 'shop',
      uid: uidOf(kind, name),
      // Controllers copy the labels of their template to what they make.
      ...(kind === 'ReplicaSet' || kind === 'Job' ? { labels: APP } : {}),
      ...metadata,
    },
    spec: { ...own, ...spec },
    ...(status ? { status } : {}),
  };
}

/** How a pod of the tests is written. */
export interface PodOptions {
  readonly name: string;
  readonly owner?: readonly [kind: string, name: string];
  readonly created?: string;
  readonly labels?: Labels;
  readonly injected?: boolean;
  readonly clientId?: string;
  readonly phase?: string;
  /** Signs in through the token proxy of an identity binding. */
  readonly bound?: boolean;
  readonly metadata?: Json;
  readonly spec?: Json;
}

const VOLUME = 'azure-identity-token';
const FOLDER = '/var/run/secrets/azure/tokens';

/** A pod in namespace shop; injected by webhook 1.5.1 unless told otherwise. */
export function pod(options: PodOptions): Json {
  const {
    name,
    owner,
    created = '2026-11-20T08:00:00Z',
    labels = LABEL,
    injected = true,
    phase,
    bound = false,
  } = options;
  const env = [
    ['AZURE_CLIENT_ID', options.clientId ?? CLIENT_ID],
    ['AZURE_TENANT_ID', '22222222-2222-4222-8222-222222222222'],
    ['AZURE_FEDERATED_TOKEN_FILE', `${FOLDER}/${VOLUME}`],
    ['AZURE_AUTHORITY_HOST', 'https://login.microsoftonline.com/'],
    ...(bound ? [['AZURE_KUBERNETES_TOKEN_PROXY', 'https://proxy.example']] : []),
  ].map(([variable, value]) => ({ name: variable, value }));
  const token = {
    audience: bound ? 'api://AKSIdentityBinding' : 'api://AzureADTokenExchange',
    expirationSeconds: 3600,
    path: VOLUME,
  };
  const given = injected ? { env, volumeMounts: [{ name: VOLUME, mountPath: FOLDER, readOnly: true }] } : {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'shop',
      creationTimestamp: created,
      labels: { ...APP, ...labels },
      ...(owner ? ownedBy(...owner) : {}),
      ...options.metadata,
    },
    spec: {
      serviceAccountName: 'web',
      nodeName: 'aks-apps-12345678-vmss000001',
      containers: [{ name: 'app', image: 'web:2', ...given }],
      ...(injected
        ? { volumes: [{ name: VOLUME, projected: { sources: [{ serviceAccountToken: token }] } }] }
        : {}),
      ...options.spec,
    },
    status: { phase: phase ?? 'Running' },
  };
}

/** The event of a controller that could not create its pod. */
export function failedCreate(kind: string, name: string, message: string): Json {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.1`, namespace: 'shop' },
    type: 'Warning',
    reason: 'FailedCreate',
    message: `Error creating: ${message}`,
    lastTimestamp: '2026-11-20T09:20:00Z',
    involvedObject: { apiVersion: apiVersionOf(kind), kind, name, namespace: 'shop' },
  };
}
