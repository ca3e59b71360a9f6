import type { SignIn } from '../../derive/sign-ins.ts';
import type { Fact } from '../../fact.ts';
import type { ConfigMap, ServiceAccount } from '../../kubernetes/types.ts';
import type { Sought } from './client-look.ts';

const TENANT_ID = 'azure.workload.identity/tenant-id';

/** What the cluster says about the sign-ins whose identities are to be looked up. */
export interface SignInEvidence {
  readonly signIns: Fact<readonly SignIn[]>;
  readonly serviceAccount: Fact<ServiceAccount> | undefined;
  readonly webhookConfig: Fact<ConfigMap> | undefined;
  readonly issuer: Fact<string>;
  /** Subject of every token of the workload. */
  readonly subject: string;
}

function known(value: SignIn['tenantId'] | undefined): string | null {
  return value?.state === 'known' && value.value.trim() !== '' ? value.value.trim() : null;
}

/** The tenant that a pod of the service account is sent to when it is created next. */
function nextTenant({ serviceAccount, webhookConfig }: SignInEvidence): string | null {
  const annotated =
    serviceAccount?.state === 'present' ? serviceAccount.value.metadata?.annotations?.[TENANT_ID] : undefined;
  const usual =
    webhookConfig?.state === 'present' ? webhookConfig.value.data?.['AZURE_TENANT_ID'] : undefined;
  return annotated || usual || null;
}

/** Each client id with the tenant, issuer, subject and audience of the sign-in that uses it. */
export function soughtClients(clientIds: readonly string[], evidence: SignInEvidence): Sought[] {
  const { signIns, issuer, subject } = evidence;
  const all = signIns.state === 'present' ? signIns.value : [];
  return clientIds.map((clientId) => {
    const own = all.find((signIn) => signIn.clientId.state === 'known' && signIn.clientId.value === clientId);
    return {
      clientId,
      tenant: own ? known(own.tenantId) : nextTenant(evidence),
      issuer: issuer.state === 'present' ? issuer.value : null,
      subject: own?.subject ?? subject,
      audience: known(own?.audience),
    };
  });
}

/** The authority host that the pod was given; null where it was given none and signs in at the usual one. */
export function givenAuthority(signIns: Fact<readonly SignIn[]>): string | null {
  const all = signIns.state === 'present' ? signIns.value : [];
  const hosts = all.flatMap(({ authorityHost }) =>
    authorityHost.state === 'known' && authorityHost.from !== 'default' ? [authorityHost.value] : [],
  );
  return hosts[0] ?? null;
}
