import { catalogueEntry } from '../catalogue/index.ts';
import type { FieldName } from '../explanation.ts';
import { canonical } from './canonical.ts';
import { chainAt, chainStarts, memberAt, weight } from './chain.ts';
import { findCodes } from './codes.ts';
import type { CodeMatch } from './codes.ts';
import {
  chainSucceeded,
  chainWentOn,
  hintsIn,
  isSignInPage,
  showsUserSignIn,
  showsWebLogin,
} from './evidence.ts';
import { FieldCollector, RawText } from './literal.ts';
import { readPrintedSettings } from './printed-settings.ts';
import { isInformational, Records } from './records.ts';
import type { Sighting } from './sighting.ts';
import {
  isTenantId,
  nearestHttpStatus,
  nearestOauthError,
  readIds,
  readSlots,
  tenantsInAddresses,
} from './surroundings.ts';
import { findSymptoms } from './symptom-matches.ts';
import type { SymptomMatch } from './symptom-matches.ts';
import type { TextWindow } from './windows.ts';

/** How far the words that belong to a code reach, and how far back its request stands, in characters. */
const TAIL = 4000;
const LEAD = 2000;
/** How far evidence about the kind of sign-in is looked for on both sides. */
const NEIGHBOURHOOD = 3000;

/** How far behind its status line the body of an answer may still name the code. */
const BODY = 3000;

/** What differs between two repetitions of one error: ids and times. */
const VARYING =
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d\d:\d\d:\d\d[.,\d]*Z?|\d{4}-\d\d-\d\d/gi;

/** A sighting with its place, while chains and overlaps are being settled. */
interface Placed {
  readonly sighting: Sighting;
  readonly start: number;
  readonly end: number;
  readonly chain: number;
  readonly weight: number;
  readonly symptom: SymptomMatch | undefined;
}

/** Everything recognised in one piece of text; only what begins in its accepted part, so that pieces may overlap. */
export function readWindow(window: TextWindow): Sighting[] {
  const before = canonical(window.before);
  const core = canonical(window.core);
  const text = before + core + canonical(window.after);
  const reader = new WindowReader(text, window.before + window.core + window.after);
  return reader.read(before.length, before.length + core.length);
}

class WindowReader {
  readonly #text: string;
  readonly #raw: RawText;
  readonly #records: Records;
  readonly #chains: readonly number[];
  /** Errors of this piece by their words without ids and times, since most repeat. */
  readonly #alike: Map<string, Placed> = new Map();

  constructor(text: string, raw: string) {
    this.#text = text;
    this.#raw = new RawText(raw);
    this.#records = new Records(text);
    this.#chains = chainStarts(text);
  }

