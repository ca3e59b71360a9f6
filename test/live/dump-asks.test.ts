import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/report.ts';
import { readExpected, worldOf } from '../scenarios.ts';
import { runCli, runProgram } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { reportIn } from './diagnose-live.ts';
import { withOwnKeys } from './live-token.ts';
import { startScenario, type LiveScenario } from './start-scenario.ts';

/** Programs that a customer has: what `az` and `curl` would bring comes from the scenario, `jq` reads one member. */
function customersPrograms(live: LiveScenario, name: string): string {
  const folder = temporaryFolder('programs');
  const program = (file: string, code: string): void => {
    writeFileSync(join(folder, file), `#!${process.execPath}\n${code}\n`);
    chmodSync(join(folder, file), 0o755);
  };
  const credentials =
    live.flags[live.flags.indexOf('--federated-credentials') + 1]?.replace(/^[^=]*=/, '') ?? '';
  const { discovery, jwks } = worldOf(name).facts;
  const published = [discovery, jwks].flatMap((fact) =>
    fact?.state === 'present' && fact.value.kind === 'document'
      ? [[fact.value.url, withOwnKeys(fact.value.json)] as const]
      : [],
  );
  program('az', `process.stdout.write(${JSON.stringify(readFileSync(credentials, 'utf8'))});`);
  program(
    'curl',
    `const page = ${JSON.stringify(Object.fromEntries(published))}[process.argv.at(-1)];
     if (page === undefined) process.exit(22); process.stdout.write(JSON.stringify(page));`,
  );
  program(
    'jq',
    `const { readFileSync } = require('node:fs');
     process.stdout.write(JSON.parse(readFileSync(process.argv.at(-1), 'utf8'))[process.argv.at(-2).slice(1)] + '\\n');`,
  );
  return folder;
}

interface Round {
  readonly code: number | null;
  readonly report: Report;
}

/** The correspondence with a customer: each answer is read by the command that the one before names. */
async function correspond(
  name: string,
  first: string,
): Promise<{ rounds: Round[]; asked: string[]; files: string[] }> {
  const live = await startScenario(name);
  const folder = temporaryFolder('dump');
  const env = {
    PATH: `${customersPrograms(live, name)}${delimiter}${process.env['PATH']}`,
    NODE_OPTIONS: undefined,
  };
  const customer = async (command: string): Promise<void> => {
    await runProgram('sh', ['-c', command], { kubeconfig: live.kubeconfig, cwd: folder, env });
  };
  const rounds: Round[] = [];
  const asked: string[] = [];
  try {
    await customer(first);
    const { kind, name: object, namespace } = live.target;
    let command = ['wi-doctor', kind.toLowerCase(), object, '-n', namespace, '--bundle', '.'];
    for (let round = 0; round < 6; round += 1) {
      const run = await runCli([...command.slice(1), '-o', 'json'], { cwd: folder, env: live.env });
      expect(run.stderr).toBe('');
      const report = reportIn(run);
      rounds.push({ code: run.code, report });
      const asks = report.ask ?? [];
      if (asks.length === 0) break;
      for (const { command: ask } of asks) {
        expect(asked).not.toContain(ask);
        asked.push(ask);
        await customer(ask);
      }
      command = report.next?.split(' ') ?? [];
    }
    return { rounds, asked, files: readdirSync(folder).toSorted() };
  } finally {
    await live.close();
  }
}

const POD = 'kubectl get pod web-7d9f-x2k4q -n shop -o yaml > pod.yaml';

describe.skipIf(process.platform === 'win32')('what a report on a dump asks for', () => {
  it('is enough for a healthy verdict, in the end', async () => {
    const { rounds, asked, files } = await correspond('healthy', POD);
    expect(rounds.map(({ code }) => code)).toEqual([3, 3, 0]);
    expect(asked.map((command) => command.split(' > ')[1])).toEqual([
      'credentials.json',
      'openid-configuration.json',
      'shop-serviceaccounts.yaml',
      'jwks.json',
      'public-openid-configuration.json',
      'public-jwks.json',
    ]);
    expect(files).toHaveLength(7);
  });

  it.each([
    ['subject-of-another-service-account', POD],
    ['no-federated-credential', POD],
    ['webhook-not-installed', POD],
    ['running-pod-labelled', 'kubectl get pod,sa -n shop -o json > all.json'],
    ['issuer-without-slash', POD],
    ['published-keys-are-stale', POD],
    ['audience-of-another-cloud', POD],
  ])('brings the root cause of %s to light', async (name, first) => {
    const { rounds } = await correspond(name, first);
    const { code, report } = rounds.at(-1) ?? {};
    expect({ code, roots: report?.rootCauses }).toEqual({ code: 1, roots: readExpected(name).rootCauses });
    expect(rounds.slice(0, -1).every((round) => round.code === 3)).toBe(true);
  });

  it('is the pod itself, when only other things were sent', async () => {
    const { rounds, asked } = await correspond('healthy', 'kubectl get sa -n shop -o yaml > sa.yaml');
    expect(asked[0]).toBe('kubectl get pods web-7d9f-x2k4q -n shop -o yaml > shop-pod-web-7d9f-x2k4q.yaml');
    expect(rounds[0]?.report.headline).toContain('the dump holds no pods');
    expect(rounds.at(-1)?.code).toBe(0);
  });

  it('stands in every format as bare commands', async () => {
    const live = await startScenario('healthy');
    const file = join(temporaryFolder('dump'), 'pod.yaml');
    const { stdout } = await runProgram('sh', ['-c', POD.replace(/ > .*/, '')], {
      kubeconfig: live.kubeconfig,
    });
    writeFileSync(file, stdout);
    await live.close();
    const ask = 'kubectl get serviceaccounts -n shop -o yaml > shop-serviceaccounts.yaml';
    const then =
      'wi-doctor pod web-7d9f-x2k4q -n shop --bundle FOLDER --federated-credentials FOLDER/credentials.json';
    const shown = async (...flags: string[]): Promise<string> => {
      const run = await runCli(['pod', 'web-7d9f-x2k4q', '-n', 'shop', '--bundle', file, ...flags]);
      expect([run.code, run.stderr]).toEqual([3, '']);
      return run.stdout;
    };
    const table = await shown();
    expect(table).toContain('\n  Ask the customer for\n          az rest ');
    expect(table).toContain(`\n          ${ask}\n`);
    expect(table).toContain(`\n  Then    ${then}\n`);
    expect(await shown('-q')).toContain(`\n  ${ask}\n`);
    expect((await shown('-o', 'short')).split('\n')).toEqual(
      expect.arrayContaining([`ask ${ask}`, `next ${then}`]),
    );
    expect(await shown('-o', 'markdown')).toMatch(
      /\*\*Ask the customer for\*\*\n\n```sh\naz rest [^`]*\n```\n\n\*\*Then\*\*/,
    );
  });
});
