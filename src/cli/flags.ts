import type { Argv } from 'yargs';
import { tokenFlags, tokenWishOf } from './token-flags.ts';
import { azureFlags, azureOf } from './azure-flags.ts';
import { errorFlags } from './error-flags.ts';
import type { RbacOptions } from './rbac.ts';
import { REPORT_FORMATS, type DiagnosisOptions, type OutputOptions, type ReportFormat } from './options.ts';
import { text, texts, type Parsed } from './parsed.ts';

/** Flags of every command. */
export function outputFlags(argv: Argv): Argv {
  return argv
    .option('output', {
      alias: 'o',
      type: 'string',
      choices: REPORT_FORMATS,
      default: 'table',
      describe: 'Format of the report',
    })
    .option('v', { type: 'boolean', count: true, describe: 'Show what was checked too; repeats add detail' })
    .option('quiet', {
      alias: 'q',
      type: 'boolean',
      default: false,
      describe: 'Only the headline and what to do',
    })
    .option('color', {
      type: 'boolean',
      default: true,
      describe: 'Colour on a terminal; --no-color turns it off',
    });
}

/** kubectl's own flags. */
export function connectionFlags(argv: Argv): Argv {
  const group = 'Connection (as in kubectl):';
  return argv
    .option('namespace', {
      alias: 'n',
      type: 'string',
      requiresArg: true,
      group,
      describe: "Namespace; the context's if not given",
    })
    .option('context', { type: 'string', requiresArg: true, group, describe: 'Kubeconfig context' })
    .option('cluster', { type: 'string', requiresArg: true, group, describe: 'Kubeconfig cluster' })
    .option('user', { type: 'string', requiresArg: true, group, describe: 'Kubeconfig user' })
    .option('kubeconfig', { type: 'string', requiresArg: true, group, describe: 'Path of the kubeconfig' })
    .option('as', { type: 'string', requiresArg: true, group, describe: 'User to impersonate' })
    .option('as-group', {
      type: 'string',
      array: true,
      requiresArg: true,
      nargs: 1,
      group,
      describe: 'Group to impersonate; repeatable',
    })
    .option('as-uid', { type: 'string', requiresArg: true, group, describe: 'UID to impersonate' })
    .option('request-timeout', {
      type: 'string',
      requiresArg: true,
      group,
      describe: 'Longest wait for one answer, such as 30s',
    })
    .option('server', {
      alias: 's',
      type: 'string',
      requiresArg: true,
      group,
      describe: 'URL of the API server',
    })
    .option('token', {
      type: 'string',
      requiresArg: true,
      group,
      describe: 'Bearer token for the API server',
    })
    .option('tls-server-name', {
      type: 'string',
      requiresArg: true,
      group,
      describe: "Name in the API server's certificate",
    })
    .option('certificate-authority', {
      type: 'string',
      requiresArg: true,
      group,
      describe: 'Path of a CA certificate',
    })
    .option('client-certificate', {
      type: 'string',
      requiresArg: true,
      group,
      describe: 'Path of a client certificate',
    })
    .option('client-key', { type: 'string', requiresArg: true, group, describe: 'Path of its key' })
    .option('insecure-skip-tls-verify', {
      type: 'boolean',
      group,
      describe: "Do not check the API server's certificate",
    });
}

/** Where evidence comes from. */
export function evidenceFlags(argv: Argv): Argv {
  return argv
    .option('bundle', {
      type: 'string',
      requiresArg: true,
      describe: 'Read a bundle or a folder of kubectl dumps; no network',
    })
    .option('federated-credentials', {
      type: 'string',
      array: true,
      requiresArg: true,
      nargs: 1,
      describe: '[CLIENT_ID=]FILE: JSON of az identity (or az ad app) federated-credential list',
    })
    .option('token-file', {
      type: 'string',
      requiresArg: true,
      describe: "FILE or -: use this token as the pod's",
    })
    .option('allow-private-issuer', {
      type: 'boolean',
      default: false,
      describe: 'A private issuer is fine, and is fetched',
    });
}

