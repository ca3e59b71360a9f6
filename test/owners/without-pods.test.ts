import { afterEach, describe, expect, it } from 'vitest';
import { controller, failedCreate, LABEL, ownedBy } from './objects.ts';
import { startShop, type Shop } from './shop.ts';

let shop: Shop;
afterEach(() => shop.close());

const HEALTHY = { verdict: 'healthy', exit: 0, findings: [] };
const WEBHOOK = 'mutation.azure-workload-identity.io';
const RS = controller({ kind: 'ReplicaSet', name: 'web-1', metadata: ownedBy('Deployment', 'web') });

describe('a controller without pods', () => {
  it.each(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob'] as const)(
    '%s: its template is judged as the pod that it would make',
    async (kind) => {
      shop = await startShop([controller({ kind })]);
      const { outcome, report } = await shop.diagnose(kind.toLowerCase(), 'web', '-n', 'shop');
      expect(outcome).toEqual(HEALTHY);
      expect(report.containers[0]?.effective).toMatchObject({
        clientId: { value: '11111111-1111-4111-8111-111111111111', from: 'webhook' },
        tenantId: { value: '22222222-2222-4222-8222-222222222222' },
        audience: { value: 'api://AzureADTokenExchange' },
      });
    },
  );

  it('that is scaled to zero is no fault', async () => {
    shop = await startShop([controller({ spec: { replicas: 0 } })]);
    expect((await shop.diagnose('deploy', 'web', '-n', 'shop')).outcome).toEqual(HEALTHY);
  });

  it('lacks the label in its template', async () => {
    shop = await startShop([controller({ labels: {} })]);
    const { outcome, report } = await shop.diagnose('deploy', 'web', '-n', 'shop');
    expect(outcome).toEqual({ verdict: 'problem', exit: 1, findings: ['POD-01 fail root Deployment/web'] });
    expect(report.headline).toBe(
      'shop/web cannot sign in: a pod of web has no label azure.workload.identity/use=true, so the webhook leaves it without a token',
    );
    expect(report.findings[0]?.fix.map(({ command }) => command)).toEqual([
      expect.stringMatching(/^kubectl patch deploy web -n shop --type merge/),
    ]);
  });

  it('has the label on a cron job itself, where nobody looks', async () => {
    shop = await startShop([controller({ kind: 'CronJob', labels: {}, metadata: { labels: LABEL } })]);
    const { outcome, report } = await shop.diagnose('cronjob', 'web', '-n', 'shop');
    expect(outcome).toEqual({ verdict: 'problem', exit: 1, findings: ['SA-10 fail root CronJob/web'] });
    const [patch] = report.findings[0]?.fix ?? [];
    expect(patch?.command).toContain(
      `'{"spec":{"jobTemplate":{"spec":{"template":{"metadata":{"labels":{"azure.workload.identity/use":"true"}}}}}}}'`,
    );
  });

  it('names a client id that no credential trusts', async () => {
    shop = await startShop([controller({ podSpec: { serviceAccountName: 'api' } }), account('api')]);
    const { outcome } = await shop.diagnose('deploy', 'web', '-n', 'shop');
    expect(outcome).toEqual({
      verdict: 'problem',
      exit: 1,
      findings: [expect.stringMatching(/^FIC-05 fail root/) as string],
    });
  });
});

function account(name: string): object {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: {
      name,
      namespace: 'shop',
      annotations: { 'azure.workload.identity/client-id': '11111111-1111-4111-8111-111111111111' },
    },
  };
}

const DENIED = `admission webhook "${WEBHOOK}" denied the request: `;
const CALLING = `Internal error occurred: failed calling webhook "${WEBHOOK}": failed to call webhook: Post "https://azure-wi-webhook-webhook-service.kube-system.svc:443/mutate-v1-pod?timeout=10s": `;

