import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClockName, Clocks, CollectedFacts, FactSet, Target } from '../../src/facts.ts';
import {
  startApiServer,
  type ApiServerOptions,
  type ClusterWorld,
  type KubernetesObject,
  type ServedCluster,
} from '../support/api-server.ts';
import { startControlPlane } from '../support/control-plane.ts';
import type { ExecWorld } from '../support/kubernetes/exec.ts';
import type { IssuerServer } from '../support/issuer.ts';
import { kubeconfigFor } from '../support/kubeconfig.ts';
import type { HostTarget } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { readScenario, worldOf } from '../worlds.ts';
import { webhookFact } from '../../src/derive/webhook.ts';
import { movedOn, secondsAgo } from './at-present.ts';
import { isReal } from './choose-server.ts';
import { startLiveEntra } from './live-entra.ts';
import { liveErrors } from './live-errors.ts';
import { startLiveTenants } from './live-tenants.ts';
import { startLiveIssuer } from './live-issuer.ts';
import { operatorObjects, operatorRefusals } from './live-operators.ts';
import { keyOf, tokenFlags, withOwnKeys } from './live-token.ts';
import { withReplicaSets } from './live-replica-sets.ts';

/** A scenario as a cluster and an issuer that answer over TLS. */
export interface LiveScenario {
  readonly target: Target;
  readonly api: ServedCluster;
  readonly issuer: IssuerServer;
  /** As the API server states it. */
  readonly issuerUrl: string | null;
  readonly kubeconfig: string;
  /** What a user types to bring the scenario's own options and federated credentials along. */
  readonly flags: readonly string[];
  readonly hosts: Readonly<Record<string, HostTarget>>;
  readonly env: Readonly<Record<string, string>>;
  /** What time it is in the scenario. */
  readonly now: () => Date;
  /** Anything with times of the scenario in it, as its servers have them: a real one cannot be set back. */
  readonly moved: <T>(value: T) => T;
  close(): Promise<void>;
}

const OBJECT_FACTS = [
  'pod',
  'namespace',
  'serviceAccount',
  'node',
  'webhookConfig',
  'owners',
  'events',
  'siblings',
  'accountPods',
  'otherServiceAccounts',
  'webhookConfigurations',
  'webhookDeployments',
  'webhookPods',
  'webhookEndpoints',
] as const satisfies readonly (keyof CollectedFacts)[];

type ObjectFact = (typeof OBJECT_FACTS)[number];

/** Items of lists do not name their kind. */
const KINDS: Readonly<Partial<Record<ObjectFact, readonly [apiVersion: string, kind: string]>>> = {
  events: ['v1', 'Event'],
  siblings: ['v1', 'Pod'],
  accountPods: ['v1', 'Pod'],
  otherServiceAccounts: ['v1', 'ServiceAccount'],
};

/** The right that is missing when a fact is unknown because of a 403. */
const READS: Readonly<Partial<Record<keyof CollectedFacts, readonly [verb: string, resource: string]>>> = {
  namespace: ['get', 'namespaces'],
  serviceAccount: ['get', 'serviceaccounts'],
  node: ['get', 'nodes'],
  webhookConfigurations: ['list', 'mutatingwebhookconfigurations'],
  webhookConfig: ['get', 'configmaps'],
  webhookEndpoints: ['list', 'endpointslices'],
  events: ['list', 'events'],
  owners: ['get', 'replicasets'],
  apiServerDiscovery: ['get', '/.well-known/openid-configuration'],
};

/** Fixtures leave out of these objects what the questions asked for them presuppose. */
function asAsked(name: ObjectFact, value: KubernetesObject, set: FactSet): KubernetesObject {
  const object = value as { metadata?: { labels?: Record<string, string> } };
  const labelled = (labels: Record<string, string>, more: object = {}): KubernetesObject => ({
    ...object,
    metadata: { ...object.metadata, ...more, labels: { ...object.metadata?.labels, ...labels } },
  });
  const pod = set.facts.pod?.state === 'present' ? set.facts.pod.value : null;
  const hash = pod?.metadata?.labels?.['pod-template-hash'];
  if (name === 'siblings' && hash) return labelled({ 'pod-template-hash': hash, ...object.metadata?.labels });
  const webhook = webhookFact(set);
  const service = webhook.state === 'present' ? webhook.value.service : undefined;
  if (name === 'webhookEndpoints' && service) {
    return labelled({ 'kubernetes.io/service-name': service.name }, { namespace: service.namespace });
  }
  return value;
}

