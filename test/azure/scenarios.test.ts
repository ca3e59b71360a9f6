import { describe, expect, it } from 'vitest';
import { findingLine, readExpected, scenarioNames, worldOf } from '../scenarios.ts';
import { SECRET_SIGN_IN, secretsIn, startAzureScenario } from './azure-scenario.ts';
import { faultsOf } from './faults-of-scenario.ts';
import { NOT_IN_AZURE, PLAYED_IN_AZURE } from './azure-played.ts';
import { azureWorldOf, readerTenant, resourceFlags } from './world-of-scenario.ts';

describe('every scenario about Azure, looked up in Azure', () => {
  it.concurrent.each(PLAYED_IN_AZURE)('%s', async (name) => {
    const set = worldOf(name);
    const scenario = await startAzureScenario(azureWorldOf(set), {
      scenario: name,
      azure: { faults: faultsOf(name) },
    });
    try {
      const env = { ...SECRET_SIGN_IN, AZURE_TENANT_ID: readerTenant(set) };
      const { report, stdout, stderr } = await scenario.diagnose(resourceFlags(set), { env });
      const { verdict, rootCauses, findings } = readExpected(name);
      expect({
        verdict: report.verdict,
        rootCauses: report.rootCauses,
        findings: report.findings.map(findingLine),
      }).toEqual({ verdict, rootCauses, findings });
      expect(secretsIn(stdout + stderr)).toEqual([]);
    } finally {
      await scenario.close();
    }
  });

  it('is most of them, and the others are named with their reason', () => {
    expect(PLAYED_IN_AZURE.length).toBeGreaterThan(100);
    expect(Object.keys(NOT_IN_AZURE).filter((name) => !scenarioNames().includes(name))).toEqual([]);
  });
});
