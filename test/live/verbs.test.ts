import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { worldOf } from '../scenarios.ts';
import type { LoggedRequest } from '../support/api-server.ts';
import { diagnosePod } from './diagnose-live.ts';
import { objectsOf, startScenario, type LiveScenario } from './start-scenario.ts';

/** Every answer takes a moment, so that requests of one round overlap and rounds can be told apart. */
const LATENCY = 150;

function named({ verb, resource }: LoggedRequest): string {
  return `${verb} ${resource}`;
}

describe('what a diagnosis asks of the API server', () => {
  it('is a few reads in three rounds', async () => {
    const live = await startScenario('healthy', { latencyMs: LATENCY });
    const { code, report } = await diagnosePod(live);
    expect({ code, requests: report.requests }).toEqual({ code: 0, requests: [] });
    expect(live.api.requests.map(({ verb }) => verb)).toSatisfy((verbs: string[]) =>
      verbs.every((verb) => verb === 'get' || verb === 'list'),
    );
    expect(live.api.requests.length).toBeLessThanOrEqual(16);
    expect(live.api.rounds()).toBeLessThanOrEqual(3);
    // Nothing is asked for twice.
    const paths = live.api.requests.map(({ path, query }) => `${path} ${JSON.stringify(query)}`);
    expect(new Set(paths).size).toBe(paths.length);
    await live.close();
  });

  it('is no more in the worst case', async () => {
    const live = await startScenario('label-forgotten', { latencyMs: LATENCY });
    const [account, slice] = objectsOf(worldOf('label-forgotten')).filter(
      ({ kind }) => kind === 'ServiceAccount' || kind === 'EndpointSlice',
    ) as { metadata: object }[];
    await live.api.patch({ ...account, metadata: { ...account?.metadata, annotations: {} } });
    await live.api.patch({ ...slice, endpoints: [] });
    const { code, report } = await diagnosePod(live);
    expect({ code, verdict: report.verdict }).toEqual({ code: 1, verdict: 'problem' });
    expect(live.api.requests.map(named)).toContain('get deployments.apps');
    expect(live.api.requests.map(named)).toContain('list serviceaccounts');
    expect(live.api.requests.length).toBeLessThanOrEqual(16);
    expect(live.api.rounds()).toBeLessThanOrEqual(3);
    await live.close();
  });

  it('goes on from page to page of a long list', async () => {
    const others = Array.from({ length: 1100 }, (_, index) => ({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: {
        name: `other-${index}`,
        namespace: 'shop',
        annotations: { 'azure.workload.identity/client-id': '77777777-7777-4777-8777-777777777777' },
      },
    }));
    const live = await startScenario('runs-as-default', { objects: others });
    const { code } = await diagnosePod(live);
    expect(code).toBe(1);
    const pages = live.api.requests.filter((request) => named(request) === 'list serviceaccounts');
    expect(pages.map(({ query }) => query['continue'] !== undefined)).toEqual([false, true, true]);
    expect(pages.every(({ query }) => query['limit'] === '500')).toBe(true);
    await live.close();
  });
});

describe('a list whose next page has expired (410)', () => {
  it('proves nothing, not even by its first page', async () => {
    const others = Array.from({ length: 600 }, (_, index) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `web-${index}`, namespace: 'shop', labels: { 'pod-template-hash': '7d9f' } },
      spec: { serviceAccountName: 'web', containers: [{ name: 'app' }] },
    }));
    const live = await startScenario('healthy', {
      objects: others,
      faults: [{ match: { path: /\/pods\?.*continue=/ }, fault: { kind: 'error', status: 410 } }],
    });
    const { code, report } = await diagnosePod(live);
    expect({ code, findings: report.findings }).toEqual({ code: 0, findings: [] });
    await live.close();
  });
});

describe('--mint', () => {
  let live: LiveScenario;
  beforeAll(async () => {
    live = await startScenario('healthy', { clock: false, latencyMs: LATENCY });
  });
  afterAll(() => live.close());

  it('asks once for a token like the pod’s own, and says so', async () => {
    const { code, report } = await diagnosePod(live, ['--mint']);
    expect({ code, headline: report.headline }).toEqual({ code: 0, headline: expect.any(String) as string });
    const writes = live.api.requests.filter(({ verb }) => verb !== 'get' && verb !== 'list');
    expect(writes.map(named)).toEqual(['create serviceaccounts/token']);
    expect(writes[0]).toMatchObject({ namespace: 'shop', name: 'web' });
    const pod = worldOf('healthy').facts.pod;
    expect(JSON.parse(writes[0]?.body ?? '')).toEqual({
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {
        audiences: ['api://AzureADTokenExchange'],
        expirationSeconds: 3600,
        boundObjectRef: {
          apiVersion: 'v1',
          kind: 'Pod',
          name: live.target.name,
          uid: pod?.state === 'present' ? pod.value.metadata?.uid : '',
        },
      },
    });
    expect(report.requests).toEqual([
      { method: 'POST', target: '/api/v1/namespaces/shop/serviceaccounts/web/token' },
    ]);
    const answered = report.checks.filter(({ id }) => id.startsWith('token/')).map(({ status }) => status);
    expect(answered).toContain('pass');
    expect(answered).not.toContain('unknown');
  });

  it('takes audience and lifetime from the pod’s own projection', async () => {
    const custom = await startScenario('custom-audience-but-fine', {
      clock: false,
      ours: 'what was posted is not in every server’s log',
    });
    const { code } = await diagnosePod(custom, ['--mint']);
    const asked = custom.api.requests.find(({ verb }) => verb === 'create');
    const { spec } = JSON.parse(asked?.body ?? '') as { spec: { audiences: string[] } };
    expect({ code, audiences: spec.audiences }).toEqual({
      code: 0,
      audiences: [expect.not.stringContaining('api://AzureADTokenExchange')],
    });
    await custom.close();
  });

  it.each([
    [409, 'the pod was replaced meanwhile'],
    [422, 'the lifetime is too short'],
  ])('answered with %i (%s) leaves the token unknown', async (status) => {
    const refused = await startScenario('healthy', {
      clock: false,
      faults: [{ match: { method: 'POST', path: /\/token$/ }, fault: { kind: 'error', status } }],
    });
    const { code, report } = await diagnosePod(refused, ['--mint']);
    expect({ code, findings: report.findings }).toEqual({ code: 0, findings: [] });
    expect(JSON.stringify(report.checks)).toContain(`the API server answered ${status}`);
    await refused.close();
  });

  it('without the right to it leaves the token unknown and names the right', async () => {
    const refused = await startScenario('healthy', {
      clock: false,
      deny: [{ verb: 'create', resource: 'serviceaccounts/token' }],
    });
    const { code, report } = await diagnosePod(refused, ['--mint']);
    expect(JSON.stringify(report.checks)).toContain(
      'may not create serviceaccounts/token web in namespace shop (403)',
    );
    expect({ code, verdict: report.verdict }).toEqual({ code: 0, verdict: 'healthy' });
    await refused.close();
  });
});
