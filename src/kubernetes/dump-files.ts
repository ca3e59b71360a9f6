import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { WiDoctorError } from '../errors.ts';

/** Larger dumps are not read. */
const MOST_BYTES: number = 64 * 1024 * 1024;

const EXTENSIONS: ReadonlySet<string> = new Set(['.yaml', '.yml', '.json']);

/** How deep folders are followed; dumps are flat or sorted by namespace and kind. */
const DEEPEST = 16;

export interface DumpFile {
  readonly file: string;
  readonly text: string;
}

/**
 * Reads a file, or all `.yaml`, `.yml` and `.json` files of a folder and its folders, in the order of their names.
 *
 * Binary and too large files, links to folders, and folders that begin with a dot are passed over.
 *
 * @param note Told of each file that is passed over and why.
 * @throws WiDoctorError INPUT when the path does not exist or cannot be read.
 */
export async function* dumpFiles(
  path: string,
  note: (text: string) => void,
  mostBytes: number = MOST_BYTES,
): AsyncGenerator<DumpFile> {
  const info = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  const files = info.isDirectory() ? filesBelow(path, 0) : [path];
  for await (const file of files) {
    const { size } = await stat(file).catch(() => ({ size: 0 }));
    if (size > mostBytes) {
      note(`${file}: not read, larger than ${mostBytes / 1024 / 1024} MiB`);
      continue;
    }
    const bytes = await readFile(file).catch((error: unknown) => {
      throw unreadable(file, error);
    });
    const text = decode(bytes);
    if (text === undefined) note(`${file}: not read, not a text file`);
    else yield { file, text };
  }
}

async function* filesBelow(folder: string, depth: number): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.') && depth < DEEPEST) yield* filesBelow(path, depth + 1);
    } else if (EXTENSIONS.has(extname(entry.name).toLowerCase())) {
      const target = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
      if (target?.isFile() === true) yield path;
    }
  }
}

/** PowerShell writes UTF-16 when output is redirected with `>`; anything else with a NUL in it is no text. */
function decode(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString('utf16le');
  if (bytes.includes(0)) return undefined;
  const text = bytes.toString('utf8');
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function unreadable(path: string, error: unknown): WiDoctorError {
  const { code } = error as NodeJS.ErrnoException;
  const why: Readonly<Record<string, string>> = {
    ENOENT: 'it does not exist',
    ENOTDIR: 'it does not exist',
    EACCES: 'it may not be read by this user',
  };
  return new WiDoctorError('INPUT', `Cannot read ${path}: ${why[code ?? ''] ?? code}.`);
}
