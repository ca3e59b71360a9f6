import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Bundles lie one folder below the root, sources two or three.
const STEPS: readonly string[] = ['../', '../../', '../../../'];

/**
 * Path of a file that ships with the package.
 *
 * @param path Relative to the package's root, such as `fixtures/healthy/world.json`.
 */
export function packageFile(path: string): string {
  const root = STEPS.find((step) => existsSync(new URL(`${step}package.json`, import.meta.url))) ?? '../';
  return fileURLToPath(new URL(`${root}${path}`, import.meta.url));
}
