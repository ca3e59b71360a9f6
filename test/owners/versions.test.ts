import { afterEach, describe, expect, it } from 'vitest';
import { controller } from './objects.ts';
import { knowsSidecars } from '../support/control-plane.ts';
import { startShop, type Shop } from './shop.ts';

let shop: Shop;
afterEach(() => shop.close());

const REPOSITORY = 'mcr.microsoft.com/oss/azure/workload-identity/webhook';

function webhook(image: string): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'azure-wi-webhook-controller-manager',
      namespace: 'kube-system',
      labels: { 'azure-workload-identity.io/system': 'true' },
    },
    spec: { replicas: 2, template: { spec: { containers: [{ name: 'manager', image }] } } },
    status: { replicas: 2, readyReplicas: 2 },
  };
}

const SIDECARS = 'it knows no native sidecars';

const BARE = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'bare', namespace: 'shop' } };
const OLD_PATH = '/var/run/secrets/azure/tokens/azure-identity-token';
const NEW_PATH = '/var/run/secrets/azure/wi/token/azure-identity-token';

describe('the release of the webhook decides what a template becomes', () => {
  it.each([
    ['v1.2.0', OLD_PATH],
    ['v1.5.0', OLD_PATH],
    ['v1.5.1', OLD_PATH],
    ['v1.6.0', NEW_PATH],
    ['v1.6.0-alpha.1', NEW_PATH],
  ])('%s puts the token at %s', async (tag, path) => {
    shop = await startShop([controller(), webhook(`${REPOSITORY}:${tag}`)]);
    const { outcome, report } = await shop.diagnose('deploy', 'web', '-n', 'shop');
    expect(outcome).toEqual({ verdict: 'healthy', exit: 0, findings: [] });
    expect(report.containers[0]?.effective.tokenFile.value).toBe(path);
  });

  it.each([
    ['v1.5.0', ''],
    ['v1.5.1', null],
  ])('%s gives AZURE_CLIENT_ID=%j where no client id is named', async (tag, value) => {
    shop = await startShop([
      BARE,
      controller({ podSpec: { serviceAccountName: 'bare' } }),
      webhook(`${REPOSITORY}:${tag}`),
    ]);
    const { report } = await shop.diagnose('deploy', 'web', '-n', 'shop');
    expect(report.rootCauses).toEqual(['SA-07']);
    expect(report.findings.map(({ code }) => code)).toContain('SA-01');
    expect(report.containers[0]?.effective.clientId.value).toBe(value);
  });

  it('before 1.3 takes the restart policy off native sidecars', async () => {
    const sidecar = { name: 'proxy', image: 'proxy:1', restartPolicy: 'Always' };
    const old = controller({ podSpec: { initContainers: [sidecar] } });
    shop = await startShop([old, webhook(`${REPOSITORY}:v1.2.0`)], knowsSidecars() ? {} : { ours: SIDECARS });
    const { outcome } = await shop.diagnose('deploy', 'web', '-n', 'shop');
    expect(outcome).toEqual({
      verdict: 'problem',
      exit: 1,
      findings: ['WH-10 fail root Deployment/web/proxy'],
    });
  });

  it('before 1.0 is named', async () => {
    shop = await startShop([controller(), webhook(`${REPOSITORY}:v0.14.0`)]);
    const { outcome } = await shop.diagnose('deploy', 'web', '-n', 'shop');
    expect(outcome).toEqual({ verdict: 'healthy', exit: 0, findings: ['WH-09 warn noticed Deployment/web'] });
  });

  it('is not guessed from an image that is pinned by digest', async () => {
    shop = await startShop([controller(), webhook(`mirror.example/webhook@sha256:${'a'.repeat(64)}`)]);
    const { outcome } = await shop.diagnose('deploy', 'web', '-n', 'shop');
    expect(outcome).toEqual({ verdict: 'healthy', exit: 0, findings: [] });
  });
});
