import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mintToken, serviceAccountClaims } from '../support/issuer.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import {
  CLIENT,
  ISSUER,
  OTHER_TENANT,
  ordersIdentity,
  READER,
  READER_APPLICATION,
  reasonOf,
  SECRET,
  SECRET_SIGN_IN,
  secretsIn,
  seenIn,
  startAzureScenario,
  SUBSCRIPTION,
  TENANT,
  azureWorld,
  type AzureScenario,
} from './azure-scenario.ts';

const AZURE_HOSTS = /management\.|graph\.|169\.254/;
const SIGN_IN_HOSTS = /microsoftonline|login\./;
const UNREFERENCED = 'client id 11111111-1111-4111-8111-111111111111';

let scenario: AzureScenario;
beforeAll(async () => {
  scenario = await startAzureScenario();
});
afterAll(() => scenario.close());

/** A folder with the profile that `az login` leaves behind. */
function cliProfile(subscriptions: readonly object[] = [{ id: SUBSCRIPTION, tenantId: TENANT }]): string {
  const folder = temporaryFolder('azure');
  writeFileSync(join(folder, 'azureProfile.json'), `\uFEFF${JSON.stringify({ subscriptions })}`);
  writeFileSync(join(folder, 'msal_token_cache.json'), '{}');
  return folder;
}

/** A folder for PATH with an `az` that answers this, by `--tenant` if one is given. */
function fakeAz(script: string, name = 'az'): string {
  const folder = temporaryFolder('bin');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
  return `${folder}:${process.env['PATH'] ?? ''}`;
}

/** Prints a document with a token for whichever of the two services is named among the arguments. */
function tokenAnswer(document: (token: string) => object): string {
  const token = (resource: string): string =>
    JSON.stringify(
      document(scenario.entra.issue({ tenantId: TENANT, appId: READER, objectId: READER, resource })),
    );
  return `case "$*" in *graph*) echo '${token('https://graph.microsoft.com')}';; *) echo '${token('https://management.azure.com')}';; esac`;
}

function azAnswer(tenantId: string): string {
  const token = (resource: string): string =>
    scenario.entra.issue({ tenantId, appId: READER, objectId: READER, resource });
  const answer = (resource: string): string =>
    JSON.stringify({
      accessToken: token(resource),
      expiresOn: '2099-01-01 00:00:00.000000',
      expires_on: 4_070_908_800,
      subscription: SUBSCRIPTION,
      tenant: tenantId,
      tokenType: 'Bearer',
    });
  return `case "$*" in *graph*) echo '${answer('https://graph.microsoft.com')}';; *) echo '${answer('https://management.azure.com')}';; esac`;
}

describe('without a sign-in', () => {
  it.each([
    ['nothing at all', {}],
    ['half of the variables', { AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: READER }],
    [
      'a token file that is not there',
      { ...SECRET_SIGN_IN, AZURE_CLIENT_SECRET: undefined, AZURE_FEDERATED_TOKEN_FILE: '/nowhere' },
    ],
    ['an az profile of somebody who signed out', { AZURE_CONFIG_DIR: cliProfile([]) }],
    ['credentials that the user ruled out', { ...SECRET_SIGN_IN, AZURE_TOKEN_CREDENTIALS: 'dev' }],
  ])('nobody at Azure is asked: %s', async (_, env) => {
    const before = scenario.entra.requests.length;
    const { code, report, connections } = await scenario.diagnose([], { env });
    expect(connections.filter((one) => AZURE_HOSTS.test(JSON.stringify(one)))).toEqual([]);
    // But for the one public document, which needs no sign-in.
    expect(scenario.entra.requests.slice(before)).toEqual([
      expect.objectContaining({ method: 'GET', path: `/${TENANT}/v2.0/.well-known/openid-configuration` }),
    ]);
    expect([code, report.verdict]).toEqual([3, 'inconclusive']);
    expect(reasonOf(report, 'identity/exists')).toContain('nothing was seen of client id');
    expect(report.next).toContain('az rest');
  });

  it('nor with --azure off, whatever the environment says', async () => {
    const { code, connections } = await scenario.diagnose(['--azure', 'off']);
    const asked = connections.map((one) => JSON.stringify(one));
    expect(asked.filter((one) => AZURE_HOSTS.test(one) || SIGN_IN_HOSTS.test(one))).toEqual([]);
    expect(code).toBe(3);
  });

  it('nor for a client id whose credentials come from a file', async () => {
    const file = join(temporaryFolder('credentials'), 'credentials.json');
    writeFileSync(file, '[]');
    const before = scenario.azure.requests.length;
    const { report } = await scenario.diagnose(['--federated-credentials', `${CLIENT}=${file}`]);
    expect(report.rootCauses).toEqual(['FIC-01']);
    const asked = scenario.azure.requests.slice(before).map(({ path, body }) => path + body);
    expect(asked.filter((text) => /federatedIdentityCredentials|servicePrincipals/.test(text))).toEqual([]);
  });
});

