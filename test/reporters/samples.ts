import type { Report, ReportFinding } from '../../src/report.ts';
import { chain, check, container, evidence, FINDING, ISSUER } from './sample-parts.ts';

// Reports written by hand, so that a change of any check leaves the pictures of the screen alone.

const FINE = [
  check('pod/label', 'the pod carries the label that the webhook looks for'),
  check('pod/injected', 'the webhook gave the pod its token'),
  check('service-account/exists', "the pod's service account exists"),
  check('token/audience', 'the token is meant for a token exchange with Entra'),
];

const WRONG_SUBJECT: Report = {
  schemaVersion: 'wi-doctor.report/v1',
  tool: { name: 'wi-doctor', version: '0.0.0' },
  target: { kind: 'Pod', namespace: 'shop', name: 'web-7d9f-x2k4q', context: 'prod' },
  verdict: 'problem',
  headline:
    'shop/web-7d9f-x2k4q cannot sign in: no federated credential of orders-mi accepts subject system:serviceaccount:shop:web',
  rootCauses: ['FIC-05'],
  findings: [FINDING],
  checks: [
    ...FINE,
    check('federated-credential/subject', "a federated credential has the token's subject", 'fail'),
    check('identity/role', 'the identity may use the resource', 'unknown', 'not signed in to Azure'),
    check('token/valid', 'the token is valid now', 'skip', 'no token was given'),
  ],
  chain: chain('✔✔✔✔✔✖✔·'),
  containers: [container('app')],
  errors: [],
  next: null,
  unseen: [],
  requests: [],
};

const WITHOUT_SLASH = ISSUER.slice(0, -1);

const MISSING_SLASH: Report = {
  ...WRONG_SUBJECT,
  headline:
    'shop/web-7d9f-x2k4q cannot sign in: federated credential web-fed of orders-mi differs from the token in the slash at the end of the issuer',
  rootCauses: ['FIC-03'],
  findings: [
    {
      ...FINDING,
      code: 'FIC-03',
      title: 'The issuer of web-fed lacks the slash at the end',
      message: `Federated credential web-fed of orders-mi differs from the token in the slash at the end of the issuer: ${WITHOUT_SLASH} instead of ${ISSUER}.`,
      evidence: [
        evidence(WITHOUT_SLASH, ISSUER, {
          path: 'properties.issuer',
          difference: 'lacks the slash at the end',
          labels: { observed: 'web-fed', expected: 'token' },
        }),
      ],
      counterfactual:
        "With the token's issuer, credential web-fed of orders-mi would match and nothing else would fail.",
      aadsts: [700211, 70021],
    },
  ],
};

/** Two roots, one of them in two containers, with a consequence, a fix by two people, and things noticed. */
export const SEVERAL: Report = {
  ...WRONG_SUBJECT,
  headline:
    'shop/web-7d9f-x2k4q cannot sign in: the pod lacks the label azure.workload.identity/use, so the webhook left it alone',
  rootCauses: ['POD-01', 'ISS-04'],
  findings: [
    ...['app', 'worker'].map((name): ReportFinding => ({
      ...FINDING,
      code: 'POD-01',
      check: 'pod/label',
      subject: { kind: 'Pod', name: 'web-7d9f-x2k4q', container: name },
      title: 'The label is missing',
      message: 'The pod lacks the label azure.workload.identity/use, so the webhook left it alone.',
      evidence: [
        evidence('(no such label)', 'true', {
          source: 'kubernetes: pod',
          path: 'metadata.labels[azure.workload.identity/use]',
        }),
      ],
      aadsts: [],
      fix: [
        {
          command: `kubectl patch deploy web -n shop --type merge -p '{"spec":{"template":{"metadata":{"labels":{"azure.workload.identity/use":"true"}}}}}'`,
          why: 'new pods get the label; Helm release web owns this object, so change it there or it is reverted',
          actor: 'developer',
          restarts: true,
        },
        {
          command: 'kubectl rollout restart deploy/azure-wi-webhook-controller-manager -n kube-system',
          why: '',
          actor: 'cluster admin',
          restarts: false,
        },
      ],
    })),
    {
      ...FINDING,
      code: 'ISS-04',
      role: 'independent',
      title: 'The signing key is not published',
      message: 'The key set of the issuer lacks the key that signs the tokens of this cluster.',
      evidence: [
        evidence('3 keys: a1f0, 77c2, b9d4', null, {
          source:
            'https://eastus.oic.prod-aks.azure.com/22222222-2222-4222-8222-222222222222/33333333-3333-4333-8333-333333333333/openid/v1/jwks',
          path: 'keys',
        }),
      ],
      aadsts: [700027, 50166],
    },
    {
      ...FINDING,
      code: 'POD-09',
      role: 'consequence',
      explainedBy: ['POD-01'],
      title: 'The token path leads nowhere',
      message:
        'No container of the pod has a projected token with the audience api://AzureADTokenExchange, so no SDK can find one.',
      fix: [],
    },
    {
      ...FINDING,
      code: 'WH-11',
      status: 'warn',
      role: 'noticed',
      title: 'The names in skip-containers are parted by commas',
      message: 'The webhook runs version 1.2.0; skip-containers is read differently from 1.5 on.',
    },
    {
      ...FINDING,
      code: 'CL-07',
      status: 'info',
      role: 'noticed',
      title: 'The issuer changed after the token was issued',
      message: 'The issuer was rotated a day ago.',
      fix: [],
    },
  ],
  checks: [
    ...FINE,
    check(
      'federated-credential/subject',
      "a federated credential has the token's subject",
      'skip',
      'no token',
    ),
    ...['audience', 'issuer', 'subject'].map((field) =>
      check(
        `federated-credential/${field}`,
        `a federated credential has the token's ${field}`,
        'unknown',
        'not signed in to Azure',
      ),
    ),
    check('identity/exists', 'the identity exists', 'unknown', 'not signed in to Azure'),
    check(
      'webhook/ready',
      'the webhook is ready',
      'unknown',
      'the user may not list endpointslices in namespace kube-system (403)',
    ),
    check(
      'webhook/policy',
      'the webhook fails closed',
      'error',
      "it crashed: Cannot read properties of undefined (reading 'rules')",
    ),
  ],
  chain: chain('✖✔?··✔✔·'),
  containers: [container('app'), container('worker')],
};

