import { CATALOGUE } from '../aadsts/catalogue/index.ts';
import { SYMPTOMS } from '../aadsts/symptoms/index.ts';
import { wrapProse } from './explanation-wrap.ts';

/** Everything `explain` knows by itself: codes with what they mean, then messages without a code. */
export function explanationList(columns: number): string {
  const width = Math.max(60, Math.min(columns, 100));
  const codes = CATALOGUE.flatMap((entry) => entry.codes.map((code) => [code, entry] as const))
    .toSorted(([one], [other]) => one - other)
    .flatMap(([code, entry]) =>
      row(`AADSTS${code}`, `${entry.about === 'user' ? 'unrelated: ' : ''}${first(entry.meaning)}`, width),
    );
  const kinds = SYMPTOMS.flatMap((symptom) => row(symptom.kind, first(symptom.meaning), width));
  return [...codes, '', 'Messages without a code', ...kinds, ''].join('\n');
}

/** The same as data, for `-o json` and `-o yaml`. */
export function listedKnowledge(): unknown {
  return {
    schemaVersion: 'wi-doctor.catalogue/v1',
    codes: CATALOGUE,
    symptoms: SYMPTOMS.map(({ triggers: _, patterns: __, ...symptom }) => symptom),
  };
}

function first(meaning: string): string {
  return /^.*?\.(?=\s|$)/s.exec(meaning)?.[0] ?? meaning;
}

function row(name: string, meaning: string, width: number): string[] {
  const label = name.length < 15 ? name.padEnd(15) : `${name} `;
  return wrapProse(`${label}${meaning}`, width, ' '.repeat(15)).map((line, index) =>
    index === 0 ? label + line.slice(label.trimEnd().length).trimStart() : line,
  );
}
