import type {
  ReportCheck,
  ReportContainer,
  ReportEvidence,
  ReportFinding,
  ReportLink,
} from '../../src/report.ts';

export const ISSUER: string =
  'https://eastus.oic.prod-aks.azure.com/22222222-2222-4222-8222-222222222222/33333333-3333-4333-8333-333333333333/';
const CLIENT_ID = '11111111-1111-4111-8111-111111111111';

export function check(
  id: string,
  title: string,
  status: ReportCheck['status'] = 'pass',
  reason: string | null = null,
): ReportCheck {
  return { id, title, status, reason };
}

const LINKS: readonly ReportLink['link'][] = [
  'pod',
  'serviceAccount',
  'webhook',
  'token',
  'issuer',
  'federatedCredential',
  'identity',
  'exchange',
];

/** A chain in the notation `✔✔✔✖···?`. */
export function chain(states: string): ReportLink[] {
  const meaning = { '✔': 'ok', '✖': 'broken', '?': 'unknown', '·': 'not-reached' } as const;
  return LINKS.map((link, index) => ({
    link,
    state: meaning[states[index] as keyof typeof meaning],
    detail: '',
  }));
}

export function container(name: string): ReportContainer {
  return {
    name,
    effective: {
      clientId: { value: CLIENT_ID, from: 'webhook' },
      tenantId: { value: null, from: 'unknown', reason: 'it comes from ConfigMap azure, which was not read' },
      tokenFile: { value: '/var/run/secrets/azure/tokens/azure-identity-token', from: 'webhook' },
      authorityHost: { value: 'https://login.microsoftonline.com/', from: 'default' },
      audience: { value: 'api://AzureADTokenExchange', from: 'volume' },
      expirationSeconds: { value: null, from: null },
    },
  };
}

export function evidence(
  observed: string,
  expected: string | null,
  more: Partial<ReportEvidence> = {},
): ReportEvidence {
  return {
    source: 'azure: federated credentials',
    path: 'properties.subject',
    observed,
    expected,
    difference: null,
    ...more,
  };
}

const CREATE = `az identity federated-credential create --name shop-web --identity-name orders-mi -g shop-rg --issuer ${ISSUER} --subject system:serviceaccount:shop:web --audiences api://AzureADTokenExchange`;

export const FINDING: ReportFinding = {
  code: 'FIC-05',
  check: 'federated-credential/subject',
  status: 'fail',
  role: 'root',
  explainedBy: [],
  subject: { kind: 'FederatedIdentityCredential', name: 'web-fed', container: null },
  title: 'The subject of web-fed is for service account web-sa instead of web',
  message:
    'No federated credential of orders-mi accepts subject system:serviceaccount:shop:web; web-fed has system:serviceaccount:shop:web-sa.',
  evidence: [
    evidence('system:serviceaccount:shop:web-sa', 'system:serviceaccount:shop:web', {
      difference: 'is for service account web-sa instead of web',
      labels: { observed: 'web-fed', expected: 'token' },
    }),
  ],
  counterfactual: null,
  aadsts: [700213, 70021],
  fix: [
    {
      command: CREATE,
      why: 'web-fed may still serve its own subject, so it is left as it is',
      actor: 'Entra admin',
      restarts: false,
    },
  ],
  verify: 'wi-doctor pod web-7d9f-x2k4q -n shop --exchange',
  docs: 'checks/federated-credential/subject.md',
};
