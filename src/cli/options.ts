import type { ExplainedError } from '../aadsts/explanation.ts';
import type { FlagWords } from '../invocation.ts';
import type { ConnectionFlags } from '../kubernetes/flags.ts';
import type { TokenWish } from './token-flags.ts';
import type { AzureOptions } from '../sources/azure/azure-look.ts';

export type ReportFormat = 'table' | 'short' | 'json' | 'yaml' | 'markdown';

export const REPORT_FORMATS: readonly ReportFormat[] = ['table', 'short', 'json', 'yaml', 'markdown'];

/** What every command understands. */
export interface OutputOptions {
  readonly output: ReportFormat;
  /** How often `-v` was given. */
  readonly verbosity: number;
  readonly quiet: boolean;
}

/** The flags of a diagnosis, as parsed from the command line. */
export interface DiagnosisOptions extends OutputOptions, TokenWish {
  readonly connection: ConnectionFlags;
  /** `-c`. */
  readonly container: string | null;
  /** `--bundle PATH`. */
  readonly bundle: string | null;
  /** `--federated-credentials [CLIENT_ID=]FILE`, each. */
  readonly federatedCredentials: readonly string[];
  /** `--token-file FILE|-`. */
  readonly tokenFile: string | null;
  /** `--azure`, `--cloud`, `--cluster-id` and `--resource`. */
  readonly azure: Omit<AzureOptions, 'env'>;
  /** `--error TEXT|FILE|-`, unread, or errors that are explained already. */
  readonly error: string | readonly ExplainedError[] | null;
  readonly logs: boolean;
  readonly allowPrivateIssuer: boolean;
  readonly failOn: 'fail' | 'warn';
  /** `--only` and `--skip`: finding codes or check ids. */
  readonly only: readonly string[];
  readonly skip: readonly string[];
  /** `--checks DIR`. */
  readonly checksDir: string | null;
}

const KEPT: readonly (readonly [keyof ConnectionFlags, string])[] = [
  ['kubeconfig', '--kubeconfig'],
  ['context', '--context'],
  ['cluster', '--cluster'],
  ['user', '--user'],
  ['as', '--as'],
  ['asUid', '--as-uid'],
  ['server', '--server'],
  ['tlsServerName', '--tls-server-name'],
  ['certificateAuthority', '--certificate-authority'],
  ['clientCertificate', '--client-certificate'],
  ['clientKey', '--client-key'],
];

/** The connection flags the user gave, to be repeated in every command that is suggested to them; no token. */
export function keptFlags(flags: ConnectionFlags): FlagWords[] {
  const single = KEPT.flatMap(([name, flag]): FlagWords[] => {
    const value = flags[name];
    return typeof value === 'string' && value !== '' ? [[flag, value]] : [];
  });
  const groups = (flags.asGroup ?? []).map((group): FlagWords => ['--as-group', group]);
  const insecure: FlagWords[] = flags.insecureSkipTlsVerify === true ? [['--insecure-skip-tls-verify']] : [];
  return [...single, ...groups, ...insecure];
}
