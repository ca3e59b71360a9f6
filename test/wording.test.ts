import { describe, expect, it } from 'vitest';
import type { Report } from '../src/report.ts';
import { reportOf, scenarioNames } from './scenarios.ts';

/** Slips that creep in where sentences are put together from words. */
const SLIPS: Readonly<Record<string, RegExp>> = {
  'a doubled word': /\b(?!(?:that|had)\b)([a-z]+) \1\b/,
  'a doubled blank': / {2}/,
  'a blank before a comma or full stop': / [,.;](?= |$)/,
  'two parentheses in a row': /\) \(/,
  'a doubled full stop': /(?<!\.)\.\.(?!\.)/,
  '"a" before a vowel': /\ba (?!one\b|user|uni|use\b|eu)[aeio]/,
  '"an" before a consonant': /\ban (?!fsGroup)[b-df-gj-np-tv-z]/,
  '"there is no" before a plural': /there is no (?!list of|token that)(?:\w+ )*[a-z]+(?<![sui])s\b/,
  'one of several': /(?<![\d.])\b1 (?!s\b)[a-z]+(?<!s)s\b/,
  'a placeholder': /(?<!\$)\{[a-z]\w*\}/,
  'a value that is none': /\bundefined\b|\bnull\b|\[object /,
  'a name of the code': /\b(?:aks|arm|oidc|guid|url) cluster\b/,
};

function sentencesOf({ headline, findings, checks, unseen, errors }: Report): string[] {
  return [
    headline,
    ...findings.flatMap(({ title, message, fix }) => [title, message, ...fix.map(({ why }) => why)]),
    ...checks.flatMap(({ reason }) => reason ?? []),
    ...unseen.flatMap(({ what, reason }) => [what, reason]),
    ...errors.flatMap(({ matches = [] }) => matches.map(({ note }) => note)),
  ];
}

const SENTENCES = new Map(
  scenarioNames().flatMap((name) => sentencesOf(reportOf(name)).map((sentence) => [sentence, name] as const)),
);

describe('no sentence of any scenario has', () => {
  it.each(Object.entries(SLIPS))('%s', (_what, slip) => {
    // What stands in quotation marks is somebody else's.
    const found = [...SENTENCES].filter(([sentence]) => slip.test(sentence.replaceAll(/"[^"]*"/g, '""')));
    expect(found.map(([sentence, name]) => `${name}: ${sentence}`)).toEqual([]);
  });
});

it('a title never says what the headline says', () => {
  const repeated = scenarioNames().filter((name) => {
    const { headline, findings } = reportOf(name);
    return findings.slice(0, 1).some(({ title }) => headline.includes(title.slice(1)));
  });
  expect(repeated).toEqual([]);
});
