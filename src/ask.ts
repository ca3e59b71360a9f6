import { join } from 'node:path';
import { diagnosisCommand } from './diagnosis-command.ts';
import type { Target } from './facts.ts';
import { shellQuote } from './fill.ts';
import { printable } from './printable.ts';
import type { ReportAsk } from './report.ts';
import type { Gap } from './verdict.ts';

/** Where dumps are. */
export interface DumpsPlace {
  /** The folder that `--bundle` names; null when it names a single file, beside which nothing is read. */
  readonly folder: string | null;
}

/** What is asked for, and the command that reads it when it is there; null where nothing can be asked for. */
export interface Asking {
  readonly ask: readonly ReportAsk[];
  readonly next: string | null;
}

const CREDENTIALS = 'credentials.json';

/**
 * What has to be asked of those who sent dumps: the commands whose output fills the gaps of the verdict, each once.
 */
export function askingFor(gaps: readonly Gap[], target: Target, { folder }: DumpsPlace): Asking {
  const asks = new Map<string, ReportAsk>();
  for (const { reason, settle } of gaps) {
    // What reads the answer is our part, not theirs.
    const [command = ''] = settle?.split(/ && (?=wi-doctor )/) ?? [];
    if (command === '' || command.startsWith('wi-doctor ') || asks.has(command)) continue;
    asks.set(command, { command, why: printable(reason) });
  }
  const ask = [...asks.values()];
  if (ask.length === 0) return { ask, next: null };
  const place = folder ?? 'FOLDER';
  const flags = [
    ...(folder === null ? ['--bundle', place] : []),
    ...(ask.some(({ command }) => command.endsWith(` > ${CREDENTIALS}`))
      ? ['--federated-credentials', join(place, CREDENTIALS)]
      : []),
  ];
  return { ask, next: [diagnosisCommand(target), ...flags.map(shellQuote)].join(' ') };
}
