import { open, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { WiDoctorError } from '../errors.ts';
import { textOf } from './dump-text.ts';

/** How much of dumps is read. Bytes. */
export interface DumpLimits {
  readonly file: number;
  /** YAML takes a parser fifty times its own size in memory, JSON ten. */
  readonly yaml: number;
  readonly all: number;
}

const MIB = 1024 * 1024;
const LIMITS: DumpLimits = { file: 64 * MIB, yaml: 16 * MIB, all: 256 * MIB };

const EXTENSIONS: ReadonlySet<string> = new Set(['.yaml', '.yml', '.json']);

/** Files of these names may be anything, and are read when they begin like a dump. */
const PERHAPS: ReadonlySet<string> = new Set(['', '.txt']);

/** How deep folders are followed; dumps are flat or sorted by namespace and kind. */
const DEEPEST = 16;

export interface DumpFile {
  readonly file: string;
  readonly text: string;
}

/** Told of each file that is passed over and why. */
export type Note = (file: string, why: string) => void;

/**
 * Reads a file, or all dumps of a folder and its folders, in the order of their names: files named `.yaml`, `.yml`
 * and `.json`, and those named `.txt` or without an extension that begin like one.
 *
 * Binary and too large files, links that lead out of the folder, and folders that begin with a dot are passed over.
 *
 * @throws WiDoctorError INPUT when the path does not exist or cannot be read.
 */
export async function* dumpFiles(
  path: string,
  note: Note,
  limits: DumpLimits = LIMITS,
): AsyncGenerator<DumpFile> {
  const info = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (!info.isDirectory() && !info.isFile())
    throw new WiDoctorError('INPUT', `Cannot read ${path}: it is neither a file nor a folder.`);
  const files = info.isDirectory() ? filesBelow(path, { root: await realpath(path), note }) : [path];
  let left = limits.all;
  for await (const file of files) {
    const { size } = await stat(file).catch(() => ({ size: 0 }));
    const most = extname(file).toLowerCase() === '.json' ? limits.file : limits.yaml;
    if (size > most) {
      const advice = most === limits.file ? '' : '; as JSON (-o json) more can be read';
      note(file, `not read, larger than ${most / MIB} MiB${advice}`);
      continue;
    }
    if (size > left) {
      note(file, `not read, all files together are larger than ${limits.all / MIB} MiB`);
      continue;
    }
    left -= size;
    const bytes = await readFile(file).catch((error: unknown) => {
      throw unreadable(file, error);
    });
    const content = textOf(bytes);
    if ('problem' in content) note(file, `not read, ${content.problem}`);
    else yield { file, text: content.text };
  }
}

interface Place {
  /** Where the folder really is. */
  readonly root: string;
  readonly note: Note;
}

async function* filesBelow(folder: string, place: Place, depth = 0): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.') && depth < DEEPEST) yield* filesBelow(path, place, depth + 1);
      continue;
    }
    const extension = extname(entry.name).toLowerCase();
    if (!EXTENSIONS.has(extension) && (entry.name.startsWith('.') || !PERHAPS.has(extension))) continue;
    if (entry.isSymbolicLink() ? await leadsToFile(path, place) : entry.isFile()) {
      if (EXTENSIONS.has(extension) || (await beginsLikeDump(path))) yield path;
    }
  }
}

// What a stranger has packed may point at files of the reader.
async function leadsToFile(path: string, { root, note }: Place): Promise<boolean> {
  const target = await realpath(path).catch(() => undefined);
  const info = target === undefined ? undefined : await stat(target).catch(() => undefined);
  if (target === undefined || info?.isFile() !== true) return false;
  if (target.startsWith(root.endsWith(sep) ? root : root + sep)) return true;
  note(path, 'not read, a link that leads out of the folder');
  return false;
}

const FIRST_BYTES = 1024;
const BEGINNING =
  /^(?:(?:#|---)?[^\S\n]*\n|#[^\n]*\n)*\s*(?:apiVersion:|kind: |items:\n|\{\s*"(?:apiVersion|kind|items|metadata)")/;

async function beginsLikeDump(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(FIRST_BYTES), 0, FIRST_BYTES, 0);
    const content = textOf(buffer.subarray(0, bytesRead));
    return 'text' in content && BEGINNING.test(content.text.replaceAll('\r\n', '\n'));
  } catch {
    return false;
  } finally {
    await file.close();
  }
}

function unreadable(path: string, error: unknown): WiDoctorError {
  const { code } = error as NodeJS.ErrnoException;
  const why: Readonly<Record<string, string>> = {
    ENOENT: 'it does not exist',
    ENOTDIR: 'it does not exist',
    EACCES: 'it may not be read by this user',
    ELOOP: 'its links lead round in a circle',
  };
  return new WiDoctorError('INPUT', `Cannot read ${path}: ${why[code ?? ''] ?? code}.`);
}
