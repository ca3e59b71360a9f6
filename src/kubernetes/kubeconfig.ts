import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { WiDoctorError } from '../errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** `clusters[].cluster` of a kubeconfig, with kubectl's own keys. */
export interface ClusterEntry {
  readonly server?: string;
  readonly 'certificate-authority'?: string;
  readonly 'certificate-authority-data'?: string;
  readonly 'insecure-skip-tls-verify'?: boolean;
  readonly 'tls-server-name'?: string;
  readonly 'proxy-url'?: string;
  readonly 'disable-compression'?: boolean;
  readonly extensions?: readonly { readonly name?: string; readonly extension?: unknown }[];
}

/** How to run a credential plug-in; `users[].user.exec`. */
export interface ExecEntry {
  readonly apiVersion?: string;
  readonly command?: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
  readonly installHint?: string;
  readonly provideClusterInfo?: boolean;
  readonly interactiveMode?: string;
}

/** `users[].user` of a kubeconfig. */
export interface UserEntry {
  readonly token?: string;
  readonly tokenFile?: string;
  readonly 'client-certificate'?: string;
  readonly 'client-certificate-data'?: string;
  readonly 'client-key'?: string;
  readonly 'client-key-data'?: string;
  readonly username?: string;
  readonly password?: string;
  readonly exec?: ExecEntry;
  readonly 'auth-provider'?: { readonly name?: string; readonly config?: Readonly<Record<string, unknown>> };
  readonly as?: string;
  readonly 'as-uid'?: string;
  readonly 'as-groups'?: readonly string[];
  readonly 'as-user-extra'?: Readonly<Record<string, readonly string[]>>;
}

/** `contexts[].context` of a kubeconfig. */
export interface ContextEntry {
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
}

/** All kubeconfig files merged into one. File names in it are absolute. */
export interface Kubeconfig {
  /** The files that were read, or looked for when none exists. */
  readonly files: readonly string[];
  readonly currentContext: string | undefined;
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly users: ReadonlyMap<string, UserEntry>;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
}

interface Section {
  readonly name: string;
  readonly key: string;
  /** Members that name files relative to the kubeconfig. */
  readonly files: readonly string[];
}

const SECTIONS: readonly Section[] = [
  { name: 'clusters', key: 'cluster', files: ['certificate-authority'] },
  { name: 'users', key: 'user', files: ['client-certificate', 'client-key', 'tokenFile'] },
  { name: 'contexts', key: 'context', files: [] },
];

/**
 * Reads the kubeconfig as kubectl does: `--kubeconfig` alone, else all files of `KUBECONFIG`, else
 * `~/.kube/config`. The first file that names a cluster, user, context or current context wins; files of
 * `KUBECONFIG` that do not exist are passed over.
 *
 * @throws WiDoctorError KUBECONFIG for a named file that does not exist, and for any file that cannot be read
 * or is no kubeconfig.
 */
export async function readKubeconfig(explicit: string | undefined, env: Environment): Promise<Kubeconfig> {
  const files = explicit === undefined ? defaultFiles(env) : [resolve(explicit)];
  const merged: Record<string, Map<string, object>> = {};
  for (const { name } of SECTIONS) merged[name] = new Map();
  let currentContext: string | undefined;
  const found: string[] = [];
  for (const file of files) {
    const text = await contentOf(file, explicit !== undefined);
    if (text === undefined) continue;
    found.push(file);
    const document = await parse(text, file);
    const current = document['current-context'];
    if (typeof current === 'string' && current !== '') currentContext ??= current;
    for (const section of SECTIONS) {
      for (const [name, entry] of entriesOf(document, section, file)) {
        const map = merged[section.name];
        if (map !== undefined && !map.has(name)) map.set(name, entry);
      }
    }
  }
  return {
    files: found.length > 0 ? found : files,
    currentContext,
    clusters: merged['clusters'] as ReadonlyMap<string, ClusterEntry>,
    users: merged['users'] as ReadonlyMap<string, UserEntry>,
    contexts: merged['contexts'] as ReadonlyMap<string, ContextEntry>,
  };
}

function defaultFiles(env: Environment): string[] {
  const listed = (env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  if (listed.length > 0) return [...new Set(listed.map((file) => resolve(file)))];
  return [join(env['HOME'] ?? env['USERPROFILE'] ?? homedir(), '.kube', 'config')];
}

async function contentOf(file: string, required: boolean): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !required) return undefined;
    const why: Readonly<Record<string, string>> = {
      ENOENT: 'it does not exist',
      ENOTDIR: 'it does not exist',
      EACCES: 'it may not be read by this user',
      EISDIR: 'it is a folder',
    };
    throw new WiDoctorError('KUBECONFIG', `Cannot read the kubeconfig ${file}: ${why[code ?? ''] ?? code}.`, {
      hint: 'Check --kubeconfig and KUBECONFIG, or fetch one with az aks get-credentials.',
    });
  }
}

async function parse(text: string, file: string): Promise<Record<string, unknown>> {
  const value = text.trimStart().startsWith('{') ? parseJson(text) : undefined;
  const document = value ?? (await parseYaml(text, file));
  // An empty file is an empty kubeconfig to kubectl.
  if (document === null || document === undefined) return {};
  if (typeof document !== 'object' || Array.isArray(document)) {
    throw new WiDoctorError('KUBECONFIG', `${file} is no kubeconfig: it holds no mapping.`);
  }
  return document as Record<string, unknown>;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function parseYaml(text: string, file: string): Promise<unknown> {
  const { LineCounter, parseDocument } = await import('./yaml-library.ts');
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) {
    // Only the place is told: the parser's own words may quote the line, and with it a token.
    const { line, col } = lineCounter.linePos(error.pos[0]);
    throw new WiDoctorError(
      'KUBECONFIG',
      `The kubeconfig ${file} is not valid YAML at line ${line}, column ${col}.`,
    );
  }
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    throw new WiDoctorError('KUBECONFIG', `The kubeconfig ${file} uses more YAML aliases than can be right.`);
  }
}

function* entriesOf(
  document: Record<string, unknown>,
  section: Section,
  file: string,
): Generator<[string, Record<string, unknown>]> {
  const list = document[section.name] ?? [];
  if (!Array.isArray(list)) {
    throw new WiDoctorError('KUBECONFIG', `${file} is no kubeconfig: '${section.name}' is not a list.`);
  }
  for (const element of list as unknown[]) {
    const { name, [section.key]: entry } = (element ?? {}) as Record<string, unknown>;
    if (typeof name !== 'string') continue;
    yield [name, absolute({ ...(entry as object | null) }, section, file)];
  }
}

function absolute(entry: Record<string, unknown>, section: Section, file: string): Record<string, unknown> {
  const folder = dirname(file);
  for (const key of section.files) {
    const value = entry[key];
    if (typeof value === 'string' && value !== '' && !isAbsolute(value)) entry[key] = join(folder, value);
  }
  const exec = entry['exec'] as ExecEntry | undefined;
  // A bare command is looked up on PATH; one with a slash lies beside the kubeconfig.
  if (
    section.key === 'user' &&
    exec?.command !== undefined &&
    /[/\\]/.test(exec.command) &&
    !isAbsolute(exec.command)
  ) {
    entry['exec'] = { ...exec, command: join(folder, exec.command) };
  }
  return entry;
}