describe('with a sign-in', () => {
  it('of environment variables', async () => {
    const { code, report, stdout, stderr } = await scenario.diagnose();
    expect([code, report.verdict, report.findings]).toEqual([0, 'healthy', []]);
    expect(scenario.entra.attempts.at(-1)).toMatchObject({ with: 'secret', clientId: READER, code: 0 });
    expect(secretsIn(stdout + stderr)).toEqual([]);
  });

  it('of workload identity files', async () => {
    const world = azureWorld({
      tenants: [
        {
          id: TENANT,
          identities: [ordersIdentity()],
          applications: [
            {
              ...READER_APPLICATION,
              secrets: [],
              federatedCredentials: [
                { name: 'doctor', issuer: ISSUER, subject: 'system:serviceaccount:tools:doctor' },
              ],
            },
          ],
        },
      ],
    });
    const own = await startAzureScenario(world, { live: { clock: false } });
    const file = join(temporaryFolder('token'), 'token');
    writeFileSync(
      file,
      mintToken({
        claims: serviceAccountClaims({ issuer: ISSUER, namespace: 'tools', serviceAccount: 'doctor' }),
        header: { kid: 'signing-key-2026' },
      }),
    );
    const env = { AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: READER, AZURE_FEDERATED_TOKEN_FILE: file };
    const { report, stdout, stderr } = await own.diagnose([], { env });
    await own.close();
    expect(own.entra.attempts[0]).toMatchObject({ with: 'assertion', clientId: READER });
    expect(reasonOf(report, 'identity/exists')).not.toContain('nothing was seen');
    expect(secretsIn(stdout + stderr)).toEqual([]);
  });

  it('of the Azure CLI', async () => {
    const env = { AZURE_CONFIG_DIR: cliProfile(), PATH: fakeAz(azAnswer(TENANT)) };
    const { report, stdout } = await scenario.diagnose([], { env });
    expect(report.verdict).toBe('healthy');
    expect(secretsIn(stdout)).toEqual([]);
  });
});

describe('with a sign-in of another tool', () => {
  it('Azure Developer CLI', async () => {
    const folder = temporaryFolder('azd');
    writeFileSync(
      join(folder, 'auth.json'),
      JSON.stringify({ auth: { account: { currentUser: { homeAccountID: 'x' } } } }),
    );
    const answer = tokenAnswer((token) => ({ token, expiresOn: '2099-01-01T00:00:00Z' }));
    const env = { AZD_CONFIG_DIR: folder, PATH: fakeAz(answer, 'azd') };
    const { report, stdout } = await scenario.diagnose([], { env });
    expect(report.verdict).toBe('healthy');
    expect(secretsIn(stdout)).toEqual([]);
  });

  it('Azure PowerShell', async () => {
    const home = temporaryFolder('home');
    mkdirSync(join(home, '.Azure'), { recursive: true });
    writeFileSync(join(home, '.Azure', 'AzureRmContext.json'), JSON.stringify({ Contexts: { one: {} } }));
    const answer = tokenAnswer((Token) => ({ Token, ExpiresOn: '2099-01-01T00:00:00Z' }));
    const env = { HOME: home, PATH: fakeAz(answer, 'pwsh') };
    const { report, stdout } = await scenario.diagnose([], { env });
    expect(report.verdict).toBe('healthy');
    expect(secretsIn(stdout)).toEqual([]);
  });
});

