import { describe, expect, it } from 'vitest';
import { workloadFact } from '../src/derive/workload.ts';
import { absent, present, type Fact, type FactTypes } from '../src/facts.ts';
import { twinEvidence } from '../src/twin-evidence.ts';
import { worldOf } from './scenarios.ts';

type Pod = FactTypes['pod'];

function valueOf<T>(fact: Fact<T> | undefined): T {
  if (fact?.state !== 'present') throw new Error('the scenario does not have it');
  return fact.value;
}

const world = worldOf('label-forgotten-beside-another-workload');
const pod = valueOf(worldOf('healthy').facts.pod);
const [api] = valueOf(world.facts.accountPods) as readonly [Pod];
const own = valueOf(workloadFact(world));

function replica(metadata: Pod['metadata'], change: Partial<Pod> = {}): Pod {
  return { ...pod, ...change, metadata: { ...pod.metadata, ...metadata } };
}

/** A pod of the revision before, as its ReplicaSet names and labels it. */
const older = replica({
  name: 'web-5c4d-q2w3e',
  labels: { ...pod.metadata?.labels, 'pod-template-hash': '5c4d' },
  ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-5c4d', controller: true }],
});

function twinOf(siblings: readonly Pod[], accountPods: readonly Pod[], container: string | null = null) {
  const facts = { siblings: present(siblings, 'test'), accountPods: present(accountPods, 'test') };
  const [evidence] = twinEvidence(own, facts, container, 'no token', ({ env }) =>
    env('AZURE_CLIENT_ID') === null ? 'no token' : `client id ${env('AZURE_CLIENT_ID')}`,
  );
  return evidence && [evidence.labels?.observed, evidence.fact, evidence.path];
}

const OF_API = ['peer', 'accountPods', 'api-6f5d-k8l2m.spec.containers[api]'];
const near = replica({ name: 'web-7d9f-h8s7d', creationTimestamp: '2026-01-01T00:00:00Z' });
const OF_NEAR = ['replica', 'siblings', 'web-7d9f-h8s7d.spec.containers[app]'];

describe('what another pod has', () => {
  it('is told of a replica first, however old it is', () => {
    expect(twinOf([near], [api])).toEqual(OF_NEAR);
    expect(twinOf([], [api])).toEqual(OF_API);
  });

  it('is told of the youngest', () => {
    const younger = {
      ...api,
      metadata: { ...api.metadata, name: 'api-2', creationTimestamp: '2026-11-19T00:00:00Z' },
    };
    expect(twinOf([], [api, younger])?.[2]).toBe('api-2.spec.containers[api]');
  });

  it('is that of a replica where it stands in another revision', () => {
    expect(twinOf([], [api, older])).toEqual([
      'replica',
      'accountPods',
      'web-5c4d-q2w3e.spec.containers[app]',
    ]);
  });

  it('counts only for the same container of a replica, and for any of another workload', () => {
    expect(twinOf([near], [], 'worker')).toBeUndefined();
    expect(twinOf([near], [api], 'app')).toEqual(OF_NEAR);
    expect(twinOf([near], [api], 'worker')).toEqual(OF_API);
  });

  it.each<[string, Pod]>([
    ['is over', { ...api, status: { phase: 'Failed' } }],
    [
      'is being deleted',
      { ...api, metadata: { ...api.metadata, deletionTimestamp: '2026-11-20T09:00:00Z' } },
    ],
    ['has no token', { ...api, spec: { ...api.spec, volumes: [] } }],
    ['is the pod itself', { ...api, metadata: { ...api.metadata, name: own.object.name } }],
    [
      'has the same',
      {
        ...api,
        spec: {
          ...api.spec,
          containers: (api.spec?.containers ?? []).map(({ env, ...one }) => ({
            ...one,
            env: (env ?? []).filter(({ name }) => name !== 'AZURE_CLIENT_ID'),
          })),
        },
      },
    ],
  ])('proves nothing where that pod %s', (_, other) => {
    expect(twinOf([], [other])).toBeUndefined();
  });

  it('is nothing where nobody looked', () => {
    const facts = {
      siblings: absent('not asked for'),
      accountPods: { state: 'unknown', reason: 'forbidden' } as const,
    };
    expect(twinEvidence(own, facts, null, 'no token', () => 'a token')).toEqual([]);
  });
});
