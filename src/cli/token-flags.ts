import type { Argv } from 'yargs';
import { WiDoctorError } from '../errors.ts';
import { parseDuration } from '../kubernetes/duration.ts';
import { parseAuthorityHost, type Authority } from '../sources/exchange/authority.ts';
import { text, type Parsed } from './parsed.ts';

/** What `--exchange` is to do. */
export interface ExchangeWish {
  readonly attempts: number;
  readonly intervalMs: number;
  /** Null for the default of the cloud. */
  readonly scope: string | null;
  readonly authority: Authority | null;
}

/** How a live token is looked at, and for how long. */
export interface TokenWish {
  readonly mint: boolean;
  readonly exec: boolean;
  readonly exchange: ExchangeWish | null;
  /** `--wait`; null when not given. */
  readonly waitMs: number | null;
}

const MOST_ATTEMPTS = 50;
const DEFAULT_INTERVAL_MS = 2_000;
const LONGEST_INTERVAL_MS = 60_000;
const DEFAULT_WAIT = '10m';
const SHORTEST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 3_600_000;

/** Flags that let a diagnosis use a live token, and repeat it. */
export function tokenFlags(argv: Argv): Argv {
  const group = 'With a live token (each request is reported):';
  return argv
    .option('mint', {
      type: 'boolean',
      default: false,
      group,
      describe: 'Ask the API server for a token of the pod (TokenRequest)',
    })
    .option('exec', {
      type: 'boolean',
      default: false,
      group,
      describe: "Read the pod's own token file (pods/exec)",
    })
    .option('exchange', {
      type: 'boolean',
      default: false,
      group,
      describe: 'Really exchange the token at Entra; implies --mint unless a token is given',
    })
    .option('attempts', {
      type: 'string',
      requiresArg: true,
      group,
      describe: `Exchange so often, 1 to ${MOST_ATTEMPTS}, and tell the success rate`,
    })
    .option('interval', {
      type: 'string',
      requiresArg: true,
      group,
      describe: 'Seconds between two attempts (default 2)',
    })
    .option('scope', {
      type: 'string',
      requiresArg: true,
      group,
      describe: "What the token is exchanged for (default Microsoft Graph's .default)",
    })
    .option('authority-host', {
      type: 'string',
      requiresArg: true,
      group,
      describe: "Send the token to HOST, which need not be one of Entra's",
    })
    .option('wait', {
      type: 'string',
      describe: `Run again until no failure is left or time is up (default ${DEFAULT_WAIT})`,
    });
}

function usage(message: string, hint: string): WiDoctorError {
  return new WiDoctorError('USAGE', message, { hint });
}

function attemptsOf(parsed: Parsed): number {
  const written = text(parsed, 'attempts');
  if (written === undefined) return 1;
  const attempts = /^\d{1,3}$/.test(written) ? Number(written) : 0;
  if (attempts >= 1 && attempts <= MOST_ATTEMPTS) return attempts;
  throw usage(`--attempts takes a number from 1 to ${MOST_ATTEMPTS}.`, 'Write it as --attempts 20.');
}

function intervalOf(parsed: Parsed): number {
  const written = text(parsed, 'interval');
  if (written === undefined) return DEFAULT_INTERVAL_MS;
  const milliseconds = parseDuration(/^\d+\.\d+$/.test(written) ? `${written}s` : written);
  if (milliseconds !== undefined && milliseconds <= LONGEST_INTERVAL_MS) return milliseconds;
  throw usage('--interval takes up to 60 seconds.', 'Write it as --interval 5 or --interval 500ms.');
}

function scopeOf(parsed: Parsed): string | null {
  const scope = text(parsed, 'scope');
  if (scope === undefined) return null;
  if (/^\S+$/.test(scope)) return scope;
  throw usage(
    '--scope takes one scope without blanks.',
    'Write it as --scope https://vault.azure.net/.default.',
  );
}

const COMPANIONS = ['attempts', 'interval', 'scope', 'authority-host'] as const;

function exchangeOf(parsed: Parsed): ExchangeWish | null {
  if (parsed['exchange'] !== true) {
    const alone = COMPANIONS.find((name) => parsed[name] !== undefined);
    if (alone === undefined) return null;
    throw usage(`--${alone} only has a meaning with --exchange.`, 'Add --exchange, or leave it out.');
  }
  const authorityHost = text(parsed, 'authority-host');
  return {
    attempts: attemptsOf(parsed),
    intervalMs: intervalOf(parsed),
    scope: scopeOf(parsed),
    authority: authorityHost === undefined ? null : parseAuthorityHost(authorityHost),
  };
}

function waitOf(parsed: Parsed): number | null {
  const written = text(parsed, 'wait');
  if (written === undefined) return null;
  const milliseconds = parseDuration(written === '' ? DEFAULT_WAIT : written);
  if (milliseconds !== undefined && milliseconds >= SHORTEST_WAIT_MS && milliseconds <= LONGEST_WAIT_MS)
    return milliseconds;
  throw usage(
    '--wait takes a duration from 1s to 60m.',
    'Write it as --wait=10m, or put a bare --wait at the end.',
  );
}

/** @throws {WiDoctorError} `USAGE` for a value that is none, or flags that exclude each other. */
export function tokenWishOf(parsed: Parsed): TokenWish {
  const exchange = exchangeOf(parsed);
  const exec = parsed['exec'] === true;
  const waitMs = waitOf(parsed);
  const live = [
    ...(exchange === null ? [] : ['--exchange']),
    ...(exec ? ['--exec'] : []),
    ...(waitMs === null ? [] : ['--wait']),
  ];
  if (live[0] !== undefined && parsed['bundle'] !== undefined) {
    throw usage(
      `${live[0]} and --bundle exclude each other: a bundle is read without a network.`,
      'Leave one out.',
    );
  }
  const piped = ['token-file', 'error'].find((name) => parsed[name] === '-');
  if (waitMs !== null && piped !== undefined) {
    throw usage(
      `--wait reads --${piped} again each time, and standard input can be read once.`,
      'Give a file.',
    );
  }
  if (exec && parsed['token-file'] !== undefined) {
    throw usage('--exec and --token-file both name the token to look at.', 'Leave one out.');
  }
  return { mint: parsed['mint'] === true || exchange !== null, exec, exchange, waitMs };
}
