import type { Change } from './derive/change.ts';
import type { Fact, Present, Absent } from './fact.ts';
import type { FactName, FactTypes } from './facts.ts';
import type { Word } from './word.ts';

export { blank, type CommandText, type Word } from './word.ts';

/** How an outcome of a check is judged. */
export type Status = 'pass' | 'info' | 'warn' | 'fail';

/** How a check ended: `skip` was not asked here, `unknown` could not look, `error` crashed. */
export type CheckStatus = Status | 'skip' | 'unknown' | 'error';

/** Row id of a failure mode, such as `FIC-05`; stable for ever. */
export type FindingCode = `${string}-${number}`;

/** Links of the chain from pod to token, in order. */
export type ChainLink =
  'pod' | 'serviceAccount' | 'webhook' | 'token' | 'issuer' | 'federatedCredential' | 'identity' | 'exchange';

/** Causal order of failures: what comes first is named first. */
export type Stage =
  'rejected' | 'injection' | 'values' | 'token' | 'issuer' | 'credential' | 'identity' | 'egress' | 'role';

/** Who has the rights to run a command. */
export type Actor = 'developer' | 'cluster admin' | 'Entra admin' | 'Azure admin' | 'network admin';

export interface FixSpec {
  /** Names the fix when a check offers only some of an outcome's fixes. */
  readonly id?: string;
  /** One line to paste. `{placeholders}` are shell-quoted as they are filled in. */
  readonly command: string;
  /** What it does, one clause or sentence. */
  readonly why: string;
  readonly actor: Actor;
  /** True when pods are restarted by it, or must be before it takes effect. */
  readonly restarts: boolean;
  /** True when it begins another way to mend the same: whoever goes it leaves out the fixes before. */
  readonly instead?: true;
}

interface PassSpec {
  readonly status: 'pass';
  /** One sentence, `{placeholders}` allowed. */
  readonly says: string;
}

interface FindingSpec {
  readonly status: 'info' | 'warn' | 'fail';
  readonly code: FindingCode;
  /**
   * The fault in a few words, `{placeholders}` allowed, without a full stop: what stands behind the code, below a
   * headline that already has the sentence. It says the same from closer by, and stands alone. Left out, the
   * sentence stands there.
   */
  readonly title?: string;
  /** One sentence, `{placeholders}` allowed: subject first, value seen, value wanted. */
  readonly says: string;
  /** In the order in which they are to be run. A `fail` has at least one. */
  readonly fix?: readonly FixSpec[];
  /** How to see that the fix took; the default runs the diagnosis again. */
  readonly verify?: string;
  /** What Entra answers for this cause, most likely first. */
  readonly aadsts?: readonly number[];
  /** Codes whose failure would account for this one. */
  readonly explainedBy?: readonly FindingCode[];
  /** The remedy as the beginning of a sentence, `With subject {subject}`; what would come of it is found out. */
  readonly whatIf?: string;
}

export type OutcomeSpec = PassSpec | FindingSpec;

/** What was seen, where, and what would have been right. */
export interface Evidence {
  /** The fact it was seen in; its origin becomes the evidence's source. */
  readonly fact: FactName;
  /** Dotted place inside the fact, such as `claims.sub`. */
  readonly path: string;
  readonly observed: string;
  readonly expected?: string;
  /** What kind of difference it is, in words: `trailing slash`. */
  readonly difference?: string;
  /** Short names for the two lines on the screen: `web-fed` and `token`. */
  readonly labels?: { readonly observed: string; readonly expected: string };
}

export interface SayOptions {
  readonly evidence?: readonly Evidence[];
  /** The object the finding is about, if not the check's own subject. */
  readonly about?: { readonly kind: string; readonly name: string; readonly container?: string };
  /** What `whatIf` says, as a change of facts; left out where it cannot be told. */
  readonly change?: Change;
  /** Ids of the fixes that fit this case; all fixes when left out. */
  readonly fix?: readonly string[];
  /** What Entra answered, if the finding tells of its refusal: failures that bring such an answer explain it. */
  readonly answered?: readonly number[];
}

/** What a check answers for one subject. */
export type Answer =
  | {
      readonly kind: 'outcome';
      readonly outcome: string;
      readonly words: Readonly<Record<string, Word>>;
      readonly options: SayOptions;
    }
  | { readonly kind: 'skip'; readonly reason: string }
  | {
      readonly kind: 'unknown';
      readonly reason: string;
      readonly settle?: string;
      readonly unseeable?: true;
    };

type Placeholder<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never;

type FixPlaceholder<Fixes> = Fixes extends readonly {
  readonly command: infer Command extends string;
  readonly why: infer Why extends string;
}[]
  ? Placeholder<Fixes[number]['command'] & Command> | Placeholder<Fixes[number]['why'] & Why>
  : never;

