import { ASSERTION } from './assertion.ts';
import { CLIENT } from './client.ts';
import type { CatalogueEntry } from './entry.ts';
import { FEDERATION_REFUSED } from './federation-refused.ts';
import { FEDERATION } from './federation.ts';
import { GRANT } from './grant.ts';
import { ISSUER } from './issuer.ts';
import { TENANT } from './tenant.ts';
import { USERS } from './users.ts';

export type { CatalogueEntry } from './entry.ts';

/** Every AADSTS code known here, in the order in which an exchange can fail. */
export const CATALOGUE: readonly CatalogueEntry[] = [
  ...FEDERATION,
  ...FEDERATION_REFUSED,
  ...ASSERTION,
  ...ISSUER,
  ...CLIENT,
  ...TENANT,
  ...GRANT,
  ...USERS,
];

const byCode: ReadonlyMap<number, CatalogueEntry> = new Map(
  CATALOGUE.flatMap((entry) => entry.codes.map((code) => [code, entry] as const)),
);

/**
 * Looks one AADSTS number up.
 *
 * @param code The number without the prefix; never shortened, since 70021 and 700213 are different codes.
 */
export function catalogueEntry(code: number): CatalogueEntry | undefined {
  return byCode.get(code);
}
