import type { FactSet } from '../collected-facts.ts';
import { absent, present, unknown, type Fact } from '../fact.ts';
import type { TenantRecord } from '../sources/tenants/types.ts';
import type { SignIn } from './sign-ins.ts';

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