/** Every object that the facts hold, as a cluster has it. */
export function objectsOf(set: FactSet): KubernetesObject[] {
  const objects = OBJECT_FACTS.flatMap((name) => {
    const fact = set.facts[name];
    if (fact?.state !== 'present') return [];
    const [apiVersion, kind] = KINDS[name] ?? [];
    const values = (Array.isArray(fact.value) ? fact.value : [fact.value]) as KubernetesObject[];
    return values.map((value) => ({
      ...(apiVersion ? { apiVersion, kind } : {}),
      ...asAsked(name, value, set),
    }));
  });
  return withReplicaSets(set, objects);
}

function refusalsOf({ facts }: FactSet): { verb: string; resource: string }[] {
  return Object.entries(READS).flatMap(([name, [verb, resource]]) =>
    facts[name as keyof CollectedFacts]?.state === 'unknown' ? [{ verb, resource }] : [],
  );
}

/** Writes the credentials of every client id as `az` prints them. */
function credentialFlags({ clients }: FactSet): string[] {
  const folder = temporaryFolder('credentials');
  return Object.entries(clients).flatMap(([clientId, { federatedCredentials, identity }]) => {
    if (federatedCredentials?.state !== 'present') return [];
    const owner = identity?.state === 'present' ? identity.value : null;
    const scope = `/subscriptions/${owner?.subscription}/resourcegroups/${owner?.resourceGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${owner?.name}`;
    const { items, complete, anyClientId } = federatedCredentials.value;
    const value = items.map(({ created, ...item }, index) => {
      const credential = { ...item, ...(created ? { systemData: { createdAt: created } } : {}) };
      if (owner?.kind === 'application')
        return { ...credential, id: `00000000-0000-4000-8000-00000000000${index}` };
      return owner?.kind === 'user-assigned' && owner.name
        ? { ...credential, id: `${scope}/federatedIdentityCredentials/${credential.name}` }
        : credential;
    });
    const file = join(folder, `${clientId.replaceAll(/[^\w-]/g, '_')}.json`);
    writeFileSync(
      file,
      JSON.stringify(complete ? value : { value, nextLink: 'https://management.azure.com/page2' }),
    );
    return ['--federated-credentials', anyClientId ? file : `${clientId}=${file}`];
  });
}

function optionFlags({ facts }: FactSet): string[] {
  const options = facts.options?.state === 'present' ? facts.options.value : null;
  return [
    ...(options?.container ? ['-c', options.container] : []),
    ...(options?.allowPrivateIssuer ? ['--allow-private-issuer'] : []),
  ];
}

export interface LiveOptions extends ApiServerOptions {
  /** Objects besides those of the scenario, or instead of them. */
  readonly objects?: readonly KubernetesObject[];
  /** False leaves process and servers the present time; otherwise each has what its clock shows in the scenario. */
  readonly clock?: boolean;
  /** What commands in containers print. */
  readonly exec?: ExecWorld;
  /** Why this runs on the API server of the tests even where a real one is at hand. */
  readonly ours?: string;
}

/** By how many seconds each clock of a scenario is ahead of the present. */
function clocksOf({ facts: { now, clocks } }: FactSet): Record<ClockName, number> {
  const ahead = now?.state === 'present' ? (Date.parse(now.value) - Date.now()) / 1000 : 0;
  const seen: Clocks = clocks?.state === 'present' ? clocks.value : {};
  const of = (whose: ClockName): number => ahead + (seen[whose] ?? 0);
  return { entra: of('entra'), issuer: of('issuer'), apiServer: of('apiServer'), machine: of('machine') };
}

