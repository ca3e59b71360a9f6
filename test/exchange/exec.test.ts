import { describe, expect, it } from 'vitest';
import { diagnosePod, runPod } from '../live/diagnose-live.ts';
import { startScenario, type LiveOptions, type LiveScenario } from '../live/start-scenario.ts';
import { keyOf } from '../live/live-token.ts';
import { mintToken, serviceAccountClaims } from '../support/mint-token.ts';

const FILE = '/var/run/secrets/azure/tokens/azure-identity-token';
const ISSUER =
  'https://eastus.oic.prod-aks.azure.com/22222222-2222-4222-8222-222222222222/33333333-3333-4333-8333-333333333333/';
/** The moment of the healthy scenario. */
const NOW = Date.parse('2026-11-20T09:30:00Z') / 1000;

function tokenOf(age: number, lifetime = 3600): string {
  return mintToken({
    key: keyOf('signing-key-2026'),
    claims: serviceAccountClaims({
      issuer: ISSUER,
      namespace: 'shop',
      serviceAccount: 'web',
      uid: 'aaaaaaaa-0000-4000-8000-000000000003',
      audiences: ['api://AzureADTokenExchange'],
      issuedAt: NOW - age,
      lifetime,
      pod: { name: 'web-7d9f-x2k4q', uid: 'aaaaaaaa-0000-4000-8000-000000000001' },
    }),
  });
}

type Answer = { stdout?: string; stderr?: string; exitCode?: number; notStarted?: string; cut?: boolean };

async function withContainer(
  answer: (command: string[]) => Answer,
  use: (live: LiveScenario, commands: string[][]) => Promise<void>,
  options: LiveOptions = {},
  name = 'healthy',
): Promise<void> {
  const commands: string[][] = [];
  const live = await startScenario(name, {
    exec: {
      'shop/web-7d9f-x2k4q/app': (command) => {
        commands.push(command);
        return answer(command);
      },
    },
    ...options,
  });
  try {
    await use(live, commands);
  } finally {
    await live.close();
  }
}

const missing = (program = ''): Answer => ({
  notStarted: `exec: "${program}": executable file not found in $PATH: unknown`,
});

