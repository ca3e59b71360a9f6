import {
  annotationOf,
  clientIdSource,
  cloudOfAuthority,
  defineCheck,
  envRemedy,
  execCommand,
  isGuid,
  mendEnvCommand,
  TENANT_ID_KEY,
  tenantProblem,
  twinEvidence,
} from '../../src/check.ts';
import type { Check, EffectiveValue } from '../../src/check.ts';

const PUBLIC_HOST = 'https://login.microsoftonline.com/';
/** The hosts the webhook sets, by its AZURE_ENVIRONMENT. */
const HOSTS: Readonly<Record<string, string>> = {
  AzureUSGovernmentCloud: 'https://login.microsoftonline.us/',
  AzureChinaCloud: 'https://login.chinacloudapi.cn/',
};

/**
 * Why a program would not, or must not, sign in at an authority; null if it may.
 *
 * @param vouched Host that the user named for it.
 */
function authorityProblem(authority: string, vouched: string | null): string | null {
  if (authority === '') return 'empty';
  const { protocol, hostname, host, port } = URL.canParse(authority)
    ? new URL(authority)
    : { protocol: '', hostname: '', host: '', port: '' };
  if (protocol !== 'https:') return 'no https URL';
  if (host === vouched) return null;
  return port !== '' || cloudOfAuthority(hostname) === null ? 'no sign-in host of Microsoft Entra ID' : null;
}

/** The value the manifest gave; what the webhook set is judged with the webhook. */
function preset(value: EffectiveValue): string | null {
  return value.state === 'known' && (value.from === 'env' || value.from === 'unknown') ? value.value : null;
}

const mend = {
  command: '{mend}',
  why: 'gives the container the tenant and the authority host of the cluster',
  actor: 'developer',
  restarts: true,
} as const;

