import { describe, expect, it } from 'vitest';
import { diagnosePod } from '../live/diagnose-live.ts';
import { readExpected } from '../scenarios.ts';
import { EXCHANGED } from './exchange-played.ts';
import { startExchange } from './entra-of-scenario.ts';

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
  'tenant-that-is-none-and-not-that-of-the-identity',
]);

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

function withoutCredentials(flags: readonly string[]): string[] {
  return flags.filter(
    (flag, index) => flag !== '--federated-credentials' && flags[index - 1] !== '--federated-credentials',
  );
}

describe('scenarios, with their token really exchanged', () => {
  it.concurrent.each(EXCHANGED)('%s', async (name) => {
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
    expect(EXCHANGED.length).toBeGreaterThan(60);
    const layer = (code: string): string => code.split('-')[0] ?? '';
    const layers = new Set(EXCHANGED.flatMap((name) => readExpected(name).rootCauses).map(layer));
    expect([...layers]).toEqual(expect.arrayContaining(['FIC', 'ENT', 'TOK', 'ISS']));
  });
});
