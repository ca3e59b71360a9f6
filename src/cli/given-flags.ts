import type { FlagWords, GivenFlag } from '../invocation.ts';
import { splitCredentialsArgument } from '../credentials-argument.ts';
import type { DiagnosisOptions } from './options.ts';

const SECOND_MS = 1_000;
const DEFAULT_INTERVAL_MS = 2_000;
const HTTPS = 443;

function valued(name: string, value: string | number | null): FlagWords[] {
  return value === null ? [] : [[name, String(value)]];
}

function exchangeFlags({ exchange }: DiagnosisOptions): FlagWords[] {
  if (exchange === null) return [];
  const { attempts, intervalMs, scope, authority } = exchange;
  const host =
    authority && (authority.port === HTTPS ? authority.hostname : `${authority.hostname}:${authority.port}`);
  const interval = intervalMs % SECOND_MS === 0 ? `${intervalMs / SECOND_MS}s` : `${intervalMs}ms`;
  return [
    ['--exchange'],
    ...(attempts === 1 ? [] : valued('--attempts', attempts)),
    ...(intervalMs === DEFAULT_INTERVAL_MS ? [] : valued('--interval', interval)),
    ...valued('--scope', scope),
    ...valued('--authority-host', host),
  ];
}

/** Flags that say something of the one object that was named. */
function ofTheObject(options: DiagnosisOptions): FlagWords[] {
  const { container, federatedCredentials, tokenFile, mint, exec, exchange, azure } = options;
  return [
    ...valued('-c', container),
    ...federatedCredentials
      .filter((value) => splitCredentialsArgument(value).clientId === null)
      .map((value): FlagWords => ['--federated-credentials', value]),
    // What came through a pipe is gone.
    ...(tokenFile === '-' ? [] : valued('--token-file', tokenFile)),
    ...(mint && exchange === null ? ([['--mint']] as const) : []),
    ...(exec ? ([['--exec']] as const) : []),
    ...exchangeFlags(options),
    ...valued('--resource', azure.resource),
  ];
}

/** Flags that hold for every object of the same cluster. */
function ofTheRun(options: DiagnosisOptions): FlagWords[] {
  const { federatedCredentials, azure, allowPrivateIssuer, checksDir, failOn, bundle } = options;
  return [
    ...federatedCredentials
      .filter((value) => splitCredentialsArgument(value).clientId !== null)
      .map((value): FlagWords => ['--federated-credentials', value]),
    ...(azure.mode === 'auto' ? [] : valued('--azure', azure.mode)),
    ...valued('--cloud', azure.cloud),
    ...valued('--cluster-id', azure.clusterId),
    ...(allowPrivateIssuer ? ([['--allow-private-issuer']] as const) : []),
    ...valued('--checks', checksDir),
    ...(failOn === 'fail' ? [] : valued('--fail-on', failOn)),
    ...valued('--bundle', bundle),
  ];
}

/**
 * The flags the user gave that change what is seen or what counts as a problem, in a fixed order. What a run
 * brings along for once (`--error`, `--logs`) and how it is shown or repeated is left out.
 */
export function givenFlags(options: DiagnosisOptions): GivenFlag[] {
  return [
    ...ofTheObject(options).map((words): GivenFlag => ({ words, fits: 'the object' })),
    ...ofTheRun(options).map((words): GivenFlag => ({ words, fits: 'every object' })),
  ];
}
