import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

import { CLOUDS } from './azure/clouds.ts';
import type { Cloud } from './azure/world.ts';
import { authorityFile } from './certificates.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Where a host name leads; redirect-hosts.mjs explains each form. */
export type HostTarget = string | { address?: string | string[]; connect?: string };

export interface RunOptions {
  /** Added to a nearly empty environment; `undefined` takes a variable away. */
  env?: Record<string, string | undefined>;
  /** Written to stdin, which is closed afterwards. */
  input?: string | Buffer;
  cwd?: string;
  /** The process is killed after this long, and the run fails. */
  timeoutMs?: number;
  hosts?: Record<string, HostTarget>;
  kubeconfig?: string;
  /** Connections to unknown places are expected: report them instead of failing. */
  allowRefused?: boolean;
  /** Typed when it settles, by somebody who leaves stdin open. */
  typed?: Promise<string>;
  /** Ctrl-C is sent when this settles: say, when a server has seen a request. */
  interrupt?: Promise<unknown>;
}

export interface RunResult {
  /** Null when a signal ended it. */
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  ms: number;
  /** Look-ups and connections that left loopback by name, in order. */
  connections: { lookup?: string; connect?: string; port?: number; outcome: string }[];
}

/** Entra is asked about tenants without being asked to; a test that does not care has no way out to it. */
const NO_ENTRA: Readonly<Record<string, HostTarget>> = Object.fromEntries(
  (Object.keys(CLOUDS) as Cloud[]).flatMap((cloud) =>
    CLOUDS[cloud].authorities.map((host) => [host, 'ENOTFOUND']),
  ),
);

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PRELOAD = new URL('./redirect-hosts.mjs', import.meta.url).href;

/** Runs `wi-doctor ARGS` as users do, as a process of its own. */
export function runCli(args: string[], options: RunOptions = {}): Promise<RunResult> {
  return runNode([join(ROOT, 'bin', 'wi-doctor.js'), ...args], options);
}

/** Runs any script of Node in the same surroundings: trusted test CA, redirected hosts, nothing of the machine's. */
export function runNode(args: string[], options: RunOptions = {}): Promise<RunResult> {
  // Said twice, so that a test may set NODE_OPTIONS; Node loads it once.
  return runProgram(process.execPath, ['--import', PRELOAD, ...args], options);
}

/** Runs any program there, kubectl for one: every Node process below it is redirected, nothing else is. */
export async function runProgram(
  program: string,
  args: string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const home = temporaryFolder('home');
  const log = join(home, '.connections.jsonl');
  const env = {
    PATH: process.env['PATH'],
    // An empty home, so that no kubeconfig and no sign-in of whoever runs the tests is ever used.
    HOME: home,
    USERPROFILE: home,
    TMPDIR: process.env['TMPDIR'],
    SYSTEMROOT: process.env['SYSTEMROOT'],
    TEMP: process.env['TEMP'],
    KUBECONFIG: options.kubeconfig,
    NODE_EXTRA_CA_CERTS: authorityFile(),
    NODE_OPTIONS: `--import=${PRELOAD}`,
    WI_DOCTOR_TEST_HOSTS: JSON.stringify({ ...NO_ENTRA, ...options.hosts }),
    WI_DOCTOR_TEST_CONNECTIONS: log,
    ...options.env,
  };
  const result = await run(program, args, env, options);
  const connections = existsSync(log)
    ? readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as RunResult['connections'][number])
    : [];
  const astray = connections.filter(({ outcome }) => outcome === 'refused');
  if (astray.length > 0 && options.allowRefused !== true) {
    throw new Error(
      `${[program, ...args].join(' ')} reached for hosts no test server stands for: ${JSON.stringify(astray)}\n` +
        result.stderr,
    );
  }
  return { ...result, connections };
}

async function run(
  program: string,
  args: string[],
  env: Record<string, string | undefined>,
  { input, cwd, timeoutMs = 60_000, interrupt, typed }: RunOptions,
): Promise<Omit<RunResult, 'connections'>> {
  const started = performance.now();
  const child = spawn(program, args, {
    cwd: cwd ?? temporaryFolder('cwd'),
    env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
    stdio: 'pipe',
  });
  let [stdout, stderr, late] = ['', '', false];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // A program that ends without reading its input closes the pipe: not an error of the test.
  child.stdin.on('error', () => undefined);
  if (typed === undefined) child.stdin.end(input);
  void typed?.then((text) => child.stdin.write(text));
  const guard = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, timeoutMs);
  const onInterrupt = (): unknown => child.kill('SIGINT');
  void interrupt?.then(onInterrupt, onInterrupt);
  try {
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (...end) => resolve(end));
    });
    const ms = performance.now() - started;
    if (late) throw new Error(`no end after ${timeoutMs} ms\nstdout: ${stdout}\nstderr: ${stderr}`);
    return { code, signal, stdout, stderr, ms };
  } finally {
    clearTimeout(guard);
  }
}