describe('--exec', () => {
  it('shows a token that nobody renews, which a minted one never would', () =>
    withContainer(
      () => ({ stdout: tokenOf(7200) }),
      async (live, commands) => {
        const { report } = await diagnosePod(live, ['--exec']);
        expect(report.rootCauses[0]).toMatch(/^TOK-0[57]$/);
        expect(commands).toEqual([['cat', FILE]]);
        expect(report.requests.map(({ target }) => target.split('?')[0])).toEqual([
          '/api/v1/namespaces/shop/pods/web-7d9f-x2k4q/exec',
        ]);
      },
    ));

  it.each(['sh', '/busybox/cat', 'python3', 'node'])(
    'reads with %s where there is nothing before it',
    (program) =>
      withContainer(
        (command) => (command[0] === program ? { stdout: tokenOf(60) } : missing(command[0])),
        async (live, commands) => {
          const { report } = await diagnosePod(live, ['--exec']);
          expect(report.checks.find(({ id }) => id === 'token/time')?.status).toBe('pass');
          expect(commands.at(-1)?.[0]).toBe(program);
        },
      ),
  );

  it.each([
    ['a distroless image', missing('x'), /as distroless images have none/],
    [
      'a file that is not there',
      { exitCode: 1, stderr: `cat: ${FILE}: No such file or directory` },
      /No such file/,
    ],
    [
      'a file it may not read',
      { exitCode: 1, stderr: `cat: ${FILE}: Permission denied` },
      /Permission denied/,
    ],
    ['an empty file', { stdout: '' }, /is empty/],
    ['a session that breaks off', { cut: true }, /broken off/],
  ])('knows nothing after %s', (_what, answer, reason) =>
    withContainer(
      () => answer,
      async (live) => {
        const { report, code } = await diagnosePod(live, ['--exec']);
        const check = report.checks.find(({ id }) => id === 'token/time');
        expect([check?.status, check?.reason, code]).toEqual(['unknown', expect.stringMatching(reason), 0]);
        expect(check?.reason).toContain('--mint');
        expect(report.chain.find(({ link }) => link === 'token')?.state).toBe('unknown');
        expect(report.headline).toContain('the token you asked for could not be looked at');
      },
    ),
  );

  it('names the right that is missing', () =>
    withContainer(
      () => ({ stdout: tokenOf(60) }),
      async (live) => {
        const { report } = await diagnosePod(live, ['--exec']);
        expect(report.checks.find(({ id }) => id === 'token/time')?.reason).toMatch(/pods\/exec/);
      },
      {
        deny: [
          { verb: 'create', resource: 'pods/exec' },
          { verb: 'get', resource: 'pods/exec' },
        ],
      },
    ));

  it.each([
    [403, 'Forbidden'],
    [422, 'Invalid'],
  ])('tells a policy of the cluster from a right that is missing (%i)', (code, reason) =>
    withContainer(
      () => ({ stdout: tokenOf(60) }),
      async (live) => {
        const { report } = await diagnosePod(live, ['--exec']);
        const said = report.checks.find(({ id }) => id === 'token/time')?.reason;
        expect(said).toContain("ValidatingAdmissionPolicy 'aks-managed-block-exec'");
        expect(said).toContain(`a policy of the cluster refuses it, whatever the user may do (${code})`);
        expect(said).not.toMatch(/may not/);
      },
      {
        faults: [
          {
            match: { path: /\/exec\?/ },
            fault: {
              kind: 'reply',
              status: code,
              body: {
                kind: 'Status',
                apiVersion: 'v1',
                status: 'Failure',
                message:
                  "pods \"web-7d9f-x2k4q\" is forbidden: ValidatingAdmissionPolicy 'aks-managed-block-exec' with binding 'aks-managed-block-exec-binding' denied request: Users cannot exec into pods of managed system namespaces",
                reason,
                code,
              },
            },
          },
        ],
      },
    ),
  );

  it('tells each place it asked once, however many ways of reading there were', () =>
    withContainer(
      () => missing('x'),
      async (live) => {
        const { stdout } = await runPod(live, ['--exec']);
        const flat = stdout.replaceAll(/\s+/g, ' ');
        expect(flat).toContain(
          'this run asked for: GET /api/v1/namespaces/shop/pods/web-7d9f-x2k4q/exec (5 times)',
        );
        expect(flat).not.toContain('busybox');
        const short = await runPod(live, ['--exec', '-o', 'short']);
        expect(short.stdout.match(/^request .*$/gm)).toEqual([
          'request GET /api/v1/namespaces/shop/pods/web-7d9f-x2k4q/exec (5 times)',
        ]);
        const { report } = await diagnosePod(live, ['--exec']);
        expect(report.requests).toHaveLength(5);
      },
    ));

  it('uses the shell of Windows there', () =>
    withContainer(
      () => ({ stdout: tokenOf(60) }),
      async (live, commands) => {
        await diagnosePod(live, ['--exec']);
        expect(commands[0]?.slice(0, 3)).toEqual(['cmd.exe', '/c', 'type']);
        expect(commands[0]?.[3]).toMatch(/^C:\\var\\run\\secrets/);
      },
      {},
      'windows-but-fine',
    ));

  it.each(['table', 'json', 'yaml', 'markdown'])('leaves no token behind in %s', (format) =>
    withContainer(
      () => ({ stdout: tokenOf(60) }),
      async (live) => {
        const { stdout, stderr } = await runPod(live, ['--exec', '-o', format, '-v', '-v']);
        expect(`${stdout}${stderr}`).not.toMatch(/eyJ[\w-]{10,}/);
      },
    ),
  );

  it('is the only way to pods/exec', () =>
    withContainer(
      () => ({ stdout: tokenOf(60) }),
      async (live, commands) => {
        await diagnosePod(live, ['--mint']);
        expect(commands).toEqual([]);
        expect(live.api.requests.filter(({ path }) => path.includes('/exec'))).toEqual([]);
      },
    ));
});
