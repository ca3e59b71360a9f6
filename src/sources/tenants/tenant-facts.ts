import { cloudOfAuthority } from '../../authority-hosts.ts';
import type { CollectedFacts } from '../../collected-facts.ts';
import type { SignIn } from '../../derive/sign-ins.ts';
import { tenantProblem, tenantQuestion } from '../../derive/tenant.ts';
import { absent, present, type Fact } from '../../fact.ts';
import type { ClockWatch } from '../clocks.ts';
import type { Environment } from '../outbound-proxy.ts';
import type { TenantRecord } from './types.ts';

/** A pod signs in to one tenant, some to two; more is none of a pod's. */
const MOST_TENANTS = 4;

/** Where to ask for which tenant; nothing for a host that is not Entra's, or for what can be no tenant. */
function questionOf(signIn: SignIn): { readonly host: string; readonly tenant: string }[] {
  const { authority, tenant } = tenantQuestion(signIn) ?? { authority: '', tenant: '' };
  if (signIn.mode === 'identity-binding' || tenantProblem(tenant) !== null || !URL.canParse(authority))
    return [];
  const { protocol, hostname, port } = new URL(authority);
  return protocol === 'https:' && port === '' && cloudOfAuthority(hostname) !== null
    ? [{ host: hostname, tenant }]
    : [];
}

/** What Entra publicly says of the tenants of all sign-ins. */
export async function tenantFacts(
  signIns: Fact<readonly SignIn[]>,
  env: Environment,
  clocks: ClockWatch,
): Promise<{ readonly tenants: Fact<CollectedFacts['tenants']> }> {
  const asked = signIns.state === 'present' ? signIns.value.flatMap(questionOf) : [];
  const questions = [...new Map(asked.map((one) => [`${one.host} ${one.tenant}`, one])).values()];
  if (questions.length === 0)
    return { tenants: absent('no sign-in names a tenant that Entra can be asked about') };
  const { askTenant } = await import('./ask-tenant.ts');
  const records = await Promise.all(
    questions.slice(0, MOST_TENANTS).map(async ({ host, tenant }): Promise<TenantRecord> => ({
      host,
      tenant,
      answer: await askTenant(host, tenant, env, (time) => clocks.see('entra', time)),
    })),
  );
  return { tenants: present(records, 'entra: public documents of tenants') };
}
