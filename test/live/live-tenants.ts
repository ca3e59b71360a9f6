import type { FactSet } from '../../src/collected-facts.ts';
import type { TenantRecord } from '../../src/sources/tenants/types.ts';
import { cloudOf, CLOUDS } from '../support/azure/clouds.ts';
import type { Cloud } from '../support/azure/world.ts';
import { tenantConfiguration } from '../support/entra/metadata.ts';
import type { Reply } from '../support/faults.ts';
import { startHttpsServer, type LoopbackServer } from '../support/https-server.ts';

const HOSTS = (Object.keys(CLOUDS) as Cloud[]).flatMap((cloud) => CLOUDS[cloud].authorities);

function replyTo(host: string, tenant: string, record: TenantRecord | undefined): Reply {
  if (record?.answer.kind === 'not-found') {
    const [code] = record.answer.codes;
    const body = {
      error: 'invalid_tenant',
      error_description: `AADSTS${code}: Tenant '${tenant}' not found. Trace ID: 1`,
      error_codes: [code],
    };
    return { status: 400, body: JSON.stringify(body) };
  }
  const cloud = record?.answer.kind === 'known' ? record.answer.cloud : (cloudOf(host) ?? 'public');
  const { cloud_instance_name: name, ...document } = tenantConfiguration(host, {
    id: tenant,
    cloud: cloud ?? 'public',
  }) as Record<string, unknown>;
  return {
    status: 200,
    body: JSON.stringify({ ...document, ...(cloud === null ? {} : { cloud_instance_name: name }) }),
  };
}

/** The sign-in hosts of Entra, as far as they tell about tenants: what a scenario does not say is in order. */
export async function startLiveTenants(
  { facts }: FactSet,
  now: () => Date,
): Promise<{ readonly server: LoopbackServer; readonly hosts: Readonly<Record<string, string>> }> {
  const records = facts.tenants?.state === 'present' ? facts.tenants.value : [];
  // A scenario in which nobody saw Entra's clock goes on without it.
  const seen = facts.clocks?.state !== 'present' || facts.clocks.value.entra !== undefined;
  const server = await startHttpsServer({
    now,
    describe: (status) => ({ status }),
    handle: ({ host, path }) => {
      const [, tenant = ''] = /^\/([^/]+)\/v2\.0\/\.well-known\/openid-configuration$/.exec(path) ?? [];
      if (tenant === '') return { status: 404 };
      const record = records.find((one) => one.host === host && one.tenant === decodeURIComponent(tenant));
      const reply = replyTo(host, tenant, record);
      const headers = { 'content-type': 'application/json', ...(seen ? {} : { date: '' }) };
      return { ...reply, headers };
    },
  });
  const silent = new Set(records.filter(({ answer }) => answer.kind === 'unseen').map(({ host }) => host));
  const hosts = HOSTS.map((host) => [host, silent.has(host) ? 'ECONNREFUSED' : server.address] as const);
  return { server, hosts: Object.fromEntries(hosts) };
}
