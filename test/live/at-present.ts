import type { FactSet } from '../../src/facts.ts';

/** Times in objects and answers, and in the texts that Entra and SDKs write. */
const TIME = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z/g;
/** Times of tokens, in seconds since 1970. */
const SECONDS = new Set(['iat', 'nbf', 'exp', 'warnafter']);

/** By how many seconds a scenario lies in the past. */
export function secondsAgo({ facts: { now } }: FactSet): number {
  return now?.state === 'present' ? Math.round((Date.now() - Date.parse(now.value)) / 1000) : 0;
}

/** Anything that belongs to a scenario, with every time in it moved on: the clock of a real server cannot be set. */
export function movedOn<T>(value: T, seconds: number): T {
  return moved(value, seconds) as T;
}

function moved(value: unknown, seconds: number): unknown {
  if (typeof value === 'string') return value.replaceAll(TIME, (time) => later(time, seconds));
  if (Array.isArray(value)) return value.map((member) => moved(member, seconds));
  if (typeof value !== 'object' || value === null || value instanceof RegExp) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      SECONDS.has(name) && typeof member === 'number' ? member + seconds : moved(member, seconds),
    ]),
  );
}

function later(time: string, seconds: number): string {
  const [, fraction = ''] = /(\.\d+)?Z$/.exec(time) ?? [];
  const moment = new Date(Date.parse(time.replace(' ', 'T')) + seconds * 1000).toISOString();
  return moment.replace('T', time[10] ?? 'T').replace(/\.\d+Z$/, `${fraction}Z`);
}
