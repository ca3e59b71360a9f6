import type { ReportFinding } from '../report.ts';

/** One number for most mismatches, until Entra split it into 700211, 700212, 700213 and 7002138 in 2024. */
const BEFORE_2024 = 70021;

/**
 * The sentence that ties a finding to the error in a log; null when Entra has no code of its own for it, or the
 * evidence is what Entra did answer.
 */
export function entraAnswer({ aadsts, evidence }: ReportFinding): string | null {
  if (evidence.some(({ observed }) => /\bAADSTS\d/.test(observed))) return null;
  const [first, ...others] = aadsts;
  if (first === undefined) return null;
  const current = first === BEFORE_2024 ? aadsts : aadsts.filter((code) => code !== BEFORE_2024);
  const older = first !== BEFORE_2024 && others.includes(BEFORE_2024);
  const names = current.map((code) => `AADSTS${code}`);
  const listed =
    names.length < 3 ? names.join(' or ') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
  return `Entra answers ${listed}${older ? ` (AADSTS${BEFORE_2024} in older logs)` : ''}.`;
}
