import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SOURCES = ['src', 'checks', 'package.json', 'esbuild.config.js'];

/** Milliseconds since 1970 of the youngest source below a path. */
function changed(path: string): number {
  const info = statSync(path);
  if (!info.isDirectory()) return path.endsWith('.md') ? 0 : info.mtimeMs;
  return Math.max(info.mtimeMs, ...readdirSync(path).map((name) => changed(join(path, name))));
}

function built(): number {
  return statSync(join(ROOT, 'dist', 'cli.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Builds the bundles once per test run, if any source is younger: tests that start processes start these. */
export default function setup(): void {
  if (built() > Math.max(...SOURCES.map((name) => changed(join(ROOT, name))))) return;
  execFileSync(process.execPath, ['esbuild.config.js'], { cwd: ROOT, stdio: 'inherit' });
}