/** What the API server of a scenario is told at its start. */
function clusterOf(
  set: FactSet,
  logs: Record<string, string>,
  options: LiveOptions,
): readonly [world: ClusterWorld, options: ApiServerOptions] {
  const { apiServerDiscovery, apiServerKeys, apiServerVersion } = set.facts;
  const document = apiServerDiscovery?.state === 'present' ? apiServerDiscovery.value : null;
  const { objects = [], exec, clock: _clock, ours: _ours, ...server } = options;
  return [
    {
      logs,
      objects: [...objectsOf(set), ...operatorObjects(set), ...objects],
      signingKey: keyOf('signing-key-2026'),
      ...(exec ? { exec } : {}),
      ...(typeof document?.issuer === 'string' ? { issuer: document.issuer } : {}),
      ...(document ? { openidConfiguration: document } : {}),
      ...(apiServerVersion?.state === 'present' ? { version: { gitVersion: apiServerVersion.value } } : {}),
      ...(apiServerKeys?.state === 'present' ? { jwks: withOwnKeys(apiServerKeys.value) as object } : {}),
    },
    {
      ...server,
      deny: [...refusalsOf(set), ...operatorRefusals(set), ...(options.deny ?? [])],
    },
  ];
}

function withPatches(
  api: ServedCluster,
  change: (object: KubernetesObject) => KubernetesObject,
): ServedCluster {
  return Object.defineProperties({} as ServedCluster, {
    ...Object.getOwnPropertyDescriptors(api),
    patch: { value: (object: KubernetesObject) => api.patch(change(object)) },
  });
}

function wrongClock({ facts: { clocks } }: FactSet, { clock }: LiveOptions): string | undefined {
  const wrong = clock !== false && clocks?.state === 'present' && (clocks.value.apiServer ?? 0) !== 0;
  return wrong ? 'its clock is wrong' : undefined;
}

/** Starts the servers that a scenario needs. */
export async function startScenario(name: string, options: LiveOptions = {}): Promise<LiveScenario> {
  const written = worldOf(name);
  const { logs } = liveErrors(readScenario(name), written);
  const real = isReal(...clusterOf(written, logs, options), options.ours ?? wrongClock(written, options));
  const seconds = real && options.clock !== false ? secondsAgo(written) : 0;
  const set = movedOn(written, seconds);
  const scenario = movedOn(readScenario(name), seconds);
  const clocks = options.clock === false ? null : clocksOf(set);
  const clock = (whose: ClockName) => (): Date => new Date(Date.now() + (clocks?.[whose] ?? 0) * 1000);
  const [{ issuer, hosts, url }, entra, tenants] = await Promise.all([
    startLiveIssuer(set, clock('issuer')),
    startLiveEntra(set, clock('entra')),
    startLiveTenants(set, clock('entra')),
  ]);
  const errors = liveErrors(scenario, set);
  const [world, server] = clusterOf(set, errors.logs, movedOn(options, seconds));
  const api = real
    ? withPatches(await startControlPlane(world, server), (object) => movedOn(object, seconds))
    : await startApiServer(world, {
        clockSkewSeconds: Math.round(clocks?.apiServer ?? 0),
        ...server,
      });
  const { target } = set.facts;
  return {
    target:
      target?.state === 'present'
        ? target.value
        : { kind: 'Pod', namespace: 'shop', name: '', context: null },
    api,
    issuer,
    issuerUrl: url,
    kubeconfig: kubeconfigFor(api, { name: 'prod' }).path,
    flags: [
      ...credentialFlags(set),
      ...optionFlags(set),
      ...tokenFlags(set),
      ...(entra?.flags ?? []),
      ...errors.flags,
      ...(scenario.failOn ? ['--fail-on', scenario.failOn] : []),
    ],
    hosts: { ...tenants.hosts, ...hosts, ...entra?.hosts },
    now: clock('entra'),
    moved: (value) => movedOn(value, seconds),
    env: clocks
      ? {
          NODE_OPTIONS: `--import=${new URL('./clock.mjs', import.meta.url).href}`,
          WI_DOCTOR_TEST_AHEAD: String(clocks.machine),
        }
      : {},
    async close() {
      await Promise.all([api.close(), issuer.close(), entra?.server.close(), tenants.server.close()]);
    },
  };
}
