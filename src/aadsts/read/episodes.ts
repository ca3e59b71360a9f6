import type { FieldName, Fields } from '../explanation.ts';
import type { SymptomRole } from '../symptoms/entry.ts';
import { symptomOf } from '../symptoms/index.ts';
import { mergeValues, valuesOf } from './literal.ts';
import type { Hint, Sighting } from './sighting.ts';

/** One error with all its repetitions. */
export interface Episode {
  readonly code: number | null;
  readonly kind: string | undefined;
  fields: Fields;
  oauthError: string | null;
  httpStatus: number | null;
  unrelated: boolean;
  decides: boolean;
  count: number;
  readonly words: string;
  readonly hints: Set<Hint>;
  /** Order of first appearance. */
  readonly order: number;
}

/** Values that tell two errors of the same code apart; ids and times only tell repetitions apart. */
const TELLING: readonly FieldName[] = [
  'issuer',
  'subject',
  'audience',
  'appId',
  'tenant',
  'validFrom',
  'validTo',
  'resource',
  'action',
  'scope',
  'objectId',
  'path',
  'parameter',
];

/** Distinct errors kept; a log with more of them is a list of something else. */
const MOST_EPISODES = 200;
/** Trace ids remembered per error, to tell a repetition from the same answer printed twice. */
const MOST_TRACES = 64;

/** Puts sightings together: same error and same values are one episode, counted. Memory stays bounded. */
export class Episodes {
  readonly #episodes: Episode[] = [];
  readonly #traces: WeakMap<Episode, Set<string>> = new WeakMap();
  readonly #records: WeakMap<Episode, string> = new WeakMap();
  #window = 0;

  /** Takes over the sightings of one piece of text. */
  add(sightings: readonly Sighting[]): void {
    this.#window++;
    for (const sighting of sightings) this.#add(sighting);
  }

  /** All episodes, the deciding and related ones first, otherwise in the order of the text. */
  list(): readonly Episode[] {
    this.#overruleNoise();
    return this.#episodes.toSorted((one, other) => rank(one) - rank(other) || one.order - other.order);
  }

  /** Some SDKs log every member of a chain as a record of its own; what is expected to fail decides nothing there either. */
  #overruleNoise(): void {
    if (this.#episodes.every((episode) => episode.unrelated || roleOf(episode) === 'noise')) return;
    for (const episode of this.#episodes) if (roleOf(episode) === 'noise') episode.decides = false;
  }

  #add(sighting: Sighting): void {
    const known = this.#episodes.find((episode) => isSame(episode, sighting));
    if (known === undefined) {
      if (this.#episodes.length < MOST_EPISODES) this.#start(sighting);
      return;
    }
    if (this.#isRepetition(known, sighting)) known.count += sighting.times;
    known.fields = merged(known.fields, sighting.fields);
    known.oauthError ??= sighting.oauthError;
    known.httpStatus ??= sighting.httpStatus;
    known.unrelated &&= sighting.unrelated;
    known.decides ||= sighting.decides;
    for (const hint of sighting.hints) known.hints.add(hint);
  }

  #start(sighting: Sighting): void {
    const { code, kind, fields, oauthError, httpStatus, unrelated, decides, words } = sighting;
    const episode: Episode = {
      code,
      kind,
      fields,
      oauthError,
      httpStatus,
      unrelated,
      decides,
      words,
      count: sighting.times,
      hints: new Set(sighting.hints),
      order: this.#episodes.length,
    };
    this.#episodes.push(episode);
    this.#traces.set(episode, new Set(valuesOf(fields.traceId)));
    this.#records.set(episode, this.#place(sighting));
  }

  /** The same trace id, or no id in the same record, is the same answer printed again. */
  #isRepetition(episode: Episode, sighting: Sighting): boolean {
    const traces = this.#traces.get(episode) ?? new Set();
    const sameRecord = this.#records.get(episode) === this.#place(sighting);
    this.#records.set(episode, this.#place(sighting));
    const ids = valuesOf(sighting.fields.traceId);
    if (ids.length === 0) return !sameRecord;
    const fresh = ids.every((id) => !traces.has(id));
    // An answer seen before without its ids, and now with them, in one record.
    const completed = traces.size === 0 && sameRecord;
    for (const id of ids) traces.add(id);
    while (traces.size > MOST_TRACES)
      for (const oldest of traces) {
        traces.delete(oldest);
        break;
      }
    return fresh && !completed;
  }

  #place(sighting: Sighting): string {
    return `${this.#window}/${sighting.record}`;
  }
}

function rank(episode: Episode): number {
  if (episode.unrelated) return 4;
  if (!episode.decides) return 3;
  if (episode.code !== null) return 1;
  return roleOf(episode) === 'member' ? 2.5 : 2;
}

function roleOf({ kind }: Episode): SymptomRole | undefined {
  return kind === undefined ? undefined : symptomOf(kind)?.role;
}

function isSame(episode: Episode, sighting: Sighting): boolean {
  if (episode.code !== sighting.code || episode.kind !== sighting.kind) return false;
  return TELLING.every((name) => {
    const known = valuesOf(episode.fields[name]);
    const seen = valuesOf(sighting.fields[name]);
    return known.length === 0 || seen.length === 0 || seen.some((value) => known.includes(value));
  });
}

function merged(first: Fields, second: Fields): Fields {
  const fields: Record<string, Fields[FieldName]> = { ...first };
  for (const [name, value] of Object.entries(second)) fields[name] = mergeValues(fields[name], value);
  return fields;
}
