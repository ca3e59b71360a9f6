import { describe, expect, it } from 'vitest';
import { FACT_WORDS, absenceOf } from '../src/fact-words.ts';
import { reportOf, scenarioNames } from './scenarios.ts';

/** Names of this program, and words that only its authors use. */
const JARGON =
  /\b(siblings?|(?<!\/)jwks(?!_uri)|api server (keys|discovery|version)|wirings?|facts?|derived|credential match|sign ins|(?<!mutating )webhook (config|endpoints|pods|deployments|configurations))\b/;

/** Kinds that have no other name. */
const KINDS =
  /\b(ConfigMap|SecretProviderClass(es)?|(Cluster)?SecretStores|ScaledObjects|(Cluster)?TriggerAuthentications)\b/g;

describe('the words of facts', () => {
  it.each(Object.entries(FACT_WORDS))('%s has words for a reader', (_name, { noun }) => {
    const plain = noun.replaceAll(KINDS, '');
    expect(noun).not.toMatch(JARGON);
    expect(plain).not.toMatch(/[a-z][A-Z]|^(the|a|an) |[.;:]$/);
  });

  it('are told apart from each other', () => {
    const nouns = Object.values(FACT_WORDS).map(({ noun }) => noun);
    expect(new Set(nouns).size).toBe(nouns.length);
  });

  it('make a clause', () => {
    expect([absenceOf('node', ''), absenceOf('events', '')]).toEqual([
      'there is no node of the pod',
      'there are no events about the pod',
    ]);
  });

  it('stand in the place of names wherever something could not be looked at', () => {
    const said = scenarioNames().flatMap((name) => {
      const { checks, unseen, chain, headline } = reportOf(name);
      return [
        headline,
        ...checks.flatMap(({ reason }) => reason ?? []),
        ...unseen.flatMap(({ what, reason }) => [what, reason]),
        ...chain.map(({ detail }) => detail),
      ];
    });
    expect([...new Set(said)].filter((text) => JARGON.test(text))).toEqual([]);
  });
});
