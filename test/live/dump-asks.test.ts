import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { splitCredentialsArgument } from '../../src/credentials-argument.ts';
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
  const credentials = live.flags.flatMap((flag, index) => {
    if (live.flags[index - 1] !== '--federated-credentials') return [];
    const { clientId, file } = splitCredentialsArgument(flag);
    return [[clientId ?? '', readFileSync(file, 'utf8')] as const];
  });
  const { discovery, jwks } = worldOf(name).facts;
  const published = [discovery, jwks].flatMap((fact) =>
    fact?.state === 'present' && fact.value.kind === 'document'
      ? [[fact.value.url, withOwnKeys(fact.value.json)] as const]
      : [],
  );
  // The id of an identity is asked for first, and then put into the address.
  program(
    'az',
    `const asked = process.argv.join(' ');
     const found = ${JSON.stringify(credentials)}.find(([id]) => asked.includes(id) || !/[0-9a-f-]{36}/.test(asked));
     process.stdout.write(asked.includes('identity list') ? '/' + found[0] : found[1]);`,
  );
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
      command = report.next?.split(' ') ?? command;
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
      'openid-configuration.json',
      'shop-serviceaccounts.yaml',
      'jwks.json',
      'credentials.json',
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
    const roots = readExpected(name).rootCauses;
    expect({ code, roots: report?.rootCauses }).toEqual({ code: 1, roots });
    // No cause is named before it is seen.
    expect(rounds.filter((round) => round.code !== 3).map((round) => round.report.rootCauses)).toEqual(
      rounds.filter((round) => round.code !== 3).map(() => roots),
    );
  });

  it.each(['client-id-left-over-from-another-identity', 'identity-changed-and-old-one-for-others'])(
    'is the controller, which tells who chose the client id in %s',
    async (name) => {
      const { rounds, asked } = await correspond(name, 'kubectl get pod,sa -n shop -o yaml > all.yaml');
      const [first, ...later] = rounds.map(({ report }) => report.rootCauses);
      expect(first).toEqual([]);
      expect(later.at(-1)).toEqual(readExpected(name).rootCauses);
      expect(asked).toContain(
        'kubectl get replicasets web-7d9f -n shop -o yaml > shop-replicaset-web-7d9f.yaml',
      );
    },
  );

  it('is also what would show whether something lies behind a problem', async () => {
    const { rounds, asked } = await correspond(
      'add-on-disabled',
      'kubectl get pod,sa,rs,deploy -n shop -o yaml > all.yaml',
    );
    expect(rounds.map(({ code, report }) => [code, ...report.rootCauses])).toEqual([
      [1, 'POD-25'],
      [1, 'CL-07'],
    ]);
    expect(asked).toContain(
      'kubectl get --raw /apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations > mutatingwebhookconfigurations.json',
    );
    expect(rounds[0]?.report.next).toBeNull();
  });

  it('keeps the credentials of two client ids apart', async () => {
    const { rounds, asked } = await correspond(
      'one-of-two-client-ids-without-credential',
      'kubectl get pod,sa,rs,deploy -n shop -o yaml > all.yaml',
    );
    const [one, other] = asked
      .filter((command) => command.startsWith('az '))
      .map((command) => command.split(' > ')[1]);
    expect([one, other]).toEqual([
      'credentials-11111111-1111-4111-8111-111111111111.json',
      'credentials-66666666-6666-4666-8666-666666666666.json',
    ]);
    expect(rounds[0]?.report.next).toContain(
      `--federated-credentials 66666666-6666-4666-8666-666666666666=${other}`,
    );
    expect(rounds.at(-1)?.report.rootCauses).toEqual(
      readExpected('one-of-two-client-ids-without-credential').rootCauses,
    );
  });

  it('is the pod itself, when only other things were sent', async () => {
    const { rounds, asked } = await correspond('healthy', 'kubectl get sa -n shop -o yaml > sa.yaml');
    expect(asked[0]).toBe('kubectl get pods web-7d9f-x2k4q -n shop -o yaml > shop-pod-web-7d9f-x2k4q.yaml');
    expect(rounds[0]?.report.headline).toContain('the dump holds no pods');
    expect(rounds.at(-1)?.code).toBe(0);
  });

  it('is little when the files of the README were sent', async () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const [, sent = '', typed = ''] =
      /<!-- test: the commands that a customer runs -->\s+```bash\n([^`]*)```\s+```bash\n([^`]*)```/.exec(
        readme,
      ) ?? [];
    const live = await startScenario('healthy');
    const folder = temporaryFolder('readme');
    mkdirSync(join(folder, 'dump'));
    const env = {
      PATH: `${customersPrograms(live, 'healthy')}${delimiter}${process.env['PATH']}`,
      NODE_OPTIONS: undefined,
    };
    const customer = { kubeconfig: live.kubeconfig, cwd: join(folder, 'dump'), env };
    expect(await runProgram('sh', ['-ec', sent], customer)).toMatchObject({ code: 0, stderr: '' });
    const [, ...args] = typed.trim().split(' ');
    const run = await runCli([...args, '-o', 'json'], { cwd: folder, env: live.env });
    await live.close();
    expect([run.code, run.stderr]).toEqual([3, '']);
    expect(reportIn(run).ask?.map(({ command }) => command.split(' > ')[1])).toEqual([
      'public-openid-configuration.json',
      'public-jwks.json',
    ]);
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
    expect(table).toContain('\n  Ask the customer for\n          kubectl get --raw ');
    expect(table).toContain(`\n          ${ask}\n`);
    expect(table).toContain(`\n  Then    ${then}\n`);
    expect(await shown('-q')).toContain(`\n  ${ask}\n`);
    expect((await shown('-o', 'short')).split('\n')).toEqual(
      expect.arrayContaining([`ask ${ask}`, `next ${then}`]),
    );
    expect(await shown('-o', 'markdown')).toMatch(
      /\*\*Ask the customer for\*\*\n\n```sh\nkubectl [^`]*\naz rest [^`]*\n```\n\n\*\*Then\*\*/,
    );
  });
});
