import { collectFacts } from '../collect.ts';
import { diagnosisCommand } from '../diagnosis-command.ts';
import { WiDoctorError } from '../errors.ts';
import type { Earlier } from '../earlier.ts';
import type { Fact } from '../fact.ts';
import type { FactSet, RequestOptions, Target } from '../collected-facts.ts';
import { adaptCommand, type Invocation } from '../invocation.ts';
import { readSupplied } from '../sources/client-facts.ts';
import type { ClockWatch } from '../sources/clocks.ts';
import { readBrought, tellUnread } from './brought.ts';
import type { Evidence } from './evidence.ts';
import { layOver } from './lay-over.ts';
import { noSuchObject } from './no-such-object.ts';
import { notInDumps } from './not-in-dumps.ts';
import type { DiagnosisOptions } from './options.ts';
import type { TargetKind } from './target-kinds.ts';
import type { Terminal } from './terminal.ts';

/** What is to be looked at, and in whose words suggestions are made. */
export interface Request {
  readonly kind: TargetKind;
  /** Empty for the cluster as a whole. */
  readonly name: string;
  readonly options: DiagnosisOptions;
  readonly terminal: Terminal;
  readonly invocation: Invocation;
  /** Called for each POST of an exchange, with its URL. */
  readonly onPost: (url: string) => unknown;
  /** A look of which only a part is to be had again; then it is no error that the object is gone. */
  readonly earlier: Earlier | null;
  readonly clocks: ClockWatch;
}

/** The command that looks at the same object again; what else the user gave is added where it is suggested. */
function rerunCommand({ kind, name }: Request, namespace: string): string {
  return diagnosisCommand({ kind: kind.kind, namespace, name });
}

function askedOf({ container, allowPrivateIssuer, exchange }: DiagnosisOptions): RequestOptions {
  const { hostname, port } = exchange?.authority ?? { hostname: null, port: 443 };
  const authorityHost = hostname === null || port === 443 ? hostname : `${hostname}:${port}`;
  return { container, allowPrivateIssuer, authorityHost };
}

/** A bundle is judged as it is; only what the command line adds is laid over it. */
async function fromBundle(set: FactSet, request: Request): Promise<FactSet> {
  const { kind, name, options, terminal, invocation } = request;
  const target = set.facts.target?.state === 'present' ? set.facts.target.value : null;
  const { namespace } = options.connection;
  const same =
    target?.kind === kind.kind &&
    target.name === name &&
    (namespace === undefined || target.namespace === namespace);
  if (!target || !same) {
    const wanted = `${kind.kind.toLowerCase()} ${name}${namespace === undefined ? '' : ` in namespace ${namespace}`}`;
    throw new WiDoctorError('NOT_FOUND', `The bundle holds no ${wanted}.`, {
      hint: target
        ? `It was collected for: ${adaptCommand(diagnosisCommand(target), invocation)}`
        : 'Collect it again.',
    });
  }
  if (options.logs) tellUnread(terminal)('logs', 'a bundle holds none');
  const [brought, token, supplied] = await Promise.all([
    readBrought(options, terminal),
    readToken(options, terminal),
    readSupplied(options.federatedCredentials),
  ]);
  return layOver(set, {
    brought,
    token,
    supplied,
    options: askedOf(options),
    rerun: rerunCommand(request, target.namespace),
  });
}

async function readToken(
  { tokenFile }: DiagnosisOptions,
  terminal: Terminal,
): Promise<{ text: string; file: string } | null> {
  if (tokenFile === null) return null;
  const { readTokenFile } = await import('../sources/token/read.ts');
  const file = tokenFile === '-' ? 'standard input' : tokenFile;
  return { file, text: await readTokenFile(tokenFile, terminal.stdin) };
}

/** The fact that says whether the named object exists; nothing for the cluster as a whole. */
export function existenceOf({ kind }: TargetKind, { facts }: FactSet): Fact<unknown> | undefined {
  if (kind === 'Cluster') return undefined;
  if (kind === 'Pod') return facts.pod;
  return kind === 'ServiceAccount' ? facts.serviceAccount : facts.owners;
}

async function fromClient(
  evidence: Exclude<Evidence, { kind: 'bundle' }>,
  request: Request,
): Promise<FactSet> {
  const { kind, name, options, terminal, invocation } = request;
  const { client } = evidence;
  const namespace = kind.ref === null ? '' : evidence.namespace;
  const live = evidence.kind === 'cluster';
  const target: Target = { kind: kind.kind, namespace, name, context: live ? evidence.context : null };
  const [supplied, tokenText, brought, look] = await Promise.all([
    readSupplied(options.federatedCredentials),
    readToken(options, terminal),
    readBrought(options, terminal),
    kind.look(),
  ]);
  const set = await collectFacts(
    {
      client,
      target,
      options: askedOf(options),
      dumpedAt: evidence.kind === 'dumps' ? evidence.client.newest(new Date().toISOString()) : null,
      network: live,
      saved:
        evidence.kind === 'dumps'
          ? {
              discovery: evidence.client.published('/.well-known/openid-configuration'),
              keys: evidence.client.published('/openid/v1/jwks'),
            }
          : null,
      supplied,
      tokenText,
      brought,
      logs: options.logs,
      onUnreadLog: tellUnread(terminal),
      mint: options.mint && live,
      exec: options.exec && live,
      exchange: options.exchange && { ...options.exchange, env: terminal.env, onPost: request.onPost },
      azure: { ...options.azure, env: terminal.env },
      env: terminal.env,
      rerun: rerunCommand(request, namespace),
      earlier: request.earlier,
      clocks: request.clocks,
    },
    look,
  );
  const exists = existenceOf(kind, set)?.state;
  if (kind.ref === null || exists === undefined || exists === 'present' || request.earlier !== null)
    return set;
  const namespaceExists = set.facts.namespace?.state !== 'absent';
  const wanted = { ref: kind.ref, namespace, name, namespaceExists };
  if (evidence.kind === 'dumps') {
    const error = notInDumps(evidence.client, wanted, exists === 'absent', invocation);
    if (error) throw error;
  } else if (exists === 'absent') throw await noSuchObject(client, wanted, invocation);
  return set;
}

/** All facts for a request, out of a cluster, dumps or a bundle. */
export async function gather(evidence: Evidence, request: Request): Promise<FactSet> {
  return evidence.kind === 'bundle' ? fromBundle(evidence.set, request) : fromClient(evidence, request);
}
