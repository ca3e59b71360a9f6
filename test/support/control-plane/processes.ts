import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs a program until the pipe on its standard input closes, however the process at the other end went: a test
 * runner that is killed leaves no server behind.
 */
const GUARD = `exec 3<&0
"$@" 3<&- & pid=$!
{ cat <&3 >/dev/null; kill -KILL $pid 2>/dev/null; } &
wait $pid`;

/** A server of somebody else's, started for the tests. */
export interface ServerProcess {
  /** Waits for this to become true; fails when the server ends before, or after the limit. */
  ready(isReady: () => Promise<boolean>, limitMs: number): Promise<void>;
  stop(): Promise<void>;
}

export function startProcess(binary: string, args: readonly string[], logFile: string): ServerProcess {
  const log = openSync(logFile, 'a', 0o600);
  const guard = spawn('sh', ['-c', GUARD, 'sh', binary, ...args], { stdio: ['pipe', log, log] });
  const pipe = guard.stdin as Writable;
  closeSync(log);
  pipe.on('error', () => undefined);
  const failed = (why: string): Error =>
    new Error(`${binary} ${why}:\n${readFileSync(logFile, 'utf8').split('\n').slice(-12).join('\n')}`);
  return {
    async ready(isReady, limitMs) {
      const end = Date.now() + limitMs;
      while (!(await isReady().catch(() => false))) {
        if (hasEnded(guard)) throw failed(`ended with ${guard.exitCode}`);
        if (Date.now() > end) throw failed(`was not ready within ${limitMs} ms`);
        await sleep(50);
      }
    },
    async stop() {
      if (hasEnded(guard)) return;
      const ended = once(guard, 'exit');
      pipe.end();
      await Promise.race([ended, sleep(10_000, undefined, { ref: false })]);
      if (!hasEnded(guard)) throw failed('did not end');
    },
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** A port of loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
