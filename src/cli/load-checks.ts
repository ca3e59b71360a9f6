import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineCheck, type Check } from '../define-check.ts';
import { WiDoctorError } from '../errors.ts';
import { resolveOwnPackage } from './own-package.ts';

/** A check that could not be loaded: it is shown as that check's error, and the verdict is not healthy. */
function brokenCheck(file: string, reason: string): Check {
  return defineCheck({
    id: `third-party/${basename(file).replace(/\.m?js$/, '')}`,
    title: `the check in ${basename(file)} could be loaded`,
    link: 'exchange',
    stage: 'role',
    per: 'workload',
    restsOn: 'always',
    needs: [],
    sources: [],
    outcomes: {},
    run() {
      throw new Error(reason);
    },
  });
}

function isCheck(value: unknown): value is Check {
  if (typeof value !== 'object' || value === null) return false;
  const { id, title, outcomes, run, needs } = value as Partial<Record<keyof Check, unknown>>;
  return (
    typeof id === 'string' &&
    typeof title === 'string' &&
    typeof outcomes === 'object' &&
    typeof run === 'function' &&
    Array.isArray(needs)
  );
}

async function loadCheck(file: string): Promise<Check> {
  try {
    const module = (await import(pathToFileURL(file).href)) as { default?: unknown };
    if (isCheck(module.default)) return module.default;
    return brokenCheck(file, 'its default export is not a check made with defineCheck');
  } catch (error) {
    return brokenCheck(
      file,
      `it could not be loaded: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/**
 * Loads third-party checks: every `.js` or `.mjs` file of a folder, by name.
 *
 * @throws {WiDoctorError} `INPUT` when the folder cannot be read or holds no such file.
 */
export async function loadChecks(folder: string): Promise<Check[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new WiDoctorError('INPUT', `The folder of checks ${folder} cannot be read.`, {
      cause,
      hint: 'Give --checks a folder with .js files that export a check.',
    });
  });
  const files = names.filter((name) => /\.m?js$/.test(name)).toSorted();
  if (files.length === 0) {
    throw new WiDoctorError('INPUT', `The folder ${folder} holds no .js file with a check.`, {
      hint: 'A check is the default export of a module: export default defineCheck({ … }).',
    });
  }
  resolveOwnPackage();
  return Promise.all(files.map((name) => loadCheck(resolve(join(folder, name)))));
}
