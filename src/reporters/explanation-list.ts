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
    symptoms: SYMPTOMS.map(({ kind, role, wordings, meaning, causes, sources }) => ({
      kind,
      role,
      wordings,
      meaning,
      causes,
      sources,
    })),
  };
}

function first(meaning: string): string {
  return /^.*?\.(?=\s|$)/s.exec(meaning)?.[0] ?? meaning;
}

function row(name: string, meaning: string, width: number): string[] {
  const indent = ' '.repeat(15);
  const lines = wrapProse(meaning, width - indent.length, '');
  const [head, ...rest] =
    name.length < indent.length
      ? [name.padEnd(indent.length) + (lines[0] ?? ''), ...lines.slice(1)]
      : [name, ...lines];
  return [head ?? name, ...rest.map((line) => indent + line)];
}
