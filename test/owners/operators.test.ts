import { afterEach, describe, expect, it } from 'vitest';
import { CSI, custom, KEDA, secretClass, STORES } from './custom-resources.ts';
import { controller, ownedBy, pod } from './objects.ts';
import { startShop, type Shop } from './shop.ts';

let shop: Shop;
afterEach(() => shop.close());

/** Every answer takes a moment, so that rounds can be told apart. */
const latencyMs = 150;
const CLIENT_ID = '11111111-1111-4111-8111-111111111111';
const HASH = { 'pod-template-hash': '1' };

const BARE_ACCOUNT = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'web', namespace: 'shop', annotations: {} },
};

/** A deployment whose pod shows nothing of workload identity. */
function bareApp(spec: object = {}): object[] {
  return [
    BARE_ACCOUNT,
    controller({ labels: {} }),
    controller({ kind: 'ReplicaSet', name: 'web-1', labels: {}, metadata: ownedBy('Deployment', 'web') }),
    pod({
      name: 'web-1-a',
      owner: ['ReplicaSet', 'web-1'],
      injected: false,
      labels: HASH,
      spec: spec as Record<string, unknown>,
    }),
  ];
}

function withinLimits(): void {
  expect(shop.api.requests.length).toBeLessThanOrEqual(16);
  expect(shop.api.rounds()).toBeLessThanOrEqual(3);
  expect(shop.api.requests.every(({ verb }) => verb === 'get' || verb === 'list')).toBe(true);
}

const CSI_VOLUME = {
  volumes: [
    {
      name: 'vault',
      csi: { driver: 'secrets-store.csi.k8s.io', volumeAttributes: { secretProviderClass: 'shop-vault' } },
    },
  ],
};
describe('a pod that mounts secrets', () => {
  it('is judged by what the Secrets Store CSI driver sends, within the limits', async () => {
    shop = await startShop([...bareApp(CSI_VOLUME), ...CSI, secretClass(CLIENT_ID)], { latencyMs });
    const { outcome } = await shop.diagnose('pod', 'web-1-a', '-n', 'shop');
    expect(outcome).toEqual({ verdict: 'healthy', exit: 0, findings: [] });
    withinLimits();
  });

  it('is inconclusive when its class may not be read', async () => {
    shop = await startShop([...bareApp(CSI_VOLUME), ...CSI, secretClass(CLIENT_ID)], {
      deny: [{ verb: 'list', resource: 'secretproviderclasses' }],
    });
    const { outcome, report } = await shop.diagnose('pod', 'web-1-a', '-n', 'shop');
    expect(outcome).toEqual({ verdict: 'inconclusive', exit: 3, findings: [] });
    expect(report.headline).toContain('may not list secretproviderclasses.secrets-store.csi.x-k8s.io');
  });

  it('misses a class that does not exist, also without any definition of classes', async () => {
    shop = await startShop(bareApp(CSI_VOLUME));
    const { report } = await shop.diagnose('deploy', 'web', '-n', 'shop');
    expect(report.rootCauses).toEqual(['OP-07']);
  });
});

describe('an app that KEDA scales', () => {
  it.each(['pod web-1-a', 'deploy web'])('%s says whose service account counts', async (words) => {
    shop = await startShop([...bareApp(), ...KEDA, ...STORES], { latencyMs });
    const { outcome, report } = await shop.diagnose(...words.split(' '), '-n', 'shop');
    expect(outcome).toEqual({
      verdict: 'inconclusive',
      exit: 3,
      findings: ['OP-01 info noticed Pod/web-1-a'],
    });
    expect(report.next).toMatch(/^wi-doctor deploy keda-operator -n kube-system/);
    if (words.startsWith('pod')) withinLimits();
  });

  it('asks for no custom resource where none is defined, and reads them for no app that is wired', async () => {
    shop = await startShop(bareApp(), { latencyMs });
    const { report } = await shop.diagnose('pod', 'web-1-a', '-n', 'shop');
    expect(report.rootCauses).toEqual(['POD-01', 'SA-01']);
    expect(shop.api.requests.filter(({ path }) => path === '/apis').length).toBe(1);
    expect(shop.api.requests.filter(({ path }) => /keda|external-secrets|secrets-store/.test(path))).toEqual(
      [],
    );
    withinLimits();
  });
});

describe('External Secrets', () => {
  const store = custom('external-secrets.io/v1beta1', 'SecretStore', 'vault', {
    provider: {
      azurekv: {
        authType: 'WorkloadIdentity',
        tenantId: 'x',
        vaultUrl: 'https://kv',
        serviceAccountRef: { name: 'reader' },
      },
    },
  });
  const secretEnv = {
    containers: [
      {
        name: 'app',
        env: [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }],
      },
    ],
  };

  it('leads from an app that uses a secret to the account that the store refers to', async () => {
    shop = await startShop([...bareApp(secretEnv), ...STORES, store], { latencyMs });
    const { outcome, report } = await shop.diagnose('pod', 'web-1-a', '-n', 'shop');
    expect(outcome).toEqual({
      verdict: 'inconclusive',
      exit: 3,
      findings: ['OP-03 info noticed SecretStore/vault'],
    });
    expect(report.next).toMatch(/^wi-doctor sa reader -n shop/);
    withinLimits();
  });

  it('is named by the service account itself', async () => {
    const account = {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: {
        name: 'reader',
        namespace: 'shop',
        annotations: { 'azure.workload.identity/client-id': CLIENT_ID },
      },
    };
    shop = await startShop([account, ...STORES, store]);
    const { outcome, report } = await shop.diagnose('sa', 'reader', '-n', 'shop');
    expect(outcome.findings).toEqual([expect.stringMatching(/^FIC-05 fail root/)]);
    expect(report.checks.find(({ id }) => id === 'operator/external-secrets')?.status).toBe('pass');
  });
});
