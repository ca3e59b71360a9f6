import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One folder per process, named after it, so that a later process can tell which ones were left behind. */
const PREFIX = 'wi-doctor-test-';

let own: string | undefined;

/** A new empty folder that disappears with this process, or with the next one when this is killed. */
export function temporaryFolder(purpose: string): string {
  own ??= claim();
  return mkdtempSync(join(own, `${purpose}-`));
}

function claim(): string {
  sweep();
  const folder = join(tmpdir(), PREFIX + process.pid);
  mkdirSync(folder, { recursive: true });
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Test runners end their workers without ceremony, and keys and kubeconfigs lie in these folders. */
function sweep(): void {
  for (const name of readdirSync(tmpdir())) {
    const id = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length)) : NaN;
    if (!Number.isNaN(id) && !isAlive(id)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // Somebody else's process answers EPERM.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
