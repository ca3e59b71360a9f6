import type { Report, ReportFinding } from '../report.ts';
import { INDENT, labelledBlock, LABEL_WIDTH, proseWidth, TEXT_COLUMN, textBlock } from './block.ts';
import { entraAnswer } from './entra-answer.ts';
import { evidenceLines } from './evidence-lines.ts';
import { fixLines } from './fix-lines.ts';
import type { Problem } from './problems.ts';
import { cutToWidth } from './text-width.ts';
import type { Screen } from './table.ts';

/** `is for …`, `lacks …`: words that can follow their object directly. */
const VERB = /^(is|has|lacks|contains|differs|looks|names|begins|ends|spells)\b/;

/** Whether the headline has already given a finding's sentence, or its first clause. */
function saidBy(headline: string, message: string): boolean {
  const clause = message.split('; ')[0]?.replace(/\.$/, '').slice(1) ?? '';
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

interface Sentence {
  readonly text: string;
  readonly differenceSaid: boolean;
}

/** The line behind the code. It does not repeat what the headline has just said, it goes one step closer. */
function sentenceOf({ finding, containers }: Problem, report: Report): Sentence {
  const where =
    report.containers.length > 1 && containers.length > 0 ? ` (${containerWords(containers)})` : '';
  if (!saidBy(report.headline, finding.message))
    return { text: finding.message + where, differenceSaid: false };
  const difference = differenceSentence(finding);
  if (difference !== null) return { text: difference + where, differenceSaid: true };
  const rest = finding.message.split('; ').slice(1).join('; ');
  if (rest !== '') return { text: rest + where, differenceSaid: false };
  return { text: `${finding.subject.kind} ${finding.subject.name}${where}`, differenceSaid: false };
}

function containerWords(names: readonly string[]): string {
  return `${names.length === 1 ? 'container' : 'containers'} ${names.join(', ')}`;
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
  const [head = '', ...rest] = labelledBlock(finding.code, text, columns);
  const codeEnd = INDENT.length + Math.max(LABEL_WIDTH, finding.code.length + 2);
  return [
    INDENT +
      ink.bad(finding.code) +
      head.slice(INDENT.length + finding.code.length, codeEnd) +
      head.slice(codeEnd),
    ...rest,
    ...finding.evidence.flatMap((evidence, index) =>
      evidenceLines(evidence, room, ink, {
        differenceSaid: differenceSaid && index === 0,
        source: verbosity > 0,
      }).map((line) => TEXT_COLUMN + line),
    ),
    ...(answer === null ? [] : textBlock(answer, columns)),
    ...consequences.flatMap((consequence) => consequenceLines(consequence, screen)),
    ...(finding.fix.length > 0 ? ['', ...fixLines(finding.fix, columns, ink)] : []),
  ];
}
