import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { table, withBlock } from '../generate/block.ts';
import { startScenario } from '../live/start-scenario.ts';
import { authorityFile } from '../support/certificates.ts';
import { ASSETS } from '../support/control-plane.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { compare, type Row, type Subject } from './measure.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 15);

const SERVERS = ASSETS ? `kube-apiserver ${ASSETS.version} on loopback` : 'servers on loopback';

const NODE: Subject = { name: 'node -e 0', command: process.execPath, args: ['-e', '0'] };

function doctor(name: string, args: readonly string[], more: Partial<Subject> = {}): Subject {
  return {
    name: `wi-doctor ${name}`,
    command: process.execPath,
    args: [join(ROOT, 'bin/wi-doctor.js'), ...args],
    ...more,
  };
}

function rowsOf(rows: readonly Row[], against: string): string[][] {
  return rows.map(({ name, milliseconds, ratio, peakMiB }) => [
    `\`${name}\``,
    `${milliseconds.toFixed(0)} ms`,
    `${ratio.toFixed(2)} × \`${against}\``,
    Number.isNaN(peakMiB) ? '' : `${peakMiB.toFixed(0)} MiB`,
  ]);
}

async function startUp(): Promise<string[][]> {
  const rows = await compare(
    NODE,
    [
      doctor('--version', ['--version']),
      doctor('--help', ['--help']),
      doctor('explain AADSTS700213', ['explain', 'AADSTS700213']),
      doctor('demo healthy', ['demo', 'healthy']),
    ],
    ROUNDS,
  );
  return rowsOf(rows, NODE.name);
}

async function live(): Promise<string[][]> {
  const scenario = await startScenario('healthy');
  try {
    const { name, namespace } = scenario.target;
    const env = {
      KUBECONFIG: scenario.kubeconfig,
      NODE_EXTRA_CA_CERTS: authorityFile(),
      WI_DOCTOR_TEST_HOSTS: JSON.stringify(scenario.hosts),
    };
    const kubectl: Subject = {
      name: 'kubectl get pod NAME -o json',
      command: 'kubectl',
      args: ['get', 'pod', name, '-n', namespace, '-o', 'json'],
      env,
    };
    const preload = ['--import', new URL('../support/redirect-hosts.mjs', import.meta.url).href];
    const pod: Subject = {
      name: 'wi-doctor pod NAME',
      command: process.execPath,
      args: [...preload, join(ROOT, 'bin/wi-doctor.js'), 'pod', name, '-n', namespace, ...scenario.flags],
      env,
    };
    return rowsOf(await compare(kubectl, [pod], ROUNDS), kubectl.name);
  } finally {
    await scenario.close();
  }
}

/** A log of 200 MB with an error every few thousand lines, read through a pipe as `kubectl logs` would give it. */
async function throughput(): Promise<string[][]> {
  const file = join(temporaryFolder('bench'), 'app.log');
  const line = '2026-11-20T09:30:00Z INFO  request handled in 12 ms path=/orders/42 status=200 bytes=5120\n';
  const error = `2026-11-20T09:30:00Z ERROR AADSTS700213: No matching federated identity record found for presented assertion subject 'system:serviceaccount:shop:web'.\n`;
  const block = line.repeat(5000) + error;
  const size = 200 * 1024 * 1024;
  writeFileSync(file, block.repeat(Math.ceil(size / block.length)));
  const grep: Subject = {
    name: 'grep -c AADSTS, 200 MB by pipe',
    command: 'sh',
    args: ['-c', `cat '${file}' | grep -c AADSTS`],
  };
  const explain: Subject = {
    name: 'wi-doctor explain -, 200 MB by pipe',
    command: 'sh',
    args: ['-c', `cat '${file}' | '${process.execPath}' '${join(ROOT, 'bin/wi-doctor.js')}' explain -`],
  };
  // The shell's own memory says nothing of theirs.
  return rowsOf(await compare(grep, [explain], 3), 'grep').map((row) => [...row.slice(0, 3), '']);
}

const text = table(
  ['command', 'median', 'ratio', 'peak memory'],
  [...(await startUp()), ...(await live()), ...(await throughput())],
);
process.stdout.write(`Node ${process.version}, ${ROUNDS} alternated rounds, ${SERVERS}\n\n${text}\n`);
if (process.argv.includes('--write')) {
  const readme = join(ROOT, 'README.md');
  writeFileSync(
    readme,
    withBlock(
      readFileSync(readme, 'utf8'),
      'bench',
      `Node ${process.version}, ${ROUNDS} alternated rounds, medians; ${SERVERS}.\n\n${text}`,
    ),
  );
}
