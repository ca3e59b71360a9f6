import type { Report } from '../../src/report.ts';
import { reportIn } from '../live/diagnose-live.ts';
import { startScenario, type LiveOptions, type LiveScenario } from '../live/start-scenario.ts';
import { type Azure, type AzureOptions, type AzureWorld, startAzure } from '../support/azure.ts';
import { type Entra, type EntraOptions, startEntra } from '../support/entra.ts';
import { runCli, type RunOptions, type RunResult } from '../support/run-cli.ts';

export const TENANT = '22222222-2222-4222-8222-222222222222';
export const OTHER_TENANT = '22222222-2222-4222-8222-00000000000b';
export const SUBSCRIPTION = '44444444-4444-4444-8444-444444444444';
export const CLIENT = '11111111-1111-4111-8111-111111111111';
export const PRINCIPAL = '55555555-5555-4555-8555-555555555555';
export const SUBJECT = 'system:serviceaccount:shop:web';
export const ISSUER = `https://eastus.oic.prod-aks.azure.com/${TENANT}/33333333-3333-4333-8333-333333333333/`;
export const GROUP = `/subscriptions/${SUBSCRIPTION}/resourcegroups/shop-rg`;
export const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/orders-mi`;
export const CLUSTER = `/subscriptions/${SUBSCRIPTION}/resourceGroups/shop-rg/providers/Microsoft.ContainerService/managedClusters/prod`;

/** Whoever runs wi-doctor. */
export const READER = '77777777-7777-4777-8777-777777777777';
export const SECRET = 'Zq8Q~the-secret-of-whoever-runs-the-tests';

type Identities = NonNullable<AzureWorld['tenants'][number]['identities']>;

export function ordersIdentity(change: Partial<Identities[number]> = {}): Identities[number] {
  return {
    name: 'orders-mi',
    subscriptionId: SUBSCRIPTION,
    resourceGroup: 'shop-rg',
    clientId: CLIENT,
    principalId: PRINCIPAL,
    federatedCredentials: [
      { name: 'web-fed', issuer: ISSUER, subject: SUBJECT, createdAt: '2026-03-02T11:00:00Z' },
    ],
    ...change,
  };
}

export const READER_APPLICATION = {
  appId: READER,
  id: '77777777-7777-4777-8777-000000000001',
  displayName: 'reader',
  secrets: [SECRET],
};

/** The Azure in which the healthy pod can sign in. */
export function azureWorld(change: Partial<AzureWorld> = {}): AzureWorld {
  return {
    tenants: [{ id: TENANT, identities: [ordersIdentity()], applications: [READER_APPLICATION] }],
    subscriptions: [{ id: SUBSCRIPTION, tenantId: TENANT }],
    clusters: [
      {
        name: 'prod',
        subscriptionId: SUBSCRIPTION,
        resourceGroup: 'shop-rg',
        workloadIdentity: true,
        oidcIssuer: { enabled: true, issuerUrl: ISSUER },
      },
    ],
    ...change,
  };
}

/** One tenant with these identities and the reader's own application. */
export function withIdentities(...identities: Identities): AzureWorld {
  return azureWorld({ tenants: [{ id: TENANT, identities, applications: [READER_APPLICATION] }] });
}

/** The environment of a caller who signs in with a client secret. */
export const SECRET_SIGN_IN = {
  AZURE_TENANT_ID: TENANT,
  AZURE_CLIENT_ID: READER,
  AZURE_CLIENT_SECRET: SECRET,
};

export interface AzureRun extends RunOptions {
  /** Another pod than that of the scenario. */
  readonly name?: string;
}

export interface AzureScenario {
  readonly live: LiveScenario;
  readonly entra: Entra;
  readonly azure: Azure;
  /** `wi-doctor pod` with the caller's sign-in; nothing comes from a file of credentials. */
  run(args?: readonly string[], options?: AzureRun): Promise<RunResult>;
  /** The same with `-o json`. */
  diagnose(args?: readonly string[], options?: AzureRun): Promise<RunResult & { report: Report }>;
  close(): Promise<void>;
}

export interface ScenarioOptions {
  readonly scenario?: string;
  readonly live?: LiveOptions;
  readonly entra?: EntraOptions;
  readonly azure?: Omit<AzureOptions, 'entra'>;
}

function withoutCredentialFiles(flags: readonly string[]): string[] {
  return flags.filter(
    (flag, index) => flag !== '--federated-credentials' && flags[index - 1] !== '--federated-credentials',
  );
}

/** A cluster, its issuer, and an Azure to look things up in. */
export async function startAzureScenario(
  world: AzureWorld = azureWorld(),
  options: ScenarioOptions = {},
): Promise<AzureScenario> {
  const live = await startScenario(options.scenario ?? 'healthy', options.live);
  const entra = await startEntra(world, { issuers: live.hosts, now: live.now, ...options.entra });
  const azure = await startAzure(world, { entra, now: live.now, ...options.azure });
  const { namespace } = live.target;
  const run: AzureScenario['run'] = (args = [], { env, hosts, name = live.target.name, ...more } = {}) =>
    runCli(['pod', name, '-n', namespace, ...withoutCredentialFiles(live.flags), ...args], {
      kubeconfig: live.kubeconfig,
      hosts: { ...(live.hosts as RunOptions['hosts']), ...entra.hosts, ...azure.hosts, ...hosts },
      env: { ...live.env, ...(env ?? SECRET_SIGN_IN) },
      ...more,
    });
  return {
    live,
    entra,
    azure,
    run,
    async diagnose(args = [], more = {}) {
      const result = await run([...args, '-o', 'json'], more);
      return { ...result, report: reportIn(result) };
    },
    async close() {
      await Promise.all([live.close(), entra.close(), azure.close()]);
    },
  };
}

/** What a test compares of a report. */
export function seenIn(report: Report): object {
  return {
    verdict: report.verdict,
    rootCauses: report.rootCauses,
    unknown: report.checks.filter(({ status }) => status === 'unknown').map(({ id }) => id),
  };
}

/** Why a check could not answer. */
export function reasonOf(report: Report, id: string): string | null {
  return report.checks.find((check) => check.id === id)?.reason ?? null;
}

/** Anything in a text that nobody but the caller may see. */
export function secretsIn(text: string): string[] {
  const forms = [/eyJ[\w-]{10,}\.[\w-]{10,}/, /bearer\s+\S/i, /"?authorization"?\s*[:=]/i];
  return [
    ...(text.includes(SECRET) ? [SECRET] : []),
    ...forms.flatMap((form) => {
      const found = form.exec(text)?.[0];
      return found === undefined ? [] : [found];
    }),
  ];
}
