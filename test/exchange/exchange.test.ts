import { describe, expect, it } from 'vitest';
import { diagnosePod, runPod } from '../live/diagnose-live.ts';
import type { KubernetesObject } from '../support/api-server.ts';
import type { Fault } from '../support/faults.ts';
import { findingLine, worldOf } from '../scenarios.ts';
import { startExchange, TENANT, azureWorldOf, type ExchangedScenario } from './entra-of-scenario.ts';

const OFF = ['--exchange', '--azure', 'off'];
const TOKEN_PATH = /oauth2/;
const CLIENT = '11111111-1111-4111-8111-111111111111';

async function withScenario(
  start: ReturnType<typeof startExchange>,
  use: (live: ExchangedScenario) => Promise<void>,
): Promise<void> {
  const live = await start;
  try {
    await use(live);
  } finally {
    await live.close();
  }
}

function bare(live: ExchangedScenario): ExchangedScenario {
  return {
    ...live,
    flags: live.flags.filter((flag) => !flag.includes('credentials') && !flag.includes(CLIENT)),
  };
}

/** The healthy pod with another AZURE_AUTHORITY_HOST, which its template does not name. */
function podSigningInAt(host: string) {
  const pod = worldOf('healthy').facts.pod;
  if (pod?.state !== 'present') throw new Error('no pod');
  const changed = structuredClone(pod.value) as unknown as KubernetesObject & {
    spec: { containers: { env: { name: string; value: string }[] }[] };
  };
  for (const entry of changed.spec.containers[0]?.env ?? [])
    if (entry.name === 'AZURE_AUTHORITY_HOST') entry.value = host;
  return changed;
}