type WordsOf<Outcome> = Outcome extends { readonly says: infer Says extends string }
  ? | Placeholder<Says>
    | (Outcome extends { readonly title: infer Title extends string } ? Placeholder<Title> : never)
    | (Outcome extends { readonly fix: infer Fixes } ? FixPlaceholder<Fixes> : never)
    | (Outcome extends { readonly verify: infer Verify extends string } ? Placeholder<Verify> : never)
    | (Outcome extends { readonly whatIf: infer WhatIf extends string } ? Placeholder<WhatIf> : never)
  : never;

/** How a check speaks: only its own outcomes, with every word that their sentences and commands need. */
export interface Say<Outcomes> {
  <Id extends keyof Outcomes & string>(
    outcome: Id,
    words: Readonly<Record<WordsOf<Outcomes[Id]>, Word>>,
    options?: SayOptions,
  ): Answer;
  /** The question does not arise here. @param reason One clause without a full stop. */
  skip(reason: string): Answer;
  /** The answer cannot be seen from here. @param reason One clause without a full stop. */
  unknown(reason: string, settle?: string): Answer;
  /**
   * The answer lies where nobody looks from outside, such as in an image: told with `-v`, and no gap that anybody
   * could close. Only for questions that no verdict rests on. @param reason One clause without a full stop.
   */
  unseeable(reason: string): Answer;
}

/** Whether a check is answered once, per judged container, or per sign-in that the containers attempt. */
export type Per = 'workload' | 'container' | 'signIn';

/** When the verdict cannot be `healthy` unless this check could run. */
export type RestsOn = 'always' | 'unwired' | 'never';

/** The facts as a check sees them: `needs` by value, the others with their state. */
export type Inputs<Needs extends FactName, OrAbsent extends FactName, OrUnknown extends FactName> = {
  readonly [Name in Needs]: FactTypes[Name];
} & {
  readonly [Name in OrAbsent]: Present<FactTypes[Name]> | Absent;
} & { readonly [Name in OrUnknown]: Fact<FactTypes[Name]> };

export interface CheckSpec<
  Outcomes extends Readonly<Record<string, OutcomeSpec>>,
  Needs extends FactName,
  OrAbsent extends FactName,
  OrUnknown extends FactName,
> {
  /** `layer/question`, the path of the file and its page. */
  readonly id: `${string}/${string}`;
  /** The healthy condition, so that it reads right behind ✔ and behind ✖. */
  readonly title: string;
  readonly link: ChainLink;
  readonly stage: Stage;
  readonly per: Per;
  readonly restsOn: RestsOn;
  /** Facts that must be present: unknown makes the check unknown, absent makes it skip. */
  readonly needs: readonly Needs[];
  /** Facts that may be absent, and are handed over as `Present | Absent`: unknown makes the check unknown. */
  readonly orAbsent?: readonly OrAbsent[];
  /** Facts that are only used when they are known; handed over with their state. */
  readonly orUnknown?: readonly OrUnknown[];
  /** Where the rule is written down. */
  readonly sources: readonly `https://${string}`[];
  readonly outcomes: Outcomes;
  /** Judges one subject. Synchronous, without clock, network or files: the same facts give the same answer. */
  readonly run: (facts: Inputs<Needs, OrAbsent, OrUnknown>, say: Say<Outcomes>) => Answer;
}

/** A check as the runner sees it. */
export interface Check {
  readonly id: `${string}/${string}`;
  readonly title: string;
  readonly link: ChainLink;
  readonly stage: Stage;
  readonly per: Per;
  readonly restsOn: RestsOn;
  readonly needs: readonly FactName[];
  readonly orAbsent: readonly FactName[];
  readonly orUnknown: readonly FactName[];
  readonly sources: readonly string[];
  readonly outcomes: Readonly<Record<string, OutcomeSpec>>;
  readonly run: (facts: never) => Answer;
}

/**
 * Defines a check: one question about declared facts.
 *
 * Asking for an undeclared fact, naming an outcome that is not in the table, or leaving out a word of its
 * sentence or commands does not compile.
 */
export function defineCheck<
  const Outcomes extends Readonly<Record<string, OutcomeSpec>>,
  const Needs extends FactName = never,
  const OrAbsent extends FactName = never,
  const OrUnknown extends FactName = never,
>(spec: CheckSpec<Outcomes, Needs, OrAbsent, OrUnknown>): Check {
  const say: Say<Outcomes> = Object.assign(
    (outcome: string, words: Readonly<Record<string, Word>>, options: SayOptions = {}): Answer => ({
      kind: 'outcome',
      outcome,
      words,
      options,
    }),
    {
      skip: (reason: string): Answer => ({ kind: 'skip', reason }),
      unknown: (reason: string, settle?: string): Answer =>
        settle === undefined ? { kind: 'unknown', reason } : { kind: 'unknown', reason, settle },
      unseeable: (reason: string): Answer => ({ kind: 'unknown', reason, unseeable: true }),
    },
  );
  return {
    ...spec,
    orAbsent: spec.orAbsent ?? [],
    orUnknown: spec.orUnknown ?? [],
    run: (facts: Inputs<Needs, OrAbsent, OrUnknown>) => spec.run(facts, say),
  };
}
