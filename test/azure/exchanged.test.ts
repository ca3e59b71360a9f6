import { describe, expect, it } from 'vitest';
import { deriveFacts } from '../../src/derive/facts.ts';
import { EXCHANGED } from '../exchange/exchange-played.ts';
import { readExpected, worldOf } from '../scenarios.ts';
import { PLAYED_IN_AZURE } from './azure-played.ts';
import { SECRET_SIGN_IN, secretsIn, startAzureScenario } from './azure-scenario.ts';
import { faultsOf } from './faults-of-scenario.ts';
import { azureWorldOf, readerTenant, resourceFlags } from './world-of-scenario.ts';

/** Scenarios in which both halves can be had: what Azure holds, and what Entra answers. */
const both = EXCHANGED.filter((name) => PLAYED_IN_AZURE.includes(name));

describe('with a sign-in to Azure, and the token really exchanged', () => {
  it.concurrent.each(both)('%s', async (name) => {
    const set = worldOf(name);
    const { tokenIssuer } = deriveFacts(set);
    const aks = tokenIssuer.state === 'present' && tokenIssuer.value.includes('.prod-aks.');
    const scenario = await startAzureScenario(azureWorldOf(set), {
      scenario: name,
      azure: { faults: faultsOf(name) },
      // Only AKS shortens what a volume asks for.
      live: aks ? {} : { maximumTokenSeconds: 30 * 86_400 },
    });
    try {
      const env = { ...SECRET_SIGN_IN, AZURE_TENANT_ID: readerTenant(set) };
      const { report, stdout, stderr } = await scenario.diagnose(['--exchange', ...resourceFlags(set)], {
        env,
      });
      expect(report.rootCauses.toSorted()).toEqual(readExpected(name).rootCauses.toSorted());
      const refusal = report.findings.find(({ code }) => code === 'ENT-10');
      const refused = scenario.entra.attempts.some((one) => one.with === 'assertion' && one.code !== 0);
      expect(refusal?.role).toBe(refused ? 'consequence' : undefined);
      expect(secretsIn(stdout + stderr)).toEqual([]);
    } finally {
      await scenario.close();
    }
  });

  it('are many', () => {
    expect(both.length).toBeGreaterThan(30);
  });
});
