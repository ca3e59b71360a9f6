import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

/** One command line to be measured as a whole process. */
export interface Subject {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Exit codes that count as having done the work. */
  readonly exits?: readonly number[];
}

export interface Sample {
  readonly milliseconds: number;
  /** Peak resident memory in MiB; NaN where /proc does not tell. */
  readonly peakMiB: number;
}

function peakOf(pid: number): number {
  try {
    return (
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024
    );
  } catch {
    return Number.NaN;
  }
}

/** Runs a subject once. */
export function runOnce({ name, command, args, env, exits = [0] }: Subject): Promise<Sample> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, {
      stdio: ['ignore', 'ignore', 'ignore'],
      env: { ...process.env, ...env },
    });
    let peak = Number.NaN;
    const poll = setInterval(() => {
      const seen = peakOf(child.pid ?? 0);
      if (!Number.isNaN(seen)) peak = seen;
    }, 4);
    child.once('error', reject);
    child.once('exit', (code) => {
      clearInterval(poll);
      if (code === null || !exits.includes(code))
        reject(new Error(`${name} ended with ${code ?? 'a signal'}`));
      else resolve({ milliseconds: performance.now() - started, peakMiB: peak });
    });
  });
}

export function median(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

export interface Row {
  readonly name: string;
  readonly milliseconds: number;
  /** Median of the ratios to the baseline's run of the same round. */
  readonly ratio: number;
  readonly peakMiB: number;
}

/** Runs all subjects alternately, each round once, so that a busy moment of the machine hits them all. */
export async function compare(
  baseline: Subject,
  subjects: readonly Subject[],
  rounds: number,
): Promise<Row[]> {
  const all = [baseline, ...subjects];
  const samples = new Map(all.map((subject) => [subject, [] as Sample[]]));
  for (const subject of all) await runOnce(subject);
  for (let round = 0; round < rounds; round++) {
    for (const subject of all) samples.get(subject)?.push(await runOnce(subject));
  }
  const base = samples.get(baseline) ?? [];
  return all.map((subject) => {
    const own = samples.get(subject) ?? [];
    return {
      name: subject.name,
      milliseconds: median(own.map(({ milliseconds }) => milliseconds)),
      ratio: median(
        own.map(({ milliseconds }, index) => milliseconds / (base[index]?.milliseconds ?? Number.NaN)),
      ),
      peakMiB: median(own.map(({ peakMiB }) => peakMiB)),
    };
  });
}
