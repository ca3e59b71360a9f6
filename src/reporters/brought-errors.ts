import type { Report, ReportError } from '../report.ts';

/** One error as a report shows it. */
export interface BroughtLines {
  /** Its name, where it stands if that is a log, and what it means in one sentence. */
  readonly text: string;
  /** What its values are, held against what is there now: one sentence each. */
  readonly notes: readonly string[];
}

/** Errors shown; the document has them all. */
const MOST_ERRORS = 3;

const VALUES: Readonly<Record<string, string>> = {
  subject: 'subject',
  issuer: 'issuer',
  audience: 'audience',
  appId: 'client id',
  tenant: 'tenant',
};

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

/** Values that are the pod's own need no sentence each; those that are not, and those that tell more, do. */
function notesOf({ matches = [] }: ReportError): string[] {
  const plain = matches.filter(
    ({ field, relation, note }) => relation === 'same' && field in VALUES && !note.includes(', which'),
  );
  const names = [...new Set(plain.map(({ field }) => VALUES[field] ?? field))];
  const own = listed(names);
  return [
    ...(own === '' ? [] : [`Its ${own} ${names.length === 1 ? 'is' : 'are'} what this pod has now.`]),
    ...matches.filter((match) => !plain.includes(match)).map(({ note }) => note),
  ];
}

function textOf({ code, kind, meaning, origin, unrelated }: ReportError): string {
  const name = code === null ? (kind ?? 'not recognised') : `AADSTS${code}`;
  const where = origin === undefined || origin === '--error' ? '' : ` in the ${origin}`;
  const first = meaning.replace(/(?<=[.!?])\s.*$/su, '');
  const aside = unrelated ? ' (not about workload identity)' : '';
  return first === '' ? `${name}${where}${aside}` : `${name}${where}${aside}: ${first}`;
}

/** The errors that the user brought or the logs hold, and that decide. */
export function broughtErrors({ errors }: Report): BroughtLines[] {
  // What Entra answered to an exchange of this run stands with the findings.
  const brought = errors.filter(({ origin }) => !origin?.startsWith('exchange '));
  const deciding = brought.filter(({ decides }) => decides !== false);
  const related = deciding.filter(({ unrelated }) => !unrelated);
  const shown = (related.length > 0 ? related : deciding).slice(0, MOST_ERRORS);
  const rest = (related.length > 0 ? related : deciding).length - shown.length;
  return shown.map((error, index) => ({
    text: textOf(error),
    notes: [
      ...notesOf(error),
      ...(rest > 0 && index === shown.length - 1
        ? [`${rest} more ${rest === 1 ? 'error is' : 'errors are'} in -o json.`]
        : []),
    ],
  }));
}
