import type { Fields } from '../explanation.ts';

/** One error found at one place of the text, before repetitions are put together. */
export interface Sighting {
  readonly code: number | null;
  readonly kind: string | undefined;
  readonly fields: Fields;
  readonly oauthError: string | null;
  readonly httpStatus: number | null;
  readonly unrelated: boolean;
  /** False where another member of the same credential chain decides. */
  readonly decides: boolean;
  /** How often a line says that it happened (`x12 over 5m` of an event); 1 otherwise. */
  readonly times: number;
  /** Same number for sightings of one log record, so that a message printed twice counts once. */
  readonly record: number;
  /** The canonical words after the code, for conclusions from the wording; at most 400 characters. */
  readonly words: string;
  /** Programs and services named nearby, for conclusions from the text alone. */
  readonly hints: ReadonlySet<Hint>;
}

/** Something near the error that says which program or service speaks. */
export type Hint =
  | 'rust'
  | 'msal4j'
  | 'github'
  | 'azure-devops'
  | 'terraform'
  | 'keda'
  | 'external-dns'
  | 'external-secrets'
  | 'csi'
  | 'cert-manager'
  | 'virtual-node'
  | 'secret-flow';
