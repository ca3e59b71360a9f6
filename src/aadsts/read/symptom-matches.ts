import type { FieldName } from '../explanation.ts';
import { SYMPTOMS } from '../symptoms/index.ts';
import type { Symptom } from '../symptoms/index.ts';
import { LiteralScanner } from './literal-scanner.ts';
import type { Records } from './records.ts';

/** A symptom at its place in canonical text. */
export interface SymptomMatch {
  readonly symptom: Symptom;
  readonly start: number;
  readonly end: number;
  readonly groups: Readonly<Partial<Record<FieldName, string>>>;
}

/** Occurrences of one symptom looked at in one piece of text. */
const MOST_MATCHES = 2000;
let triggers: LiteralScanner | undefined;
const compiled: Map<Symptom, readonly RegExp[]> = new Map();

function patternsOf(symptom: Symptom): readonly RegExp[] {
  let patterns = compiled.get(symptom);
  if (patterns === undefined) {
    patterns = symptom.patterns.map(
      (source) => new RegExp(source.replaceAll(' ?', '\\s{0,40}').replaceAll(' ', '\\s{1,400}'), 'gi'),
    );
    compiled.set(symptom, patterns);
  }
  return patterns;
}

/** How far around a match the words of `near` and `unless` are looked for, inside its record. */
const COMPANY = 1500;

/** Whether the record a match stands in belongs to something that signs in to Entra or calls Azure. */
function isAmongOurs(symptom: Symptom, text: string, records: Records, start: number, end: number): boolean {
  const { near, unless } = symptom;
  if (near === undefined && unless === undefined) return true;
  const company = text.slice(
    Math.max(records.startOf(start), start - COMPANY),
    Math.min(records.endOf(start, text.length), end + COMPANY),
  );
  return (
    (near === undefined || new RegExp(near, 'i').test(company)) &&
    (unless === undefined || !new RegExp(unless, 'i').test(company))
  );
}

/** Finds every known message without a code, in the order of the text. */
export function findSymptoms(text: string, records: Records): SymptomMatch[] {
  triggers ??= new LiteralScanner([...new Set(SYMPTOMS.flatMap((symptom) => symptom.triggers))]);
  const there = triggers.present(Buffer.from(text, 'latin1'));
  const found: SymptomMatch[] = [];
  for (const symptom of SYMPTOMS) {
    if (!symptom.triggers.some((trigger) => there.has(trigger))) continue;
    for (const pattern of patternsOf(symptom)) {
      for (const match of text.matchAll(pattern)) {
        if (found.length >= MOST_MATCHES) break;
        const span = { start: match.index, end: match.index + match[0].length };
        // The table goes from the particular to the general, so the first to claim a place keeps it.
        if (found.some((other) => other.start < span.end && span.start < other.end)) continue;
        if (!isAmongOurs(symptom, text, records, span.start, span.end)) continue;
        found.push({ symptom, ...span, groups: match.groups ?? {} });
      }
    }
  }
  return found.toSorted((one, other) => one.start - other.start);
}
