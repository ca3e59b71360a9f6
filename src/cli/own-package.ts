import * as module from 'node:module';
import { pathToFileURL } from 'node:url';
import { packageFile } from '../package-file.ts';

type Resolve = (specifier: string, context: unknown) => unknown;

interface Hooks {
  readonly resolve: (specifier: string, context: unknown, next: Resolve) => unknown;
}

/** What newer releases of Node have in the place of `register`. */
interface NewerModule {
  readonly registerHooks?: (hooks: Hooks) => void;
}

let known = false;

/**
 * Lets modules anywhere on disk import `wi-doctor` and get the program that is running, whether or not their
 * own folder has it installed: a global installation, or one by npx, is nowhere above them.
 */
export function resolveOwnPackage(): void {
  if (known) return;
  known = true;
  const url = pathToFileURL(packageFile('dist/index.js')).href;
  const { registerHooks } = module as unknown as NewerModule;
  if (registerHooks) {
    registerHooks({
      resolve: (specifier, context, next) =>
        specifier === 'wi-doctor' ? { url, shortCircuit: true } : next(specifier, context),
    });
    return;
  }
  const hook = `export const resolve = (specifier, context, next) =>
    specifier === 'wi-doctor' ? { url: ${JSON.stringify(url)}, shortCircuit: true } : next(specifier, context);`;
  module.register(`data:text/javascript,${encodeURIComponent(hook)}`);
}
