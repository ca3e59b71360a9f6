import { describe, expect, it } from 'vitest';
import { diagnosePod } from '../live/diagnose-live.ts';
import { readExpected, scenarioNames, worldOf } from '../scenarios.ts';
import { startExchange } from './entra-of-scenario.ts';

/** Layers whose faults an exchange can meet, and the values that lead it there. */
const LAYERS = /^(FIC|ENT|TOK|ISS|SA-0[2-7])/;

/** What is wrong there shows in Azure only, so that without a look there Entra's answer is all there is. */
const AZURE_ONLY = new Set([
  'credential-and-role-on-another-identity',
  'credential-on-another-identity-and-cluster-re-created',
  'credential-on-another-identity-and-one-for-eks',
  'identity-binding-by-principal-id',
  'two-faults-issuer-and-role',
  'two-faults-oidc-issuer-and-quotes',
  'credential-on-another-identity',
  'credential-on-another-identity-and-other-issuer',
  'credential-on-another-identity-and-other-subject',
  'identity-deleted',
  'object-id-of-the-application-as-client-id',
  'principal-id-as-client-id',
  'region-without-federated-credentials',
  'identity-of-another-tenant',
  'system-assigned-identity',
  'tenant-of-someone-else',
]);

/** Scenarios that cannot be played here, and why. */
const NOT_PLAYED: Readonly<Record<string, string>> = {
  'keys-of-an-elliptic-curve': 'the API server of the tests signs with RSA',
  'other-key-published-under-the-same-id-without-token': 'keys of one id are one key here',
  'other-key-published-under-the-same-id': 'keys of one id are one key here',
  'token-of-entra-presented': 'the Entra of the tests publishes no documents as an issuer',
};

/** The finding that an answer of Entra stands for, when it is the only evidence. */
const PRECISION: Readonly<Record<number, string>> = {
  70025: 'FIC-01',
  700211: 'FIC-02',
  700212: 'FIC-08',
  700213: 'FIC-05',
  7002131: 'FIC-05',
  7002138: 'FIC-06',
  501661: 'ISS-01',
  7000272: 'ISS-03',
  700016: 'ENT-01',
  90002: 'ENT-02',
  900023: 'ENT-02',
  7000229: 'ENT-03',
  7000112: 'ENT-04',
};

const played = scenarioNames().filter(
  (name) =>
    !Object.hasOwn(NOT_PLAYED, name) &&
    worldOf(name).facts.exchanges === undefined &&
    // What Entra answered to a program some time ago is another answer than the one of now.
    worldOf(name).facts.errors === undefined &&
    // A token that is exchanged names its issuer, which nobody knows there.
    worldOf(name).facts.apiServerDiscovery?.state !== 'unknown' &&
    readExpected(name).verdict === 'problem' &&
    readExpected(name).rootCauses.some((code) => LAYERS.test(code)) &&
    worldOf(name).facts.target?.state === 'present' &&
    worldOf(name).facts.pod?.state === 'present',
);

function withoutCredentials(flags: readonly string[]): string[] {
  return flags.filter(
    (flag, index) => flag !== '--federated-credentials' && flags[index - 1] !== '--federated-credentials',
  );
}

describe('scenarios, with their token really exchanged', () => {
  it.concurrent.each(played)('%s', async (name) => {
    const live = await startExchange(name);
    try {
      const { rootCauses } = readExpected(name);
      const seen = await diagnosePod(live, ['--exchange', '--azure', 'off']);
      const codes = live.entra.attempts.map(({ code }) => code);
      const { report } = seen;
      const same = AZURE_ONLY.has(name) ? report.rootCauses : rootCauses;
      expect(report.rootCauses.toSorted()).toEqual(same.toSorted());
      // What was refused is told, and never as a fault beside the one that brings it.
      const refusal = report.findings.find(({ code }) => code === 'ENT-10');
      expect(refusal?.role).toBe(codes.some((code) => code !== 0) ? 'consequence' : undefined);
      expect(report.requests.filter(({ target }) => target.startsWith('https://'))).toHaveLength(
        codes.length,
      );

      const alone = await diagnosePod({ ...live, flags: withoutCredentials(live.flags) }, [
        '--exchange',
        '--azure',
        'off',
      ]);
      const [code = 0] = live.entra.attempts.slice(codes.length).map((attempt) => attempt.code);
      const [first] = alone.report.rootCauses;
      expect(code === 0 ? [first] : [...rootCauses, PRECISION[code] ?? 'ENT-10']).toContain(first);
    } finally {
      await live.close();
    }
  });

  it('are most of these layers', () => {
    expect(played.length).toBeGreaterThan(60);
    const layer = (code: string): string => code.split('-')[0] ?? '';
    const layers = new Set(played.flatMap((name) => readExpected(name).rootCauses).map(layer));
    expect([...layers]).toEqual(expect.arrayContaining(['FIC', 'ENT', 'TOK', 'ISS']));
  });
});
