import type { Check, FindingCode } from '../define-check.ts';
import { WiDoctorError } from '../errors.ts';
import { nearestNames } from '../kubernetes/nearest.ts';

/** The finding codes of a check, each once and in order. */
export function codesOf({ outcomes }: Check): FindingCode[] {
  const codes = Object.values(outcomes).flatMap((spec) => (spec.status === 'pass' ? [] : [spec.code]));
  return [...new Set(codes)].toSorted();
}

export interface Selection {
  readonly checks: readonly Check[];
  /** What was left out, in words; null when every check runs. */
  readonly restriction: string | null;
}

function matching(checks: readonly Check[], word: string, flag: string, program: string): readonly Check[] {
  const found = checks.filter(
    (check) => check.id === word.toLowerCase() || codesOf(check).some((code) => code === word.toUpperCase()),
  );
  if (found.length > 0) return found;
  const near = nearestNames(word, [...checks.map(({ id }) => id), ...checks.flatMap(codesOf)]);
  throw new WiDoctorError('USAGE', `${flag} names no check and no finding code: ${word}.`, {
    hint: near.length > 0 ? `Did you mean: ${near.join(', ')}?` : `See them all: ${program} checks`,
  });
}

/**
 * The checks that `--only` and `--skip` leave, by finding code or check id; several in one flag by comma.
 *
 * @param program How the user calls wi-doctor.
 * @throws {WiDoctorError} `USAGE` for a word that names nothing.
 */
export function selectChecks(
  checks: readonly Check[],
  only: readonly string[],
  skip: readonly string[],
  program: string,
): Selection {
  const words = (values: readonly string[]): string[] =>
    values.flatMap((value) => value.split(',')).filter((word) => word !== '');
  const wanted = words(only);
  const unwanted = words(skip);
  const kept =
    wanted.length === 0
      ? checks
      : checks.filter((check) =>
          wanted.some((word) => matching(checks, word, '--only', program).includes(check)),
        );
  const left = kept.filter(
    (check) => !unwanted.some((word) => matching(checks, word, '--skip', program).includes(check)),
  );
  if (left.length === 0)
    throw new WiDoctorError('USAGE', 'No check is left to run.', {
      hint: 'Name fewer in --skip, or others in --only.',
    });
  const parts = [
    ...(wanted.length > 0 ? [`only ${wanted.join(', ')} was checked`] : []),
    ...(unwanted.length > 0 ? [`${unwanted.join(', ')} was left out`] : []),
  ];
  return { checks: left, restriction: parts.length === 0 ? null : parts.join('; ') };
}
