/**
 * One thing wi-doctor looked at.
 *
 * Only `absent` may fail a check and only `present` may pass it: `unknown` says that we could not look,
 * which is neither.
 */
export type Fact<T> = Present<T> | Absent | Unknown;

export interface Present<T> {
  readonly state: 'present';
  readonly value: T;
  /** Where it was seen: `kubernetes: pods/web`, `file: dump.yaml`, `https://…`. */
  readonly origin: string;
}

/** We looked, and it is not there. */
export interface Absent {
  readonly state: 'absent';
  readonly origin: string;
}

/** We could not look. */
export interface Unknown {
  readonly state: 'unknown';
  /** One clause without a full stop: `the user may not get pods in namespace shop (403)`. */
  readonly reason: string;
  /** The one command that would settle it, if there is one. */
  readonly settle?: string;
}

export function present<T>(value: T, origin: string): Present<T> {
  return { state: 'present', value, origin };
}

export function absent(origin: string): Absent {
  return { state: 'absent', origin };
}

/** @param reason One clause without a full stop. @param settle The one command that would settle it. */
export function unknown(reason: string, settle?: string): Unknown {
  return settle === undefined ? { state: 'unknown', reason } : { state: 'unknown', reason, settle };
}