const check: Check = defineCheck({
  id: 'pod/authority',
  title: 'the tenant and the authority host of the container can be used',
  link: 'pod',
  stage: 'values',
  per: 'container',
  restsOn: 'always',
  needs: ['workload', 'container', 'options'],
  orUnknown: ['serviceAccount', 'webhookConfig', 'siblings', 'accountPods', 'clients'],
  sources: [
    'https://github.com/Azure/azure-workload-identity/blob/v1.6.0/pkg/webhook/webhook.go',
    'https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud',
  ],
  outcomes: {
    usable: { status: 'pass', says: 'Container {container} signs in at {authority} in tenant {tenant}.' },
    otherTenant: {
      status: 'info',
      code: 'POD-08',
      title: 'The tenant is set by hand',
      says: 'Container {container} sets AZURE_TENANT_ID to {tenant} itself instead of {default}, which is right if its identity lives in that tenant.',
    },
    againstAnnotation: {
      status: 'fail',
      code: 'POD-08',
      title: 'The tenant of the manifest is not that of the service account',
      says: 'Container {container} sets AZURE_TENANT_ID to {tenant} itself, but takes the client id of service account {serviceAccount}, which belongs to tenant {default} by its annotation.',
      aadsts: [90002, 900023, 700016],
      whatIf: '{remedy}',
      fix: [mend],
    },
    privateCloud: {
      status: 'info',
      code: 'POD-08',
      title: 'The authority host is that of a private cloud',
      says: 'Container {container} signs in at {authority}, which is no host of a public Azure cloud.',
    },
    unusable: {
      status: 'fail',
      code: 'POD-08',
      title: 'The tenant or the authority host cannot be used',
      says: 'Container {container} sets {settings}.',
      aadsts: [90002, 900023, 900021, 700016],
      whatIf: '{remedy}',
      fix: [mend],
    },
  },
  run(facts, say) {
    const { workload, container, options, serviceAccount, webhookConfig, clients } = facts;
    const { siblings, accountPods } = facts;
    const { name, effective, wiring } = container;
    if (wiring.state !== 'wired') return say.skip('the container has no token');
    const { tenantId, authorityHost } = effective;
    const hidden = [authorityHost, tenantId].find(({ state }) => state === 'unknown');
    const tenant = preset(tenantId);
    // Whoever set a foreign host, no token may go there.
    const authority = authorityHost.state === 'known' ? authorityHost.value : null;
    const tenantFault = tenant === null ? null : tenantProblem(tenant);
    const authorityFault =
      authority === null ? null : authorityProblem(authority, options.authorityHost ?? null);
    const annotation =
      serviceAccount.state === 'present' ? annotationOf(serviceAccount.value, TENANT_ID_KEY) : undefined;
    const config = webhookConfig.state === 'present' ? (webhookConfig.value.data ?? {}) : {};
    const standard = annotation ?? config['AZURE_TENANT_ID'];
    const host = HOSTS[config['AZURE_ENVIRONMENT'] ?? ''] ?? PUBLIC_HOST;
    const words = {
      container: name,
      tenant: tenantId.state === 'known' ? tenantId.value : 'of its own choice',
      authority: authorityHost.state === 'known' ? authorityHost.value : host,
      default: standard ?? '',
    };
    const path = `spec.containers[${name}].env`;
    // An air-gapped cloud has hosts of its own, and its user says so.
    const foreign = authorityFault !== null && authority !== '' && authority?.startsWith('https://');
    if (foreign && options.allowPrivateIssuer && tenantFault === null)
      return say('privateCloud', words, {
        evidence: [{ fact: 'container', path: `${path}.AZURE_AUTHORITY_HOST`, observed: words.authority }],
      });
    const faults = [
      { variable: 'AZURE_AUTHORITY_HOST', value: authority, fault: authorityFault, good: host },
      { variable: 'AZURE_TENANT_ID', value: tenant, fault: tenantFault, good: standard ?? 'TENANT_ID' },
    ].flatMap(({ fault, ...setting }) => (fault === null ? [] : [{ ...setting, fault }]));
    if (faults.length > 0) {
      const settings = faults.map(({ variable, value, fault }) =>
        value === '' ? `${variable} to an empty value` : `${variable} to ${value ?? ''}, which is ${fault}`,
      );
      const right = Object.fromEntries(faults.map(({ variable, good }) => [variable, good]));
      const { remedy, change } = envRemedy(workload, name, right);
      return say(
        'unusable',
        { ...words, settings: settings.join(', and '), mend: mendEnvCommand(workload, name, right), remedy },
        {
          ...(faults.some(({ good }) => good === 'TENANT_ID') ? {} : { change }),
          evidence: faults.flatMap(({ variable, value, good }) => [
            {
              fact: 'container',
              path: `${path}.${variable}`,
              observed: value === '' ? '(empty)' : (value ?? ''),
              expected: good,
              labels: { observed: 'env', expected: 'default' },
            },
            ...twinEvidence(
              workload,
              { siblings, accountPods },
              name,
              `${variable}=${value ?? ''}`,
              (other) => (other.env(variable) === good ? `${variable}=${good}` : null),
            ),
          ]),
        },
      );
    }
    if (hidden?.state === 'unknown')
      return say.unknown(
        hidden.reason,
        execCommand(workload, name, 'printenv AZURE_TENANT_ID AZURE_AUTHORITY_HOST'),
      );
    if (tenant === null || standard === undefined || tenant.toLowerCase() === standard.toLowerCase())
      return say('usable', words);
    const evidence = [
      {
        fact: 'container',
        path: `${path}.AZURE_TENANT_ID`,
        observed: tenant,
        expected: standard,
        labels: { observed: 'env', expected: annotation === undefined ? 'webhook' : 'annotation' },
      },
    ] as const;
    const { clientId } = effective;
    const looked = clients.state === 'present' && clientId.state === 'known';
    const identity = looked ? clients.value.get(clientId.value)?.identity : undefined;
    // Who knows the home of the identity judges by that; an application may be used in many tenants.
    const seen =
      identity?.state === 'present' &&
      (typeof identity.value.tenantId === 'string' || identity.value.kind === 'application');
    const contradicts =
      tenantId.state === 'known' &&
      tenantId.from === 'env' &&
      isGuid(tenant) &&
      isGuid(annotation ?? '') &&
      clientIdSource(container) === 'annotation' &&
      // The tenant of the cluster may be right, and the annotation be what is wrong.
      tenant.toLowerCase() !== config['AZURE_TENANT_ID']?.toLowerCase();
    if (seen || !contradicts) return say('otherTenant', words, { evidence });
    const right = { AZURE_TENANT_ID: standard };
    const { remedy, change } = envRemedy(workload, name, right);
    const given = {
      serviceAccount: workload.serviceAccountName,
      mend: mendEnvCommand(workload, name, right),
    };
    return say('againstAnnotation', { ...words, ...given, remedy }, { change, evidence });
  },
});
export default check;
