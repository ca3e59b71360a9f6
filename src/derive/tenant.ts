import type { FactSet } from '../collected-facts.ts';
import { absent, present, unknown, type Fact } from '../fact.ts';
import type { TenantRecord } from '../sources/tenants/types.ts';
import { isGuid } from './annotations.ts';
import type { SignIn } from './sign-ins.ts';

const DOMAIN = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i;

/** AADSTS numbers that say that there is no such tenant where it was asked for. */
export const TENANT_NOT_FOUND: ReadonlySet<number> = new Set([90002, 900023, 900021, 90019, 50059, 50128]);

/** Why a text can be no tenant; null if it can. */
export function tenantProblem(tenant: string): string | null {
  if (tenant === '') return 'empty';
  if (/^[0-]+$/.test(tenant)) return 'the empty GUID';
  return isGuid(tenant) || DOMAIN.test(tenant) ? null : 'neither a tenant id nor a domain name';
}

/**
 * What a sign-in names as its tenant, and where it goes with it; null where one of them is not known. A program that
 * is given no authority host may name one itself.
 */
export function tenantQuestion({
  tenantId,
  authorityHost,
}: SignIn): { readonly authority: string; readonly tenant: string } | null {
  if (tenantId.state !== 'known' || authorityHost.state !== 'known') return null;
  if (authorityHost.from === 'default') return null;
  return { authority: authorityHost.value, tenant: tenantId.value };
}

/** What Entra publicly says of the tenant of one sign-in; absent where nobody asked for it. */
export function tenantFact(signIn: SignIn, { facts }: FactSet): Fact<TenantRecord> {
  const { tenants = absent('Entra was not asked about tenants') } = facts;
  if (tenants.state !== 'present') return tenants;
  const { authority, tenant } = tenantQuestion(signIn) ?? { authority: '', tenant: '' };
  const host = URL.canParse(authority) ? new URL(authority).hostname : '';
  const record = tenants.value.find((one) => one.host === host && one.tenant === tenant);
  if (!record) return absent('Entra was not asked about this tenant');
  const { answer } = record;
  return answer.kind === 'unseen' ? unknown(answer.reason) : present(record, `https://${host}`);
}
