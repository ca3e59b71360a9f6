import { describe, expect, it } from 'vitest';
import type { LoggedRequest } from '../support/api-server.ts';
import { diagnosePod } from './diagnose-live.ts';
import { objectsOf, startScenario } from './start-scenario.ts';
import { worldOf } from '../scenarios.ts';

function isPodsOfShop({ verb, resource, namespace }: LoggedRequest): boolean {
  return verb === 'list' && resource === 'pods' && namespace === 'shop';
}

describe('pods that may have what this one lacks', () => {
  it('are those of the same service account, in the one list of its replicas', async () => {
    const live = await startScenario('label-forgotten-beside-another-workload');
    const { code, report } = await diagnosePod(live);
    expect({ code, roots: report.rootCauses }).toEqual({ code: 1, roots: ['POD-01'] });
    expect(report.findings[0]?.evidence.map(({ labels }) => labels?.observed)).toEqual(['pod', 'peer']);
    expect(report.findings[0]?.evidence[1]).toMatchObject({
      path: 'api-6f5d-k8l2m.spec.containers[api]',
      observed: expect.stringMatching(
        /^label .*=true, and a token \(api-6f5d-k8l2m, same service account, 10 days older\)$/,
      ) as string,
    });
    const lists = live.api.requests.filter(isPodsOfShop);
    expect(lists.map(({ query }) => query['fieldSelector'])).toEqual([
      'spec.serviceAccountName=web,status.phase!=Succeeded,status.phase!=Failed',
    ]);
    // What an old server does not serve as v1, it is asked for once more.
    const asked = live.api.requests.filter(({ version }) => version !== 'v1beta1');
    expect(asked.length).toBeLessThanOrEqual(16);
    await live.close();
  });

  it('are only its replicas where everybody runs as the same account', async () => {
    const live = await startScenario('label-forgotten');
    const pod = objectsOf(worldOf('label-forgotten')).find(({ kind }) => kind === 'Pod') as { spec: object };
    await live.api.patch({ ...pod, spec: { ...pod.spec, serviceAccountName: 'default' } });
    await diagnosePod(live);
    const lists = live.api.requests.filter(isPodsOfShop);
    expect(lists.map(({ query }) => query['labelSelector'])).toEqual(['pod-template-hash=7d9f']);
    expect(lists.map(({ query }) => query['fieldSelector'])).toEqual([undefined]);
    await live.close();
  });
});
