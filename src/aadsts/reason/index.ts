import type { Likelihood } from '../explanation.ts';
import { audienceForm } from './audience.ts';
import type { Judgement, Rule, Said } from './conclusion.ts';
import { clientIdForm, tenantForm } from './identifier.ts';
import { issuerForm } from './issuer.ts';
import { subjectForm } from './subject.ts';
import { validity } from './validity.ts';
import { firstParty, missingParameter, scopeForm, signingKey, tokenPath, toolKnown } from './wording.ts';

const RULES: readonly Rule[] = [
  validity,
  issuerForm,
  subjectForm,
  audienceForm,
  clientIdForm,
  tenantForm,
  firstParty,
  missingParameter,
  signingKey,
  scopeForm,
  tokenPath,
  toolKnown,
];

const STRENGTH: Readonly<Record<Likelihood, number>> = { certain: 0, likely: 1, possible: 2, unlikely: 3 };

/** Sorting key of a likelihood; lower is stronger. */
export function strength(likelihood: Likelihood): number {
  return STRENGTH[likelihood];
}

/** What the values of the text say: sentences for the meaning, and judgements by finding code. */
export function reason(said: Said): {
  observations: readonly string[];
  judgements: ReadonlyMap<string, Judgement>;
} {
  const observations: string[] = [];
  const judgements = new Map<string, Judgement>();
  for (const rule of RULES) {
    const conclusion = rule(said);
    if (conclusion === undefined) continue;
    if (conclusion.observation !== undefined) observations.push(conclusion.observation);
    for (const judgement of conclusion.judgements) {
      const known = judgements.get(judgement.code);
      // Two rules may speak of one cause: what proves it wins over what rules it out.
      if (known === undefined || strength(judgement.likelihood) < strength(known.likelihood)) {
        judgements.set(judgement.code, judgement);
      }
    }
  }
  return { observations, judgements };
}
