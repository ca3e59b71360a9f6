import type { Report, ReportFinding } from '../report.ts';
import { labelledBlock, TEXT_COLUMN, textBlock } from './block.ts';
import { counterfactualText } from './counterfactual-text.ts';
import { entraAnswer } from './entra-answer.ts';
import { evidenceLines } from './evidence-lines.ts';
import { withContainers, type Problem } from './problems.ts';
import type { Screen } from './screen.ts';

/** A clause that stands alone now. */
function asSentence(clause: string): string {
  return clause.charAt(0).toUpperCase() + clause.slice(1);
}

/** Where a sentence goes on with its proof. */
const JOINTS = /[;:] /g;
/** Long values in parentheses, which a headline leaves out. */
const ASIDES = / \([^()]{40,}\)/g;

/** What the headline has left out of a finding's sentence; null where it says none of it. */
function leftOut(headline: string, message: string): string | null {
  // The headline writes the first letter small.
  const says = (text: string): boolean => text.length > 1 && headline.includes(text.slice(1));
  for (const text of [message, message.replaceAll(ASIDES, '')]) {
    if (says(text.replace(/\.$/, ''))) return '';
    const end = [...text.matchAll(JOINTS)].findLast(({ index }) => says(text.slice(0, index)));
    if (end) return text.slice(end.index + 2);
  }
  return null;
}

/** The sentence below the title: what neither the headline, the title nor the evidence says. */
function sentenceOf({ message, title, evidence }: ReportFinding, headline: string): string {
  const isShown = (text: string): boolean =>
    evidence.some(
      ({ observed, difference }) =>
        (observed !== '' && text.includes(observed)) ||
        (difference !== null && text.includes(difference) && title.includes(difference)),
    );
  const rest = leftOut(headline, message);
  if (rest !== null) return isShown(rest) ? '' : asSentence(rest);
  if (message.replace(/\.$/, '') === title) return '';
  const end = [...message.matchAll(JOINTS)].find(({ index }) => isShown(message.slice(index + 2)));
  return end ? `${message.slice(0, end.index)}.` : message;
}

function consequenceLines(finding: ReportFinding, { columns, verbosity }: Screen): string[] {
  const { code, title, message } = finding;
  const text = `also follows: ${code} ${verbosity > 0 ? message : title}`;
  return textBlock(text, columns - 2).map((line, index) => (index === 0 ? line : `  ${line}`));
}

/** One root cause: what is wrong, the proof, what Entra says to it, what follows from it. */
export function problemLines(problem: Problem, report: Report, screen: Screen): string[] {
  const { columns, ink, verbosity } = screen;
  const { finding, consequences } = problem;
  const { code, title, evidence } = finding;
  const sentence = sentenceOf(finding, report.headline);
  const answer = entraAnswer(finding);
  const counterfactual = counterfactualText(report, finding);
  return [
    ...labelledBlock(code, withContainers(title, problem, report), columns, ink.bad),
    ...(sentence === '' ? [] : textBlock(sentence, columns)),
    ...evidence.flatMap((one) =>
      evidenceLines(one, { columns, indent: TEXT_COLUMN.length }, ink, {
        differenceSaid: one.difference !== null && title.includes(one.difference),
        source: verbosity > 0,
      }),
    ),
    ...(counterfactual === null ? [] : textBlock(counterfactual, columns)),
    ...(answer === null ? [] : textBlock(answer, columns)),
    ...consequences.flatMap((consequence) => consequenceLines(consequence, screen)),
  ];
}
