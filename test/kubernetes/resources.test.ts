import { expect, test } from 'vitest';
import {
  addressOf,
  apiVersionOf,
  pathOf,
  RESOURCES,
  resourceNamed,
  resourceOf,
} from '../../src/kubernetes/resources.ts';

test.each([
  ['po', 'pods'],
  ['Pod', 'pods'],
  ['deploy', 'deployments'],
  ['deployments.apps', 'deployments'],
  ['deployment.v1.apps', 'deployments'],
  ['sts', 'statefulsets'],
  ['ds', 'daemonsets'],
  ['rs', 'replicasets'],
  ['job.batch', 'jobs'],
  ['cj', 'cronjobs'],
  ['sa', 'serviceaccounts'],
  ['crd', 'customresourcedefinitions'],
])('%s means %s', (word, resource) => {
  expect(resourceNamed(word)?.resource).toBe(resource);
});

test.each(['', 'pods.metrics.k8s.io', 'deploy.extensions', 'web', 'constructor'])(
  '%j means nothing',
  (word) => {
    expect(resourceNamed(word)).toBeUndefined();
  },
);

test('a path leads back to what it addresses', () => {
  for (const ref of Object.values(RESOURCES)) {
    const { group, version, resource } = ref;
    const place = {
      namespace: ref.namespaced ? 'shop' : undefined,
      name: 'a b/c',
      subresource: resource === 'namespaces' ? undefined : 'log',
    };
    expect(addressOf(pathOf(ref, place))).toEqual({ group, version, resource, ...place });
    expect(addressOf(`${pathOf(ref)}?limit=5`)).toEqual({ group, version, resource });
    expect(resourceOf(apiVersionOf(ref), ref.kind)).toBe(ref);
  }
});

test('paths are those of the API server', () => {
  expect(pathOf(RESOURCES.pods, { namespace: 'shop', name: 'web' })).toBe('/api/v1/namespaces/shop/pods/web');
  expect(pathOf(RESOURCES.deployments, { namespace: 'shop' })).toBe(
    '/apis/apps/v1/namespaces/shop/deployments',
  );
  expect(pathOf(RESOURCES.namespaces, { name: 'shop' })).toBe('/api/v1/namespaces/shop');
  expect(addressOf('/api/v1/namespaces/shop')).toMatchObject({ resource: 'namespaces', name: 'shop' });
  expect(addressOf('/version')).toBeUndefined();
  expect(addressOf('/.well-known/openid-configuration')).toBeUndefined();
  expect(addressOf('/api/v1/namespaces/%E0%A4%A/pods')).toMatchObject({ namespace: '%E0%A4%A' });
});

test('a name cannot lead elsewhere', () => {
  expect(pathOf(RESOURCES.pods, { namespace: '../..', name: '?x#y' })).toBe(
    '/api/v1/namespaces/..%2F../pods/%3Fx%23y',
  );
  for (const name of ['', '.', '..'])
    expect(() => pathOf(RESOURCES.pods, { namespace: 'a', name })).toThrow(TypeError);
  expect(() => pathOf(RESOURCES.pods, { name: 'web' })).toThrow('has a namespace');
});