describe('the variables of whoever runs wi-doctor', () => {
  it('are not taken for those of the pod', async () => {
    const before = scenario.entra.attempts.length;
    const env = { ...SECRET_SIGN_IN, AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.us/' };
    const { report } = await scenario.diagnose([], { env });
    // The pod signs in to the public cloud, so that is where its identity is looked for.
    expect(report.verdict).toBe('healthy');
    expect(new Set(scenario.entra.attempts.slice(before).map(({ code }) => code))).toContain(0);
    const [container] = report.containers;
    expect(container?.effective.clientId.value).toBe(CLIENT);
    expect(container?.effective.authorityHost.value).toBe('https://login.microsoftonline.com/');
  });
});

describe('a sign-in that does not do', () => {
  const NOBODY = 'echo "ERROR: Please run \'az login\' to setup account." >&2; exit 1';
  const EXPIRED =
    'echo "ERROR: AADSTS700082: The refresh token has expired due to inactivity. User jane@contoso.example" >&2; exit 1';
  const MFA = 'echo "ERROR: AADSTS50076: you must use multi-factor authentication. Trace ID: 1" >&2; exit 1';

  it.each([
    ['nobody is signed in any more', NOBODY, 'nobody is signed in with Azure any more'],
    ['it has expired', EXPIRED, 'the sign-in with Azure has expired (AADSTS700082)'],
    [
      'MFA is wanted',
      MFA,
      'Entra wants the user to confirm the sign-in (MFA or Conditional Access) (AADSTS50076)',
    ],
  ])('az: %s', async (_, script, reason) => {
    const env = { AZURE_CONFIG_DIR: cliProfile(), PATH: fakeAz(script) };
    const { code, report, stdout, stderr } = await scenario.diagnose([], { env });
    expect(code).toBe(3);
    expect(reasonOf(report, 'identity/exists')).toBe(`${UNREFERENCED} was not looked up: ${reason}`);
    expect(report.next).toMatch(new RegExp(`^az login --tenant ${TENANT} && wi-doctor pod`));
    expect(stdout + stderr).not.toMatch(/jane|Trace ID/);
  });

  it('az is not installed', async () => {
    const env = { AZURE_CONFIG_DIR: cliProfile(), PATH: '/nowhere' };
    const { code, report } = await scenario.diagnose([], { env });
    expect(code).toBe(3);
    expect(reasonOf(report, 'identity/exists')).toMatch(/was not looked up: (az is not on PATH|the sign-in)/);
  });

  it('the secret is refused', async () => {
    const env = { ...SECRET_SIGN_IN, AZURE_CLIENT_SECRET: `${SECRET}-no-more` };
    const { code, report, stdout, stderr } = await scenario.diagnose([], { env });
    expect(code).toBe(3);
    expect(reasonOf(report, 'identity/exists')).toBe(
      `${UNREFERENCED} was not looked up: Entra refuses the caller's own client secret (AADSTS7000215)`,
    );
    expect(report.next).toContain('az rest');
    expect(secretsIn(stdout + stderr)).toEqual([]);
  });

  it.each([
    ['something else', 'echo "{}"'],
    ['half an answer', `echo '{"accessToken": "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0'`],
    ['a token on the wrong stream', 'echo eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln >&2; exit 2'],
  ])('az prints %s', async (_, script) => {
    const env = { AZURE_CONFIG_DIR: cliProfile(), PATH: fakeAz(script) };
    const { code, report, stdout, stderr } = await scenario.diagnose(['-v', '-v'], { env });
    expect(code).toBe(3);
    expect(reasonOf(report, 'identity/exists')).toBe(
      `${UNREFERENCED} was not looked up: the sign-in with Azure failed`,
    );
    expect(secretsIn(stdout + stderr)).toEqual([]);
  });

  it('az is of an old release, which knows no UTC', async () => {
    const old = azAnswer(TENANT).replaceAll(/"expires_on":\d+,/g, '');
    const env = { AZURE_CONFIG_DIR: cliProfile(), PATH: fakeAz(old) };
    const { report } = await scenario.diagnose([], { env });
    expect(report.verdict).toBe('healthy');
  });

  it('az never answers', async () => {
    const env = { AZURE_CONFIG_DIR: cliProfile(), PATH: fakeAz('exec sleep 60') };
    const { code, report, ms } = await scenario.diagnose([], { env });
    expect(code).toBe(3);
    expect(reasonOf(report, 'identity/exists')).toBe(
      `${UNREFERENCED} was not looked up: the sign-in with Azure took too long`,
    );
    // One limit, not one for each tenant and service that was tried.
    expect(ms).toBeLessThan(20_000);
  });

  it('Entra never answers', async () => {
    const hosts = { 'login.microsoftonline.com': 'hang', 'login.microsoft.com': 'hang' };
    const { code, report, ms } = await scenario.diagnose([], { hosts });
    expect(code).toBe(3);
    expect(reasonOf(report, 'identity/exists')).toBe(
      `${UNREFERENCED} was not looked up: the sign-in with Azure took too long`,
    );
    expect(ms).toBeLessThan(20_000);
  });

  it('Entra cannot be reached', async () => {
    const hosts = { 'login.microsoftonline.com': 'ECONNREFUSED', 'login.microsoft.com': 'ECONNREFUSED' };
    const { code, report, stdout, stderr, ms } = await scenario.diagnose([], { hosts });
    expect(code).toBe(3);
    expect(reasonOf(report, 'identity/exists')).toMatch(/was not looked up: the sign-in/);
    expect(secretsIn(stdout + stderr)).toEqual([]);
    expect(ms).toBeLessThan(20_000);
  });
});

describe('a sign-in for another tenant', () => {
  const FAR = { AZURE_TENANT_ID: OTHER_TENANT, AZURE_CLIENT_ID: READER, AZURE_CLIENT_SECRET: SECRET };

  it('cannot tell what does not exist', async () => {
    const own = await startAzureScenario(
      azureWorld({
        tenants: [
          { id: TENANT, identities: [ordersIdentity()] },
          { id: OTHER_TENANT, applications: [READER_APPLICATION] },
        ],
      }),
    );
    const { code, report } = await own.diagnose([], { env: FAR });
    await own.close();
    expect([code, report.verdict]).toEqual([3, 'inconclusive']);
    expect(reasonOf(report, 'identity/exists')).toBe(
      `the sign-in with Azure is for tenant ${OTHER_TENANT}, so nothing can be seen of client id ${CLIENT} in tenant ${TENANT}`,
    );
    expect(report.next).toMatch(new RegExp(`^az login --tenant ${TENANT} && `));
  });

  it('tells where the identity really lives', async () => {
    const own = await startAzureScenario(
      azureWorld({
        tenants: [
          { id: TENANT },
          { id: OTHER_TENANT, identities: [ordersIdentity()], applications: [READER_APPLICATION] },
        ],
        subscriptions: [{ id: SUBSCRIPTION, tenantId: OTHER_TENANT }],
      }),
    );
    const { code, report } = await own.diagnose([], { env: FAR });
    await own.close();
    expect(code).toBe(1);
    expect(seenIn(report)).toMatchObject({ verdict: 'problem', rootCauses: ['ENT-01'] });
    expect(report.headline).toContain(OTHER_TENANT);
  });

  it('is asked for, where the user may have one', async () => {
    const tenants = `case "$*" in *--tenant*) ${azAnswer(TENANT)} ;; *) ${azAnswer(OTHER_TENANT)} ;; esac`;
    const env = { AZURE_CONFIG_DIR: cliProfile(), PATH: fakeAz(tenants) };
    const { report } = await scenario.diagnose([], { env });
    expect(report.verdict).toBe('healthy');
  });
});
