import type { Ink } from './ink.ts';

/** The terminal as the parts of the screen see it. */
export interface Screen {
  readonly columns: number;
  readonly verbosity: number;
  readonly quiet: boolean;
  readonly ink: Ink;
}