interface Refusal {
  readonly what: string;
  readonly text: string;
  readonly code: string;
  /** What makes the text come true. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly podSpec?: Readonly<Record<string, unknown>>;
}

const REFUSALS: readonly Refusal[] = [
  {
    what: 'proxy on the host network',
    text: `${DENIED}hostNetwork is set to true, cannot inject proxy sidecar`,
    code: 'POD-15',
    annotations: { 'azure.workload.identity/inject-proxy-sidecar': 'true' },
    podSpec: { hostNetwork: true },
  },
  {
    what: 'proxy port that is no number',
    text: `${DENIED}failed to parse proxy sidecar port: strconv.ParseInt: parsing "http": invalid syntax`,
    code: 'POD-17',
    annotations: {
      'azure.workload.identity/inject-proxy-sidecar': 'true',
      'azure.workload.identity/proxy-sidecar-port': 'http',
    },
  },
  {
    what: 'lifetime that is no number',
    text: `${DENIED}strconv.ParseInt: parsing "24h": invalid syntax`,
    code: 'POD-13',
    annotations: { 'azure.workload.identity/service-account-token-expiration': '24h' },
  },
  {
    what: 'lifetime out of range',
    text: `${DENIED}token expiration 60 not valid. Expected value to be between 3600 and 86400`,
    code: 'POD-13',
    annotations: { 'azure.workload.identity/service-account-token-expiration': '60' },
  },
  {
    what: 'webhook that may not read service accounts',
    text: `${DENIED}serviceaccounts "web" is forbidden: User "system:serviceaccount:kube-system:azure-wi-webhook-admin" cannot get resource "serviceaccounts" in API group "" in the namespace "shop"`,
    code: 'WH-12',
  },
  { what: 'time-out', text: `${CALLING}context deadline exceeded`, code: 'WH-02' },
  {
    what: 'refused connection',
    text: `${CALLING}dial tcp 10.0.0.7:9443: connect: connection refused`,
    code: 'WH-02',
  },
  {
    what: 'unknown authority',
    text: `${CALLING}tls: failed to verify certificate: x509: certificate signed by unknown authority`,
    code: 'WH-03',
  },
  { what: 'plain HTTP', text: `${CALLING}http: server gave HTTP response to HTTPS client`, code: 'WH-03' },
  {
    what: 'quota',
    text: 'pods "web-1-x" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=9, limited: pods=9',
    code: 'POD-23',
  },
  {
    what: 'PodSecurity',
    text: 'pods "web-1-x" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
    code: 'POD-23',
  },
];

describe('pods that could not be created are told apart by the words of the event', () => {
  it.each(REFUSALS)('$what → $code', async ({ text, code, annotations, podSpec }) => {
    const written = { ...(annotations ? { annotations } : {}), ...(podSpec ? { podSpec } : {}) };
    shop = await startShop([controller(written), RS, failedCreate('ReplicaSet', 'web-1', text)]);
    const { outcome, report } = await shop.diagnose('deploy', 'web', '-n', 'shop');
    expect({
      ...outcome,
      findings: outcome.findings.map((line) => line.split(' ').slice(0, 3).join(' ')),
    }).toEqual({
      verdict: 'problem',
      exit: 1,
      findings: [`${code} fail root`, ...(code === 'POD-23' ? [] : ['POD-23 fail consequence'])],
    });
    expect(report.rootCauses).toEqual([code]);
    expect(report.headline).toMatch(/^shop\/web cannot sign in: /);
  });

  it('no webhook pod → WH-01', async () => {
    const text = `${CALLING}no endpoints available for service "azure-wi-webhook-webhook-service"`;
    shop = await startShop([controller(), RS, failedCreate('ReplicaSet', 'web-1', text)], {
      scenario: 'webhook-down',
    });
    const { outcome, report } = await shop.diagnose('deploy', 'web', '-n', 'shop');
    expect(outcome).toEqual({
      verdict: 'problem',
      exit: 1,
      findings: ['WH-01 fail root Deployment/web', 'POD-23 fail consequence ReplicaSet/web-1 by WH-01'],
    });
    expect(report.headline).toContain('no pod of the webhook is ready');
  });

  it('reads the same of every other kind', async () => {
    shop = await startShop([
      controller({ kind: 'StatefulSet' }),
      failedCreate('StatefulSet', 'web', `${CALLING}context deadline exceeded`),
    ]);
    const { report } = await shop.diagnose('sts', 'web', '-n', 'shop');
    expect(report.rootCauses).toEqual(['WH-02']);
  });

  it('leaves events of other controllers alone', async () => {
    shop = await startShop([
      controller(),
      RS,
      failedCreate('ReplicaSet', 'api-1', `${CALLING}no endpoints available`),
    ]);
    expect((await shop.diagnose('deploy', 'web', '-n', 'shop')).outcome).toEqual(HEALTHY);
  });
});
