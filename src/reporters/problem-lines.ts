import type { Report, ReportFinding } from '../report.ts';
import { causeOf } from '../summary.ts';
import { INDENT, labelledBlock, proseWidth, TEXT_COLUMN, textBlock } from './block.ts';
import { entraAnswer } from './entra-answer.ts';
import { evidenceLines } from './evidence-lines.ts';
import { fixLines } from './fix-lines.ts';
import { withContainers, type Problem } from './problems.ts';
import { cutToWidth } from './text-width.ts';
import type { Screen } from './table.ts';

/** `is for …`, `lacks …`: words that can follow their object directly. */
const VERB = /^(is|has|lacks|contains|differs|looks|names|begins|ends|spells)\b/;

/** Whether the headline has already given a finding's cause. */
function saidBy(headline: string, message: string): boolean {
  // The headline writes the first letter small.
  const clause = causeOf(message).replace(/\.$/, '').slice(1);
  return clause !== '' && headline.includes(clause);
}

/** What differs in the first piece of evidence, as a sentence; null where the evidence does not say. */
function differenceSentence({ evidence }: ReportFinding): string | null {
  const [first] = evidence;
  if (!first?.labels || first.difference === null) return null;
  const field = first.path.slice(first.path.lastIndexOf('.') + 1);
  const verb = VERB.test(first.difference) ? ' ' : ' differs: ';
  return `${field} of ${first.labels.observed}${verb}${first.difference}`;
}

/** What a finding's sentence says beyond its cause and its evidence; empty where that is all. */
function restOf({ message, evidence }: ReportFinding): string {
  const cause = causeOf(message);
  if (cause === message) return '';
  // The cause was cut at something else than a semicolon, so its rest does not stand alone.
  const rest = message.startsWith(`${cause}; `) ? message.slice(cause.length + 2) : message;
  const shown = evidence.some(({ observed, labels }) => labels && observed !== '' && rest.includes(observed));
  return shown ? '' : rest;
}

interface Sentence {
  /** Empty where headline and evidence say it all. */
  readonly text: string;
  readonly differenceSaid: boolean;
}

/** The line behind the code. It does not repeat what the headline has just said, it goes one step closer. */
function sentenceOf(problem: Problem, report: Report): Sentence {
  const { finding } = problem;
  const say = (text: string): string => withContainers(text, problem, report);
  const rest = restOf(finding);
  if (!saidBy(report.headline, finding.message)) {
    const text = rest === '' ? `${causeOf(finding.message).replace(/\.$/, '')}.` : finding.message;
    return { text: say(text), differenceSaid: false };
  }
  const difference = differenceSentence(finding);
  if (difference !== null) return { text: say(difference), differenceSaid: true };
  return { text: say(rest), differenceSaid: false };
}

/** The label stands beside the first of the lines, which begin in the text's column. */
function besideFirst(label: string, lines: readonly string[], paint: (text: string) => string): string[] {
  const [first = '', ...others] = lines;
  const fits = INDENT.length + label.length < TEXT_COLUMN.length;
  const head = INDENT + paint(label);
  if (!fits) return [head, ...lines];
  return [
    head + ' '.repeat(TEXT_COLUMN.length - INDENT.length - label.length) + first.slice(TEXT_COLUMN.length),
    ...others,
  ];
}

function consequenceLines(finding: ReportFinding, { columns, verbosity }: Screen): string[] {
  const text = `also follows: ${finding.code} ${finding.message}`;
  if (verbosity > 0) return textBlock(text, columns);
  return [TEXT_COLUMN + cutToWidth(text, proseWidth(columns) - TEXT_COLUMN.length)];
}

/** One root cause: what is wrong, the proof, what Entra says to it, what to type, how to see that it helped. */
export function problemLines(problem: Problem, report: Report, screen: Screen): string[] {
  const { columns, ink, verbosity } = screen;
  const { finding, consequences } = problem;
  const { text, differenceSaid } = sentenceOf(problem, report);
  const room = columns - TEXT_COLUMN.length;
  const answer = entraAnswer(finding.aadsts);
  const proof = [
    ...finding.evidence.flatMap((evidence, index) =>
      evidenceLines(evidence, room, ink, {
        differenceSaid: differenceSaid && index === 0,
        source: verbosity > 0,
      }).map((line) => TEXT_COLUMN + line),
    ),
    ...(answer === null ? [] : textBlock(answer, columns)),
    ...consequences.flatMap((consequence) => consequenceLines(consequence, screen)),
  ];
  // Where nothing is left to say the proof stands beside the code; where there is none, say it again.
  const sentence = text === '' && proof.length === 0 ? finding.message : text;
  return [
    ...(sentence === ''
      ? besideFirst(finding.code, proof, ink.bad)
      : [...labelledBlock(finding.code, sentence, columns, ink.bad), ...proof]),
    ...(finding.fix.length > 0 ? ['', ...fixLines(finding.fix, columns, ink)] : []),
  ];
}