export const INCONCLUSIVE: Report = {
  ...WRONG_SUBJECT,
  verdict: 'inconclusive',
  headline:
    'shop/web-7d9f-x2k4q is not proven healthy: no problem found, but not signed in to Azure (and 1 more reason)',
  rootCauses: [],
  findings: [],
  checks: SEVERAL.checks.filter(({ status }) => status !== 'error'),
  chain: chain('✔✔✔✔✔??·'),
  next: 'wi-doctor pod web-7d9f-x2k4q -n shop --federated-credentials credentials.json',
};

const HEALTHY: Report = {
  ...WRONG_SUBJECT,
  verdict: 'healthy',
  headline: 'shop/web-7d9f-x2k4q can sign in: every link that was checked is in order',
  rootCauses: [],
  findings: [],
  checks: FINE,
  chain: chain('✔✔✔✔✔✔✔✔'),
  requests: [{ method: 'create', target: 'serviceaccounts/token web -n shop' }],
};

/** The user's own error, explained. */
export const BROUGHT: Report = {
  ...WRONG_SUBJECT,
  errors: [
    {
      code: 700213,
      oauthError: 'invalid_client',
      httpStatus: 401,
      fields: { subject: 'system:serviceaccount:shop:web' },
      unrelated: false,
      meaning:
        'No federated credential of the identity has the subject of the token. Entra compares byte for byte.',
      causes: [],
    },
  ],
};

/** A cause that the headline says in full, so that the proof follows at once. */
const SAID_BY_HEADLINE: Report = {
  ...WRONG_SUBJECT,
  headline:
    'shop/web-7d9f-x2k4q cannot sign in: the discovery document of issuer https://shop.example/prod/ answers with HTTP 404, so Entra cannot read it',
  rootCauses: ['ISS-01', 'FIC-05'],
  findings: [
    {
      ...FINDING,
      code: 'ISS-01',
      title: 'The discovery document cannot be read',
      message:
        'The discovery document of issuer https://shop.example/prod/ answers with HTTP 404, so Entra cannot read it.',
      evidence: [
        evidence('HTTP 404', 'HTTP 200', {
          path: 'status',
          labels: { observed: 'seen', expected: 'wanted' },
        }),
      ],
      aadsts: [501661, 50166, 90061],
    },
    { ...FINDING, role: 'independent' },
  ],
  chain: chain('✔✔✔✔✖✖✔·'),
};

export const SAMPLES: Readonly<Record<string, Report>> = {
  'wrong-subject': WRONG_SUBJECT,
  'missing-slash': MISSING_SLASH,
  several: SEVERAL,
  'said-by-headline': SAID_BY_HEADLINE,
  inconclusive: INCONCLUSIVE,
  healthy: HEALTHY,
  brought: BROUGHT,
};