  read(from: number, to: number): Sighting[] {
    const codes = findCodes(this.#text);
    const placed: Placed[] = [];
    let reach = 0;
    codes.forEach((match, index) => {
      const stop = Math.min(match.start + TAIL, codes[index + 1]?.start ?? this.#text.length);
      const one = this.#codeOrRepetition(match, Math.max(match.start - LEAD, reach), stop);
      reach = one.end;
      placed.push(one);
    });
    for (const match of findSymptoms(this.#text, this.#records)) {
      const one = this.#symptom(match);
      if (!placed.some((code) => code.sighting.code !== null && overlaps(code, one))) placed.push(one);
    }
    return settle(placed)
      .filter((one) => one.start >= from && one.start < to)
      .map((one) => one.sighting);
  }

  /** A log of nothing but one error must pass quickly, so of a repetition only the ids are read. */
  #codeOrRepetition(match: CodeMatch, lead: number, stop: number): Placed {
    const text = this.#text;
    const from = Math.max(lead, match.start - 300);
    const shape = text.slice(from, Math.min(stop, match.end + 700)).replace(VARYING, '#');
    const alike = this.#alike.get(shape);
    if (alike === undefined || alike.chain > 0) {
      const one = this.#code(match, lead, stop);
      this.#alike.set(shape, one);
      return one;
    }
    const ids = new FieldCollector(this.#raw, this.#rawPlace(match.start));
    const reach = readIds(text.slice(match.end, stop), ids);
    const { traceId: _, correlationId: __, timestamp: ___, ...same } = alike.sighting.fields;
    return {
      ...alike,
      start: match.start,
      end: reach === 0 ? Math.min(stop, match.end + 200) : match.end + reach,
      sighting: {
        ...alike.sighting,
        fields: { ...same, ...ids.result() },
        times: this.#times(match.start),
        record: this.#records.at(match.start),
      },
    };
  }

  /** About where a place of the canonical text lies in the raw one. */
  #rawPlace(position: number): number {
    return Math.floor((position / Math.max(1, this.#text.length)) * this.#raw.raw.length);
  }

  #code(match: CodeMatch, lead: number, stop: number): Placed {
    const text = this.#text;
    const before = text.slice(lead, match.start);
    const after = text.slice(match.end, stop);
    const recordStart = this.#records.startOf(match.start);
    const recordEnd = this.#records.endOf(match.start, text.length);
    const fields = new FieldCollector(this.#raw, this.#rawPlace(match.start));
    readSlots(after, fields);
    let end = match.end + readIds(after, fields);
    if (end === match.end) {
      end = Math.min(stop, match.end + 200);
      if (isSignInPage(before)) readIds(before, fields);
    }
    this.#tenants(fields, before, after);
    readPrintedSettings(text.slice(Math.max(0, match.start - 16_000), match.start), fields);
    const near = text.slice(Math.max(lead, recordStart), match.start);
    const rest = text.slice(match.end, Math.min(stop, recordEnd));
    const around = text.slice(Math.max(0, match.start - NEIGHBOURHOOD), match.end + NEIGHBOURHOOD);
    const entry = catalogueEntry(match.code);
    const chain = chainAt(this.#chains, match.start, recordStart);
    return {
      start: match.start,
      end,
      chain,
      symptom: undefined,
      weight: weight({ code: match.code, role: undefined, member: this.#member(chain, match.start) }),
      sighting: {
        code: match.code,
        kind: undefined,
        fields: withDirectoryName(fields),
        oauthError: nearestOauthError(near.slice(-500), rest.slice(0, 2000)),
        httpStatus: nearestHttpStatus(near.slice(-1500), rest.slice(0, 1600)),
        unrelated:
          entry?.about === 'user' ||
          (entry?.about === 'shared' && showsUserSignIn(around, before)) ||
          (entry?.about === 'credential' && showsWebLogin(around)),
        decides: true,
        times: this.#times(match.start),
        record: this.#records.at(match.start),
        words: after.slice(0, 400),
        hints: hintsIn(around),
      },
    };
  }

  #symptom(match: SymptomMatch): Placed {
    const text = this.#text;
    const recordStart = this.#records.startOf(match.start);
    const recordEnd = this.#records.endOf(match.start, text.length);
    const record = text.slice(recordStart, match.start);
    const before = record.slice(-1500);
    const after = text.slice(match.start, Math.min(recordEnd, match.end + 1000));
    const around = text.slice(Math.max(0, match.start - NEIGHBOURHOOD), match.end + NEIGHBOURHOOD);
    const fields = new FieldCollector(this.#raw, this.#rawPlace(match.start));
    for (const [name, value] of Object.entries(match.groups)) fields.add(name as FieldName, value);
    this.#tenants(fields, before, after);
    const chain = chainAt(this.#chains, match.start, recordStart);
    const optional =
      match.symptom.causes.some((cause) => cause.code.startsWith('RBAC')) && isInformational(record);
    return {
      start: match.start,
      end: match.end,
      chain,
      symptom: match,
      weight: weight({ code: null, role: match.symptom.role, member: undefined }),
      sighting: {
        code: null,
        kind: match.symptom.kind,
        fields: fields.result(),
        oauthError: nearestOauthError(before.slice(-500), after),
        httpStatus: nearestHttpStatus(before, after),
        unrelated:
          optional ||
          (match.symptom.role === 'member' && chainWentOn(around, text.slice(match.end))) ||
          ((match.symptom.role === 'member' || match.symptom.role === 'noise') &&
            chainSucceeded(text.slice(match.end, match.end + 1500))),
        decides: true,
        times: this.#times(match.start),
        record: this.#records.at(match.start),
        words: after.slice(0, 400),
        hints: hintsIn(around),
      },
    };
  }

  /** The address of the request names the tenant; of several requests the nearest one before the answer counts. */
  #tenants(fields: FieldCollector, before: string, after: string): void {
    const asked = tenantsInAddresses(before).at(-1) ?? tenantsInAddresses(after.slice(0, 1500))[0];
    fields.add('tenant', asked);
  }

  #member(chain: number, position: number): string | undefined {
    const start = this.#chains[chain - 1];
    return start === undefined ? undefined : memberAt(this.#text, start, position);
  }

  /** Events print how often they happened: `(x12 over 5m)`. */
  #times(position: number): number {
    const before = this.#text.slice(Math.max(0, position - 1000), position);
    const line = before.slice(before.lastIndexOf('\n') + 1);
    return Number(/\(x(\d{1,6}) over /.exec(line)?.[1] ?? 1);
  }
}

/** Directories are printed as GUID or by name; where both are known the name is only a name. */
function withDirectoryName(fields: FieldCollector): Sighting['fields'] {
  const result = fields.result();
  if (typeof result.tenant !== 'object') return result;
  const ids = result.tenant.filter((value) => isTenantId(value));
  const names = result.tenant.filter((value) => !isTenantId(value));
  if (ids.length === 0 || names.length === 0) return result;
  return { ...result, tenant: ids.length === 1 ? (ids[0] ?? '') : ids, tenantName: names[0] ?? '' };
}

function overlaps(code: Placed, symptom: Placed): boolean {
  if (symptom.symptom?.symptom.role !== 'decisive') return false;
  const apart = symptom.sighting.record === code.sighting.record ? 100 : 0;
  const body = symptom.symptom.symptom.bodyFollows === true ? BODY : apart;
  return symptom.start < code.end + apart && code.start < symptom.end + body;
}

/** Drops words around a better recognised error, and lets one member of each chain decide. */
function settle(placed: readonly Placed[]): Placed[] {
  const kept = placed.filter((one) => !isSuperseded(one, placed));
  const best = new Map<string, Placed>();
  for (const one of kept) {
    const known = best.get(chainKey(one));
    if (
      one.chain > 0 &&
      (known === undefined || one.weight < known.weight || (one.weight === known.weight && one.weight < 2))
    )
      best.set(chainKey(one), one);
  }
  return kept.map((one) => {
    const decider = best.get(chainKey(one));
    const decides =
      decider === undefined || (one.weight === decider.weight && one.sighting.code === decider.sighting.code);
    return decides ? one : { ...one, sighting: { ...one.sighting, decides: false } };
  });
}

function chainKey(one: Placed): string {
  return `${one.sighting.record}/${one.chain}`;
}

function isSuperseded(one: Placed, all: readonly Placed[]): boolean {
  const role = one.symptom?.symptom.role;
  if (one.symptom === undefined || role === 'decisive') return false;
  const company = all.filter((other) => other !== one && other.sighting.record === one.sighting.record);
  if (company.some((other) => other.sighting.code !== null && other.sighting.unrelated)) return true;
  if (role === 'wrapper') return company.some((other) => other.weight < one.weight);
  // Outside of a chain a member's general words say less than what else the record holds.
  if (one.chain === 0 && role === 'member' && company.some((other) => other.weight < one.weight)) return true;
  return (
    role === 'member' &&
    one.sighting.kind === 'managed-identity-unavailable' &&
    company.some((other) => other.sighting.kind?.startsWith('imds-') === true)
  );
}
