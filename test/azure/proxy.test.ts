import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/report.ts';
import { startProxy, type Proxy } from '../support/proxy.ts';
import type { HostTarget, RunResult } from '../support/run-cli.ts';
import {
  reasonOf,
  SECRET_SIGN_IN,
  secretsIn,
  startAzureScenario,
  type AzureScenario,
} from './azure-scenario.ts';

const ISSUER_HOST = 'eastus.oic.prod-aks.azure.com';
const EXCHANGE = ['--exchange'];
const PASSWORD = 'a-secret-of-the-proxy';

interface Behind {
  /** Without it the caller signs in with a secret. */
  readonly env?: Record<string, string | undefined>;
  /** How a name is known on this machine; nothing outside is, unless said here. */
  readonly here?: Record<string, HostTarget>;
  /** Where names lead that only the proxy looks up, instead of to the servers of the scenario. */
  readonly beyond?: Record<string, string>;
  readonly credentials?: string;
  readonly scenario?: string;
  readonly args?: readonly string[];
  readonly proxyEnv?: (proxy: Proxy, scenario: AzureScenario) => Record<string, string>;
}

type Seen = RunResult & {
  readonly report: Report;
  readonly tunnels: readonly string[];
  readonly proxy: Proxy;
};

/** A run on a machine that comes out through a proxy only. */
async function runBehind(options: Behind): Promise<Seen> {
  const { env = SECRET_SIGN_IN, here = {}, beyond = {}, credentials, args = EXCHANGE } = options;
  const scenario = await startAzureScenario(undefined, {
    scenario: options.scenario ?? 'healthy',
    // The token is signed and judged now: no clock of the scenario.
    live: { clock: false },
  });
  const names = { ...scenario.live.hosts, ...scenario.entra.hosts, ...scenario.azure.hosts };
  const outside = Object.fromEntries(
    Object.entries(names).flatMap(([name, target]) => (typeof target === 'string' ? [[name, target]] : [])),
  );
  const proxy = await startProxy({
    hosts: { ...outside, ...beyond },
    ...(credentials === undefined ? {} : { credentials }),
  });
  const proxyEnv = options.proxyEnv?.(proxy, scenario) ?? { HTTPS_PROXY: proxy.url };
  const unknownHere = Object.fromEntries(Object.keys(names).map((name) => [name, 'ENOTFOUND']));
  try {
    const result = await scenario.diagnose([...args], {
      env: { ...env, ...proxyEnv },
      hosts: { ...unknownHere, ...here },
    });
    return { ...result, tunnels: [...proxy.tunnels], proxy };
  } finally {
    await Promise.all([scenario.close(), proxy.close()]);
  }
}

function tunnelled({ tunnels }: Seen): string[] {
  return [...new Set(tunnels)].toSorted();
}

