import { catalogueEntry } from './catalogue/index.ts';
import type { PossibleCause } from './catalogue/entry.ts';
import { CAUSE_TEXTS } from './causes/index.ts';
import type { Cause, ExplainedError, Source } from './explanation.ts';
import { fillCommand } from './fill-command.ts';
import type { Episode } from './read/episodes.ts';
import { reason, strength } from './reason/index.ts';
import type { Judgement } from './reason/conclusion.ts';
import { symptomOf } from './symptoms/index.ts';

/** What is known before the text is looked at. */
interface Known {
  readonly meaning: string;
  readonly causes: readonly PossibleCause[];
  readonly related?: readonly number[];
  readonly sources?: readonly Source[];
}

/** Page that explains any AADSTS number, also one unknown here. */
export function lookUpUrl(code: number): string {
  return `https://login.microsoftonline.com/error?code=${code}`;
}

/** Joins what is known of the code or symptom with what this text says. */
export function explainEpisode(episode: Episode): ExplainedError {
  const { code, kind, fields } = episode;
  const known = knownOf(episode);
  const { observations, judgements } = reason({
    code,
    kind,
    fields,
    words: episode.words,
    hints: episode.hints,
  });
  const related = known.related?.filter((number) => number !== code);
  return {
    code,
    ...(kind === undefined ? {} : { kind }),
    oauthError: episode.oauthError,
    httpStatus: episode.httpStatus,
    fields,
    unrelated: episode.unrelated,
    ...(episode.decides ? {} : { decides: false as const }),
    ...(episode.count > 1 ? { count: episode.count } : {}),
    meaning: [...observations, known.meaning].join(' '),
    causes: episode.unrelated ? [] : judged(known.causes, judgements).map((cause) => worded(cause, episode)),
    ...(related === undefined || related.length === 0 ? {} : { related }),
    ...(known.sources === undefined ? {} : { sources: known.sources }),
  };
}

function knownOf({ code, kind }: Episode): Known {
  if (code === null) return symptomOf(kind ?? '') ?? { meaning: '', causes: [] };
  return (
    catalogueEntry(code) ?? {
      meaning: `AADSTS${code} is not in the catalogue of wi-doctor. Entra explains it at ${lookUpUrl(code)}.`,
      causes: [],
    }
  );
}

/** Causes of the catalogue with the judgements of the text; a cause only the text suggests is added. */
function judged(
  causes: readonly PossibleCause[],
  judgements: ReadonlyMap<string, Judgement>,
): readonly PossibleCause[] {
  const listed = causes.map((cause) => ({ ...cause, ...judgements.get(cause.code) }));
  const added = [...judgements.values()].filter(
    (judgement) =>
      judgement.likelihood !== 'unlikely' && !causes.some((cause) => cause.code === judgement.code),
  );
  return [...added, ...listed].toSorted(
    (one, other) =>
      strength(one.likelihood) - strength(other.likelihood) ||
      Number(judgements.has(other.code)) - Number(judgements.has(one.code)),
  );
}

function worded(cause: PossibleCause, { fields }: Episode): Cause {
  const text = CAUSE_TEXTS[cause.code];
  return {
    code: cause.code,
    likelihood: cause.likelihood,
    confirm: fillCommand(cause.confirm ?? text?.confirm ?? '', fields),
    fix: fillCommand(cause.fix ?? text?.fix ?? '', fields),
  };
}
