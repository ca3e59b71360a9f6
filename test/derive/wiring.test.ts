import { describe, expect, it } from 'vitest';
import { environmentValue } from '../../src/derive/environment.ts';
import { wiringOf } from '../../src/derive/wiring.ts';
import type { Container, PodSpec } from '../../src/kubernetes/types.ts';

const FOLDER = '/var/run/secrets/azure/tokens';
const FILE = `${FOLDER}/azure-identity-token`;
const SPEC: PodSpec = {
  containers: [],
  volumes: [
    {
      name: 'token',
      projected: {
        sources: [
          { serviceAccountToken: { audience: 'api://AzureADTokenExchange', path: 'azure-identity-token' } },
        ],
      },
    },
    { name: 'scratch', emptyDir: {} },
  ],
};

const ON_WINDOWS: PodSpec = { ...SPEC, nodeSelector: { 'kubernetes.io/os': 'windows' } };
const ON_LINUX: PodSpec = { ...SPEC, os: { name: 'linux' } };

function wiring(
  file: string,
  more: Partial<Container> = {},
  mounts: readonly string[] = [],
  spec: PodSpec = SPEC,
): object {
  const container: Container = {
    name: 'app',
    volumeMounts: [
      { name: 'token', mountPath: FOLDER },
      ...mounts.map((mountPath) => ({ name: 'scratch', mountPath })),
    ],
    env: [{ name: 'AZURE_FEDERATED_TOKEN_FILE', value: file }],
    ...more,
  };
  const { state, ...rest } = wiringOf(
    container,
    spec,
    environmentValue(container, 'AZURE_FEDERATED_TOKEN_FILE', undefined),
  );
  return { state, ...('problem' in rest ? { problem: rest.problem } : {}) };
}

describe('a token file', () => {
  it.each([
    ['as the webhook sets it', FILE],
    ['with a slash too many', `${FOLDER}//azure-identity-token`],
    ['by a detour', '/var/run/secrets/kubernetes.io/../azure/./tokens/azure-identity-token'],
  ])('is found %s', (_how, file) => {
    expect(wiring(file)).toEqual({ state: 'wired' });
  });

  it.each([
    ['with a drive', 'C:\\var\\run\\secrets\\azure\\tokens\\azure-identity-token'],
    ['with a drive and slashes', 'c:/Var/Run/Secrets/azure/tokens/azure-identity-token'],
    ['without a drive', '\\var\\run\\secrets\\azure\\tokens\\azure-identity-token'],
  ])('is found %s on Windows only', (_how, file) => {
    expect(wiring(file, {}, [], ON_WINDOWS)).toEqual({ state: 'wired' });
    expect(wiring(file, { workingDir: '/srv' }, [], ON_LINUX)).toMatchObject({ state: 'dangling' });
    expect(wiring(file)).toEqual({ state: 'unknown' });
  });

  it('is missed on another drive, and found wherever that is mounted', () => {
    const file = 'D:\\entra\\azure-identity-token';
    expect(wiring(file, {}, [], ON_WINDOWS)).toEqual({ state: 'dangling', problem: 'no-mount' });
    const volumeMounts = [{ name: 'token', mountPath: 'D:\\entra' }];
    expect(wiring(file, { volumeMounts }, [], ON_WINDOWS)).toEqual({ state: 'wired' });
  });

  it('below /run may be the one below /var/run, as the image has it', () => {
    const volumeMounts = [{ name: 'token', mountPath: '/run/secrets/azure/tokens' }];
    expect(wiring(FILE, { volumeMounts })).toEqual({ state: 'unknown' });
    expect(wiring(`${FILE}s`, { volumeMounts })).toEqual({ state: 'dangling', problem: 'no-mount' });
  });

  it('is found from the working directory, where that is known', () => {
    const relative = 'azure/tokens/azure-identity-token';
    expect(wiring(relative, { workingDir: '/var/run/secrets' })).toEqual({ state: 'wired' });
    expect(wiring(relative, { workingDir: '/srv' })).toEqual({ state: 'dangling', problem: 'no-mount' });
    expect(wiring(relative)).toEqual({ state: 'unknown' });
  });

  it.each([
    ['with another name', `${FOLDER}/Azure-Identity-Token`, 'no-such-path'],
    ['that is the folder', FOLDER, 'no-such-path'],
    ['with a blank before it', ` ${FILE}`, 'no-mount'],
    ['in quotes', `"${FILE}"`, 'no-mount'],
    ['with a blank behind it', `${FILE} `, 'no-such-path'],
    ['elsewhere', '/srv/token', 'no-mount'],
    ['of no name', '', 'empty'],
  ])('is missed %s', (_how, file, problem) => {
    expect(wiring(file)).toEqual({ state: 'dangling', problem });
  });

  it('is hidden by what is mounted over it, and by nothing above it or beside it', () => {
    expect(wiring(FILE, {}, [FILE])).toEqual({ state: 'dangling', problem: 'not-projected' });
    expect(wiring(FILE, {}, ['/var/run/secrets/azure', '/', `${FOLDER}-of-old`])).toEqual({ state: 'wired' });
  });
});

describe('a variable that refers to others', () => {
  const value = (env: Container['env'], more: Partial<Container> = {}): object =>
    environmentValue({ name: 'app', ...(env ? { env } : {}), ...more }, 'AZURE_CLIENT_ID', undefined);

  it('is filled in over any number of steps, by what stands before', () => {
    const env = [
      { name: 'TEAM', value: 'orders' },
      { name: 'ID', value: '$(TEAM)-mi' },
      { name: 'AZURE_CLIENT_ID', value: '$(ID) $$(TEAM) $(LATER)' },
      { name: 'LATER', value: 'too late' },
    ];
    expect(value(env)).toMatchObject({ state: 'value', value: 'orders-mi $(TEAM) $(LATER)' });
  });

  it('is the one before it where both have the same name', () => {
    const env = [
      { name: 'AZURE_CLIENT_ID', value: 'orders' },
      { name: 'AZURE_CLIENT_ID', value: '$(AZURE_CLIENT_ID)-mi' },
    ];
    expect(value(env)).toMatchObject({ state: 'value', value: 'orders-mi' });
  });

  it('is not visible where variables multiply each other beyond what a program may get', () => {
    const env = Array.from({ length: 60 }, (_, index) => ({
      name: index === 59 ? 'AZURE_CLIENT_ID' : `X${index}`,
      value: index === 0 ? 'x' : `$(X${index - 1})$(X${index - 1})`,
    }));
    expect(value(env)).toMatchObject({ state: 'hidden' });
  });

  it.each([
    ['a Secret', [{ name: 'ID', valueFrom: { secretKeyRef: { name: 'azure', key: 'id' } } }], {}],
    ['a ConfigMap of envFrom', [], { envFrom: [{ configMapRef: { name: 'azure' } }] }],
  ])('is not visible where one of them comes from %s', (_source, before, more) => {
    expect(value([...before, { name: 'AZURE_CLIENT_ID', value: '$(ID)' }], more)).toMatchObject({
      state: 'hidden',
    });
  });

  it('is not visible where one of them is made of a service', () => {
    expect(value([{ name: 'AZURE_CLIENT_ID', value: '$(WEB_SERVICE_HOST)' }])).toMatchObject({
      state: 'hidden',
    });
  });
});