describe('behind a proxy', () => {
  it('issuer, Entra, Azure Resource Manager and Graph are asked through it', async () => {
    const seen = await runBehind({});
    expect([seen.report.verdict, seen.code]).toEqual(['healthy', 0]);
    expect(tunnelled(seen)).toEqual([
      `${ISSUER_HOST}:443`,
      'graph.microsoft.com:443',
      'login.microsoftonline.com:443',
      'management.azure.com:443',
    ]);
    expect(seen.report.checks.find(({ id }) => id === 'exchange/accepted')?.status).toBe('pass');
    expect(seen.report.checks.find(({ id }) => id === 'issuer/discovery')?.status).toBe('pass');
    expect(secretsIn(seen.stdout + seen.stderr)).toEqual([]);
  });

  it('needs no scheme, and takes user and password, which nobody sees', async () => {
    const seen = await runBehind({
      credentials: `jane:${PASSWORD}`,
      proxyEnv: ({ url }) => ({ https_proxy: `jane:${PASSWORD}@${url.replace('http://', '')}` }),
    });
    expect([seen.report.verdict, seen.code]).toEqual(['healthy', 0]);
    expect(seen.stdout + seen.stderr).not.toMatch(new RegExp(`${PASSWORD}|jane`));
  });

  it('NO_PROXY is heeded as by kubectl', async () => {
    const seen = await runBehind({
      proxyEnv: ({ url }) => ({ HTTPS_PROXY: url, NO_PROXY: '*' }),
      env: {},
      args: ['--azure', 'off'],
    });
    expect(seen.tunnels).toEqual([]);
    expect(reasonOf(seen.report, 'issuer/discovery')).toMatch(/does not resolve here/);
  });

  it.each([
    ['wants user and password (407)', { credentials: 'jane:x' }],
    [
      'cannot be reached (ECONNREFUSED)',
      { proxyEnv: () => ({ HTTPS_PROXY: `http://jane:${PASSWORD}@127.0.0.1:9` }) },
    ],
  ] satisfies [string, Behind][])('one that %s leaves everything unknown', async (words, behind) => {
    const seen = await runBehind(behind);
    expect([seen.report.verdict, seen.code, seen.report.rootCauses]).toEqual(['inconclusive', 3, []]);
    const about = new RegExp(`the proxy 127\\.0\\.0\\.1:\\d+ ${words.replaceAll(/[()]/g, String.raw`\$&`)}`);
    expect(reasonOf(seen.report, 'issuer/discovery')).toMatch(about);
    expect(reasonOf(seen.report, 'exchange/accepted')).toMatch(about);
    expect(reasonOf(seen.report, 'identity/exists')).toMatch(about);
    expect(secretsIn(seen.stdout + seen.stderr)).toEqual([]);
    expect(seen.stdout + seen.stderr).not.toContain(PASSWORD);
  });

  it('one that refuses a host is not taken for the host', async () => {
    const seen = await runBehind({ beyond: { [ISSUER_HOST]: '', 'management.azure.com': '' } });
    expect(seen.report.rootCauses).toEqual([]);
    expect(reasonOf(seen.report, 'issuer/discovery')).toMatch(
      /^the proxy 127\.0\.0\.1:\d+ does not let requests through to eastus\S+ \(403\)$/,
    );
    const exists = seen.report.checks.find(({ id }) => id === 'federated-credential/exists');
    // Entra took the token, so nothing rests on it.
    expect(exists?.status).toBe('skip');
  });

  it.each(['socks5://127.0.0.1:1080', 'not a proxy', 'ftp://127.0.0.1:21'])(
    'that is none (%s) is said, not used',
    async (named) => {
      const seen = await runBehind({
        proxyEnv: () => ({ HTTPS_PROXY: named }),
        args: ['--exchange'],
        env: {},
      });
      const said = /^HTTPS_PROXY names no HTTP proxy, so nothing was asked/;
      expect(reasonOf(seen.report, 'issuer/discovery')).toMatch(said);
      expect(reasonOf(seen.report, 'exchange/accepted')).toMatch(said);
      expect(seen.code).toBe(3);
    },
  );

  it('HTTPS_PROXY that is none is said of Azure, too', async () => {
    const seen = await runBehind({ proxyEnv: () => ({ HTTPS_PROXY: 'socks5://127.0.0.1:1080' }), args: [] });
    expect(seen.code).toBe(3);
    expect(reasonOf(seen.report, 'identity/exists')).toMatch(
      /was not looked up: HTTPS_PROXY names no HTTP proxy/,
    );
  });
});

describe('the issuer behind a proxy', () => {
  const ALONE = { env: {}, args: ['--azure', 'off'] };

  it('is asked through it when its name is public here', async () => {
    const seen = await runBehind({ ...ALONE, here: { [ISSUER_HOST]: { address: '20.1.2.3' } } });
    expect(tunnelled(seen)).toEqual([`${ISSUER_HOST}:443`]);
    expect(seen.report.checks.find(({ id }) => id === 'issuer/discovery')?.status).toBe('pass');
  });

  it.each(['10.0.0.5', '127.0.0.1', '169.254.169.254'])(
    'is not asked through it when its name is private here (%s)',
    async (address) => {
      const seen = await runBehind({ ...ALONE, here: { [ISSUER_HOST]: { address } } });
      expect(seen.tunnels).toEqual([]);
      expect(reasonOf(seen.report, 'issuer/discovery')).toMatch(/so it was not asked/);
    },
  );

  it('with a private name is a failure, and not asked through it either', async () => {
    const seen = await runBehind({ ...ALONE, scenario: 'issuer-inside-the-cluster' });
    expect(seen.tunnels).toEqual([]);
    expect(seen.report.verdict).toBe('problem');
  });

  it.each([
    ['issuer-certificate-of-a-private-authority', /shows a certificate that is not trusted here/],
    ['issuer-behind-a-storage-firewall', /answered 403/],
    ['issuer-answers-with-a-web-page', /answered with something else than JSON/],
  ])('is not blamed for what the proxy may have done: %s', async (scenario, words) => {
    const seen = await runBehind({ ...ALONE, scenario });
    expect(seen.report.rootCauses).toEqual([]);
    const reason = reasonOf(seen.report, 'issuer/discovery');
    expect(reason).toMatch(words);
    expect(reason).toMatch(/through the proxy 127\.0\.0\.1:\d+, and that may be the proxy's doing$/);
  });

  it('is blamed for a document that is not there, which no proxy makes up', async () => {
    const seen = await runBehind({ ...ALONE, scenario: 'issuer-not-published' });
    expect(seen.report.rootCauses).toEqual(['ISS-01']);
  });
});