describe('an exchange', () => {
  it('settles what nobody could look up, and tells what it sent where', () =>
    withScenario(startExchange('healthy'), async (live) => {
      const without = await diagnosePod(bare(live), ['--azure', 'off']);
      expect(without.report.verdict).toBe('inconclusive');
      expect(without.report.requests).toEqual([]);
      const { report, code } = await diagnosePod(bare(live), OFF);
      expect([report.verdict, code, report.findings]).toEqual(['healthy', 0, []]);
      expect(report.requests).toEqual([
        { method: 'POST', target: '/api/v1/namespaces/shop/serviceaccounts/web/token' },
        { method: 'POST', target: `https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token` },
      ]);
      expect(live.entra.attempts[0]).toMatchObject({
        clientId: CLIENT,
        scope: 'https://graph.microsoft.com/.default',
        with: 'assertion',
        code: 0,
      });
      expect(report.chain.find(({ link }) => link === 'exchange')?.state).toBe('ok');
    }));

  it.each([
    ['https://login.evil.example/', /no sign-in host of Microsoft Entra ID/],
    ['https://login.microsoftonline.com@login.evil.example/', /no sign-in host/],
    ['https://login.microsoftonline.com.evil.example/', /no sign-in host/],
    ['https://login.microsoftonline.com:8443/', /no sign-in host/],
    ['http://login.microsoftonline.com/', /no https URL/],
    ['', /no https URL/],
  ])('with the authority host %s of a pod is not sent anywhere', (host, reason) =>
    withScenario(startExchange('healthy'), async (live) => {
      await live.api.patch(podSigningInAt(host));
      const { report, connections } = await diagnosePod(live, OFF);
      expect(report.rootCauses).toContain('POD-08');
      const check = report.checks.find(({ id }) => id === 'exchange/accepted');
      expect(check?.status).toBe('unknown');
      expect(check?.reason).toMatch(reason);
      expect(live.entra.requests).toEqual([]);
      expect(report.requests.filter(({ target }) => target.startsWith('https:'))).toEqual([]);
      expect(connections.filter(({ connect }) => connect?.includes('login'))).toEqual([]);
    }),
  );

  it('goes to the host of --authority-host, whatever the pod says', () =>
    withScenario(startExchange('healthy'), async (live) => {
      const host = `localhost:${live.entra.port}`;
      const { report } = await diagnosePod(live, [...OFF, '--authority-host', host]);
      expect(live.entra.requests.map((request) => request.host)).toEqual(['localhost']);
      expect(report.requests.at(-1)?.target).toBe(`https://${host}/${TENANT}/oauth2/v2.0/token`);
    }));

  it('takes the host that the user vouches for from the pod too', () =>
    withScenario(startExchange('healthy'), async (live) => {
      const host = `localhost:${live.entra.port}`;
      await live.api.patch(podSigningInAt(`https://${host}/`));
      const { report, code } = await diagnosePod(live, [...OFF, '--authority-host', host]);
      expect([report.verdict, code, report.findings]).toEqual(['healthy', 0, []]);
    }));

  it('tells a rate below 100 % as transient, never as a mismatch', () =>
    withScenario(startExchange('healthy', { entra: { failureRate: 0.25 } }), async (live) => {
      const { report } = await diagnosePod(live, [...OFF, '--attempts', '8', '--interval', '0']);
      expect(live.entra.attempts).toHaveLength(8);
      expect(report.rootCauses).toEqual(['FIC-12']);
      expect(report.findings[0]?.message).toContain(
        '6 of 8 exchanges (95 % interval of the success rate: 41 to 93 %)',
      );
      expect(report.findings.map(findingLine)).toHaveLength(2);
    }));

  it('has its answer among the errors, explained, with the ids that Microsoft asks for', () =>
    withScenario(startExchange('subject-of-another-service-account'), async (live) => {
      const { report } = await diagnosePod(live, [...OFF, '--attempts', '2', '--interval', '0']);
      const [error, ...more] = report.errors;
      expect(more).toEqual([]);
      expect(error).toMatchObject({
        code: 700213,
        oauthError: 'invalid_client',
        httpStatus: 401,
        origin: 'exchange with login.microsoftonline.com',
        count: 2,
        fields: { subject: 'system:serviceaccount:shop:web' },
      });
      const guids = [expect.stringMatching(/^[0-9a-f-]{36}$/), expect.stringMatching(/^[0-9a-f-]{36}$/)];
      expect(error?.fields.traceId).toEqual(guids);
      expect(error?.fields.correlationId).toEqual(guids);
      expect(error?.fields.timestamp).toMatch(/^2026-11-20 /);
      expect(error?.causes.map(({ code }) => code)).toContain('FIC-05');
      const accepted = await diagnosePod({ ...live, flags: [] }, []);
      expect(accepted.report.errors).toEqual([]);
    }));

  it('waits for a credential that is not known everywhere yet', () => {
    const name = 'healthy';
    const world = azureWorldOf(worldOf(name));
    const credential = world.tenants[0]?.identities?.[0]?.federatedCredentials?.[0];
    if (credential) credential.unseenExchanges = 1;
    return withScenario(startExchange(name, { world }), async (live) => {
      const { report, stderr } = await diagnosePod(live, [...OFF, '--wait=30s']);
      expect(report.verdict).toBe('healthy');
      expect(live.entra.attempts.map(({ code }) => code)).toEqual([700213, 0]);
      expect(stderr).toBe('');
    });
  });

  it.each([
    [
      'redirect',
      { kind: 'redirect', location: 'https://login.evil.example/' },
      /redirects, which is not followed/,
    ],
    ['web page', { kind: 'html', status: 200, body: '<html>proxy</html>' }, /is not Entra/],
    ['outage without end', { kind: 'error', status: 503, retryAfter: 60 }, /out of order \(HTTP 503\)/],
    ['reset', { kind: 'reset' }, /from here \(/],
  ] satisfies [string, Fault, RegExp][])(
    'that meets a %s is unknown, not a failure',
    (_what, fault, reason) =>
      withScenario(
        startExchange('healthy', {
          entra: { faults: [{ match: { method: 'POST', path: TOKEN_PATH }, fault }] },
        }),
        async (live) => {
          const { report } = await diagnosePod(live, OFF);
          expect(report.verdict).toBe('inconclusive');
          const check = report.checks.find(({ id }) => id === 'exchange/accepted');
          expect([check?.status, check?.reason]).toEqual(['unknown', expect.stringMatching(reason)]);
        },
      ),
  );

  it('is repeated when Entra limits requests', () =>
    withScenario(
      startExchange('healthy', {
        entra: {
          faults: [
            {
              match: { method: 'POST', path: TOKEN_PATH, times: 1 },
              fault: { kind: 'error', status: 429, retryAfter: 1 },
            },
          ],
        },
      }),
      async (live) => {
        const { report } = await diagnosePod(live, OFF);
        expect(report.checks.find(({ id }) => id === 'exchange/accepted')?.status).toBe('pass');
        expect(report.requests.filter(({ target }) => target.startsWith('https:'))).toHaveLength(2);
      },
    ));

  it('of an identity binding is for the inside of the pod', () =>
    withScenario(startExchange('identity-binding-but-fine'), async (live) => {
      const { report } = await diagnosePod(live, OFF);
      const check = report.checks.find(({ id }) => id === 'exchange/accepted');
      expect([check?.status, check?.reason]).toEqual([
        'unknown',
        expect.stringMatching(/only inside the pod/),
      ]);
      expect(live.entra.attempts).toEqual([]);
    }));

  it.each(['table', 'short', 'json', 'yaml', 'markdown'])('leaves no token behind in %s', (format) =>
    withScenario(startExchange('subject-of-another-service-account'), async (live) => {
      const { stdout, stderr } = await runPod(live, [...OFF, '-o', format, '-v', '-v']);
      expect(live.entra.attempts).toHaveLength(1);
      expect(`${stdout}${stderr}`).not.toMatch(/eyJ[\w-]{10,}|Bearer|client_assertion=|access_token/i);
      expect(`${stdout}${stderr}`).not.toContain(live.api.token);
    }),
  );

  it.each(['accepted', 'played back'])('leaves no token behind when it was %s', (how) => {
    let sent = '';
    const reply = {
      kind: 'reply' as const,
      status: 401,
      body: JSON.stringify({
        error: 'invalid_client',
        error_description: 'AADSTS50027: eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln',
        error_codes: [50027],
      }),
    };
    return withScenario(
      startExchange(
        'healthy',
        how === 'accepted'
          ? {}
          : { entra: { faults: [{ match: { method: 'POST', path: TOKEN_PATH }, fault: reply }] } },
      ),
      async (live) => {
        const { stdout, stderr } = await runPod(live, [...OFF, '-o', 'json']);
        sent = `${stdout}${stderr}`;
        expect(sent).not.toMatch(/eyJ[\w-]{10,}/);
      },
    );
  });
});

describe('flags that make no sense', () => {
  it.each([
    [['--attempts', '3'], /only has a meaning with --exchange/],
    [['--exchange', '--attempts', '0'], /from 1 to 50/],
    [['--exchange', '--attempts', '51'], /from 1 to 50/],
    [['--exchange', '--attempts', 'many'], /from 1 to 50/],
    [['--exchange', '--interval', '2h'], /up to 60 seconds/],
    [['--exchange', '--scope', 'a b'], /one scope without blanks/],
    [['--exchange', '--authority-host', 'http://login.example.com'], /asked over https/],
    [['--wait=2h'], /from 1s to 60m/],
    [['--wait=soon'], /from 1s to 60m/],
    [['--exchange', '--bundle', '.'], /exclude each other/],
    [['--exec', '--token-file', 'x'], /both name the token/],
    [['--wait', '--token-file', '-'], /standard input can be read once/],
  ])('%j', (flags, message) =>
    withScenario(startExchange('healthy'), async (live) => {
      const { code, stderr } = await runPod({ ...live, flags: [] }, flags);
      expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
      expect(live.api.requests).toEqual([]);
    }),
  );
});
