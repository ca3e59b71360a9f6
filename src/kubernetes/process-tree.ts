import { spawnSync, type ChildProcess } from 'node:child_process';

/**
 * Ends a process and everything it started.
 *
 * @param grouped Whether the process leads a process group of its own (spawned with `detached` on POSIX).
 */
export function endProcessTree(child: ChildProcess, grouped: boolean): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
    return;
  }
  if (grouped) {
    kill(-pid);
    return;
  }
  // Listed before the first is ended: afterwards orphans no longer name their parent.
  for (const descendant of descendantsOf(pid)) kill(descendant);
  kill(pid);
}

/** Process ids below `pid`, children before grandchildren; none where `ps` is missing. */
function descendantsOf(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8', timeout: 2_000 });
  const children = new Map<number, number[]>();
  for (const [, child, parent] of (stdout ?? '').matchAll(/^\s*(\d+)\s+(\d+)\s*$/gm)) {
    const siblings = children.get(Number(parent));
    if (siblings === undefined) children.set(Number(parent), [Number(child)]);
    else siblings.push(Number(child));
  }
  const found: number[] = [];
  const open = [pid];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const below = children.get(next) ?? [];
    found.push(...below);
    open.push(...below);
  }
  return found;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself in the meantime.
  }
}
