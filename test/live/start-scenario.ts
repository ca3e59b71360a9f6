import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CollectedFacts, FactSet, Target } from '../../src/facts.ts';
import {
  startApiServer,
  type ApiServer,
  type ApiServerOptions,
  type KubernetesObject,
} from '../support/api-server.ts';
import { authorityFile } from '../support/certificates.ts';
import { startIssuer, type IssuerServer, type PublishedIssuer, signingKey } from '../support/issuer.ts';
import type { SigningKey } from '../support/signing-key.ts';
import { kubeconfigFor } from '../support/kubeconfig.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { worldOf } from '../scenarios.ts';

/** A scenario as a cluster and an issuer that answer over TLS. */
export interface LiveScenario {
  readonly target: Target;
  readonly api: ApiServer;
  readonly issuer: IssuerServer;
  readonly published: PublishedIssuer | null;
  readonly kubeconfig: string;
  /** `--federated-credentials CLIENT_ID=FILE` for every client id whose credentials the scenario knows. */
  readonly flags: readonly string[];
  readonly hosts: Record<string, { address: string; connect: string }>;
  readonly env: Readonly<Record<string, string>>;
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
  'otherServiceAccounts',
  'webhookConfigurations',
  'webhookDeployments',
  'webhookPods',
  'webhookEndpoints',
] as const satisfies readonly (keyof CollectedFacts)[];

const KINDS: Readonly<
  Partial<Record<(typeof OBJECT_FACTS)[number], readonly [apiVersion: string, kind: string]>>
> = {
  events: ['v1', 'Event'],
  siblings: ['v1', 'Pod'],
  otherServiceAccounts: ['v1', 'ServiceAccount'],
};

function objectsOf({ facts }: FactSet): KubernetesObject[] {
  return OBJECT_FACTS.flatMap((name) => {
    const fact = facts[name];
    if (fact?.state !== 'present') return [];
    const [apiVersion, kind] = KINDS[name] ?? [];
    const values = (Array.isArray(fact.value) ? fact.value : [fact.value]) as KubernetesObject[];
    return values.map(
      (value) => ({ ...(apiVersion ? { apiVersion, kind } : {}), ...value }) as KubernetesObject,
    );
  });
}

function credentialFlags({ clients }: FactSet): string[] {
  const folder = temporaryFolder('credentials');
  return Object.entries(clients).flatMap(([clientId, { federatedCredentials, identity }]) => {
    if (federatedCredentials?.state !== 'present') return [];
    const owner = identity?.state === 'present' ? identity.value : null;
    const scope = `/subscriptions/${owner?.subscription}/resourcegroups/${owner?.resourceGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${owner?.name}`;
    const list = federatedCredentials.value.items.map((credential) => ({
      ...credential,
      ...(owner?.kind === 'user-assigned' && owner.name
        ? { id: `${scope}/federatedIdentityCredentials/${credential.name}` }
        : {}),
    }));
    const file = join(folder, `${clientId.replaceAll(/[^\w-]/g, '_')}.json`);
    writeFileSync(file, JSON.stringify(list));
    return ['--federated-credentials', federatedCredentials.value.anyClientId ? file : `${clientId}=${file}`];
  });
}

export interface LiveOptions extends ApiServerOptions {
  readonly key?: SigningKey;
  /** Starts the scenario from other facts than its own. */
  readonly set?: FactSet;
}

/** Starts the servers that a scenario needs. What the scenario cannot show on a server is left out. */
export async function startScenario(name: string, options: LiveOptions = {}): Promise<LiveScenario> {
  const set = options.set ?? worldOf(name);
  const { apiServerDiscovery, target, discovery } = set.facts;
  const key = options.key ?? signingKey();
  const document = apiServerDiscovery?.state === 'present' ? apiServerDiscovery.value : null;
  const url = typeof document?.issuer === 'string' ? document.issuer : null;
  const api = await startApiServer(
    {
      objects: objectsOf(set),
      signingKey: key,
      ...(url ? { issuer: url } : {}),
      ...(document ? { openidConfiguration: document } : {}),
    },
    options,
  );
  const issuer = await startIssuer();
  const isPublic = url !== null && URL.canParse(url) && url.startsWith('https://');
  const published = isPublic ? issuer.publish(url, { keys: [key] }) : null;
  if (published && discovery?.state !== 'present') issuer.withdraw(url ?? '');
  const hosts = Object.fromEntries(
    Object.entries(issuer.hosts).map(([host, connect]) => [host, { address: '20.42.0.1', connect }]),
  );
  const { path } = kubeconfigFor(api, { name: 'prod' });
  return {
    target:
      target?.state === 'present'
        ? target.value
        : { kind: 'Pod', namespace: 'shop', name: '', context: null },
    api,
    issuer,
    published,
    kubeconfig: path,
    flags: credentialFlags(set),
    hosts,
    env: {
      WI_DOCTOR_TEST_HOSTS: JSON.stringify(hosts),
      NODE_EXTRA_CA_CERTS: pathToFileURL(authorityFile()).pathname,
    },
    async close() {
      await Promise.all([api.close(), issuer.close()]);
    },
  };
}
