import { expect, it } from 'vitest';
import { pruneObject } from '../../src/sources/cluster/prune.ts';
import type { Container, Pod } from '../../src/kubernetes/types.ts';

function shownOf(env: readonly { name: string; value: string }[]): Record<string, string | undefined> {
  const pod: Pod = { metadata: { name: 'web' }, spec: { containers: [{ name: 'app', env }] } };
  const kept = pruneObject(pod).spec?.containers?.[0]?.env ?? [];
  return Object.fromEntries(kept.map(({ name, value }) => [name, value]));
}

it('keeps the values that decide a sign-in, and no other, whatever it is called', () => {
  expect(
    shownOf([
      { name: 'AZURE_CLIENT_ID', value: 'orders' },
      { name: 'AZURE_TENANT_ID', value: 'shop' },
      { name: 'AZURE_KUBERNETES_TOKEN_PROXY', value: 'https://proxy' },
      { name: 'AZURE_CLIENT_SECRET', value: 'Zq8Q~secret' },
      { name: 'AZURE_STORAGE_CONNECTION_STRING', value: 'AccountKey=secret' },
      { name: 'AZURE_OPENAI_API_KEY', value: 'secret' },
      { name: 'PASSWORD', value: 'secret' },
      { name: 'HTTPS_PROXY', value: 'http://user:secret@proxy:3128' },
    ]),
  ).toEqual({
    AZURE_CLIENT_ID: 'orders',
    AZURE_TENANT_ID: 'shop',
    AZURE_KUBERNETES_TOKEN_PROXY: 'https://proxy',
    AZURE_CLIENT_SECRET: '(hidden)',
    AZURE_STORAGE_CONNECTION_STRING: '(hidden)',
    AZURE_OPENAI_API_KEY: '(hidden)',
    PASSWORD: '(hidden)',
    HTTPS_PROXY: 'http://proxy:3128',
  });
});

it.each([
  ['with a scheme', 'http://user:canary@proxy:3128', 'http://proxy:3128'],
  ['without one', 'user:canary@proxy:3128', 'proxy:3128'],
  ['with a slash in it', 'http://user:can/ary@proxy:3128', 'http://proxy:3128'],
  ['with an @ in it', 'http://user:can@ary@proxy:3128', 'http://proxy:3128'],
])('keeps the address of a proxy and not its password, %s', (_how, value, shown) => {
  expect(shownOf([{ name: 'HTTPS_PROXY', value }])).toEqual({ HTTPS_PROXY: shown });
});

it('does not keep a password of a proxy that stands in a variable of its own', () => {
  expect(
    shownOf([
      { name: 'PROXY_HOST', value: 'proxy' },
      { name: 'PROXY_PASSWORD', value: 'canary' },
      { name: 'PROXY_LOGIN', value: 'user:$(PROXY_PASSWORD)@' },
      { name: 'HTTP_PROXY', value: 'http://user:$(PROXY_PASSWORD)@$(PROXY_HOST)' },
      { name: 'HTTPS_PROXY', value: 'http://$(PROXY_LOGIN)$(PROXY_HOST)' },
    ]),
  ).toEqual({
    PROXY_HOST: 'proxy',
    PROXY_PASSWORD: '(hidden)',
    PROXY_LOGIN: '',
    HTTP_PROXY: 'http://$(PROXY_HOST)',
    HTTPS_PROXY: 'http://$(PROXY_LOGIN)$(PROXY_HOST)',
  });
});

it('keeps what those values are built from, over any number of steps', () => {
  expect(
    shownOf([
      { name: 'TEAM', value: 'orders' },
      { name: 'OTHER', value: 'secret' },
      { name: 'ID', value: '$(TEAM)-mi' },
      { name: 'AZURE_CLIENT_ID', value: '$(ID)' },
    ]),
  ).toEqual({ TEAM: 'orders', OTHER: '(hidden)', ID: '$(TEAM)-mi', AZURE_CLIENT_ID: '$(ID)' });
});

it('keeps a path below a token folder, and no part of an address that looks like one', () => {
  const pod: Pod = {
    spec: {
      containers: [
        {
          name: 'app',
          volumeMounts: [{ name: 'token', mountPath: '/services' }],
          command: ['run', '--token-file=/services/token'],
          env: [
            { name: 'TOKEN_FILE', value: '/services/token' },
            { name: 'HOOK', value: 'https://hooks.example/services/canary' },
          ],
        },
      ],
      volumes: [{ name: 'token', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }],
    },
  };
  const [container] = pruneObject(pod).spec?.containers ?? [];
  expect(container?.env?.map(({ value }) => value)).toEqual(['/services/token', '(hidden)']);
  expect(container?.command).toEqual(['(hidden)', '/services/token']);
});

it('keeps nothing of probes and hooks', () => {
  const probe = {
    exec: { command: ['redis-cli', '-a', 'canary'] },
    httpGet: { httpHeaders: [{ name: 'Authorization', value: 'Bearer canary' }] },
  };
  const container = { name: 'app', livenessProbe: probe, readinessProbe: probe, startupProbe: probe };
  const pod: Pod = { spec: { containers: [{ ...container, lifecycle: { postStart: probe } } as Container] } };
  expect(pruneObject(pod)).toEqual({ spec: { containers: [{ name: 'app' }] } });
});

it('keeps how a container ended, and not the end of its log', () => {
  const terminated = { exitCode: 1, reason: 'Error', message: 'cannot log in with password canary' };
  const status = { name: 'app', restartCount: 3, state: { waiting: { reason: 'CrashLoopBackOff' } } };
  const pod: Pod = {
    status: { phase: 'Running', containerStatuses: [{ ...status, lastState: { terminated } }] },
  };
  expect(pruneObject(pod)).toEqual({
    status: {
      phase: 'Running',
      containerStatuses: [{ ...status, lastState: { terminated: { exitCode: 1, reason: 'Error' } } }],
    },
  });
});

it('keeps of the end of a log that the webhook has no tenant, and nothing around it', () => {
  const message = 'password canary\npanic: required key AZURE_TENANT_ID missing value, canary\n';
  const status = { name: 'manager', restartCount: 3 };
  const pod: Pod = {
    status: { containerStatuses: [{ ...status, lastState: { terminated: { exitCode: 2, message } } }] },
  };
  const kept = 'required key AZURE_TENANT_ID missing value';
  expect(pruneObject(pod)).toEqual({
    status: {
      containerStatuses: [{ ...status, lastState: { terminated: { exitCode: 2, message: kept } } }],
    },
  });
});