/** Everything a diagnosis understands. */
export function diagnosisFlags(argv: Argv): Argv {
  return errorFlags(tokenFlags(azureFlags(evidenceFlags(connectionFlags(outputFlags(argv))))))
    .option('container', {
      alias: 'c',
      type: 'string',
      requiresArg: true,
      describe: 'Judge this container, which must have the token',
    })
    .option('only', {
      type: 'string',
      array: true,
      requiresArg: true,
      nargs: 1,
      describe: 'Run only these: finding codes or check ids',
    })
    .option('skip', { type: 'string', array: true, requiresArg: true, nargs: 1, describe: 'Leave these out' })
    .option('checks', { type: 'string', requiresArg: true, describe: 'Folder with third-party checks' })
    .option('fail-on', {
      type: 'string',
      choices: ['fail', 'warn'],
      default: 'fail',
      describe: 'From which status on it is a problem',
    });
}

/** What `rbac` understands. */
export function rbacFlags(argv: Argv): Argv {
  return argv
    .option('output', {
      alias: 'o',
      type: 'string',
      choices: ['yaml', 'json'],
      default: 'yaml',
      describe: 'Format of the manifests',
    })
    .option('with', {
      type: 'string',
      array: true,
      requiresArg: true,
      nargs: 1,
      describe: 'Rights for more than reading: mint, exec, logs',
    })
    .option('namespace', {
      alias: 'n',
      type: 'string',
      requiresArg: true,
      describe: 'Only for pods of this namespace; all if not given',
    })
    .option('webhook-namespace', {
      type: 'string',
      requiresArg: true,
      default: 'kube-system',
      describe: 'Namespace of the webhook',
    })
    .option('group', {
      type: 'string',
      requiresArg: true,
      conflicts: 'user',
      describe: 'Group that gets them; wi-doctor if nobody is named',
    })
    .option('user', {
      type: 'string',
      requiresArg: true,
      describe: 'User who gets them, in roles of their own',
    });
}

export function outputOf(parsed: Parsed): OutputOptions {
  return {
    output: (text(parsed, 'output') ?? 'table') as ReportFormat,
    verbosity: Number(parsed['v'] ?? 0),
    quiet: parsed['quiet'] === true,
  };
}

export function diagnosisOf(parsed: Parsed): DiagnosisOptions {
  return {
    ...outputOf(parsed),
    connection: {
      kubeconfig: text(parsed, 'kubeconfig'),
      context: text(parsed, 'context'),
      cluster: text(parsed, 'cluster'),
      user: text(parsed, 'user'),
      namespace: text(parsed, 'namespace'),
      as: text(parsed, 'as'),
      asGroup: texts(parsed, 'as-group'),
      asUid: text(parsed, 'as-uid'),
      requestTimeout: text(parsed, 'request-timeout'),
      server: text(parsed, 'server'),
      token: text(parsed, 'token'),
      insecureSkipTlsVerify: parsed['insecure-skip-tls-verify'] === true ? true : undefined,
      tlsServerName: text(parsed, 'tls-server-name'),
      certificateAuthority: text(parsed, 'certificate-authority'),
      clientCertificate: text(parsed, 'client-certificate'),
      clientKey: text(parsed, 'client-key'),
    },
    container: text(parsed, 'container') ?? null,
    bundle: text(parsed, 'bundle') ?? null,
    federatedCredentials: texts(parsed, 'federated-credentials'),
    tokenFile: text(parsed, 'token-file') ?? null,
    ...tokenWishOf(parsed),
    azure: azureOf(parsed),
    error: text(parsed, 'error') ?? null,
    logs: parsed['logs'] === true,
    allowPrivateIssuer: parsed['allow-private-issuer'] === true,
    failOn: parsed['fail-on'] === 'warn' ? 'warn' : 'fail',
    only: texts(parsed, 'only'),
    skip: texts(parsed, 'skip'),
    checksDir: text(parsed, 'checks') ?? null,
  };
}

function holderOf(parsed: Parsed): Pick<RbacOptions, 'holder'> {
  const user = text(parsed, 'user');
  if (user !== undefined) return { holder: { kind: 'User', name: user } };
  return { holder: { kind: 'Group', name: text(parsed, 'group') ?? 'wi-doctor' } };
}

export function rbacOf(parsed: Parsed): RbacOptions {
  return {
    output: text(parsed, 'output') === 'json' ? 'json' : 'yaml',
    extras: texts(parsed, 'with'),
    namespace: text(parsed, 'namespace') ?? null,
    webhookNamespace: text(parsed, 'webhook-namespace') ?? 'kube-system',
    ...holderOf(parsed),
  };
}
