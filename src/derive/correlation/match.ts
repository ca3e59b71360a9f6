import type { FieldName } from '../../aadsts/explanation.ts';
import type { Fact } from '../../fact.ts';
import type { FactSet } from '../../collected-facts.ts';
import type { SignIn } from '../sign-ins.ts';
import type { Workload } from '../workload.ts';

/** One value of an error, held against what is there now. */
export interface Match {
  /** The value's name in the error's `fields`. */
  readonly field: FieldName;
  readonly value: string;
  /** `same`: it is this object's; `other`: it is not, or no longer. */
  readonly relation: 'same' | 'other';
  /** What it was held against: `service account shop/web`, `container app`. */
  readonly with: string;
  /** One sentence. */
  readonly note: string;
}

/** What the values of errors are held against. */
export interface Live {
  readonly workload: Workload;
  readonly tokenIssuer: Fact<string>;
  readonly signIns: readonly SignIn[];
  readonly set: FactSet;
}
