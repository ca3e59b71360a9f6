import { ADMISSION } from './admission.ts';
import { CHAIN } from './chain.ts';
import type { Symptom } from './entry.ts';
import { MANAGED_IDENTITY } from './managed-identity.ts';
import { NETWORK } from './network.ts';
import { NOT_WIRED } from './not-wired.ts';
import { RESOURCE } from './resource.ts';
import { TOKEN_FILE } from './token-file.ts';

export type { Symptom } from './entry.ts';

/** Every message without a code, the more decisive ones first. */
export const SYMPTOMS: readonly Symptom[] = [
  ...ADMISSION,
  ...TOKEN_FILE,
  ...NOT_WIRED,
  ...NETWORK,
  ...RESOURCE,
  ...MANAGED_IDENTITY,
  ...CHAIN,
];

const byKind: ReadonlyMap<string, Symptom> = new Map(SYMPTOMS.map((symptom) => [symptom.kind, symptom]));

/** Looks one symptom up by its `kind`. */
export function symptomOf(kind: string): Symptom | undefined {
  return byKind.get(kind);
}
