import type { FactSet, RequestOptions } from '../collected-facts.ts';
import { clientIdsOf } from '../derive/client-ids.ts';
import { deriveFacts } from '../derive/facts.ts';
import { absent, present, unknown } from '../fact.ts';
import { clientFactsOf, suppliedFor, type SuppliedCredentials } from '../sources/client-facts.ts';
import type { BroughtError } from '../sources/errors/brought-error.ts';

/** What the command line adds to a bundle. */
export interface Addition {
  readonly options: RequestOptions;
  /** `--error`; null when not given. */
  readonly brought: readonly BroughtError[] | null;
  /** `--token-file`; null when not given. */
  readonly token: { readonly text: string; readonly file: string } | null;
  readonly supplied: readonly SuppliedCredentials[];
  /** The command that runs this diagnosis again. */
  readonly rerun: string;
}

const NOT_COLLECTED = unknown('it was not collected');
const OF_ANOTHER = unknown('the bundle holds the documents of another issuer than that of the token');

function issuerNamedBy(facts: FactSet['facts']): string | null {
  const { tokenIssuer } = deriveFacts({ facts, clients: {} });
  return tokenIssuer.state === 'present' ? tokenIssuer.value : null;
}

async function tokenOf({ facts }: FactSet, { token }: Addition): Promise<FactSet['facts']> {
  if (token === null) return {};
  const { publishedKeys, tokenFacts } = await import('../sources/token-facts.ts');
  const raw = { kind: 'raw', text: token.text, origin: `file: ${token.file}` } as const;
  const unverified = await tokenFacts(raw, { published: NOT_COLLECTED, apiServer: NOT_COLLECTED });
  // What another issuer publishes says nothing about this token.
  const elsewhere = issuerNamedBy({ ...facts, ...unverified }) !== issuerNamedBy(facts);
  const documents = elsewhere ? { discovery: OF_ANOTHER, jwks: OF_ANOTHER } : {};
  const verified = await tokenFacts(raw, {
    published: publishedKeys({ ...facts, ...documents }.jwks ?? NOT_COLLECTED),
    apiServer: facts.apiServerKeys ?? NOT_COLLECTED,
  });
  // Nobody says that the token was used when the bundle was collected.
  return { ...documents, ...verified, clocks: absent('the bundle shows no clock beside the token') };
}

/** A bundle is judged as it is; what the command line brings takes the place of what it holds of the same. */
export async function layOver(set: FactSet, addition: Addition): Promise<FactSet> {
  const { options, brought, supplied, rerun } = addition;
  const facts: FactSet['facts'] = {
    ...set.facts,
    ...(await tokenOf(set, addition)),
    ...(brought === null ? {} : { errors: present(brought, 'errors') }),
    options: present(options, 'command line'),
  };
  const { workload, signIns } = deriveFacts({ ...set, facts });
  const clientIds = [...new Set([...Object.keys(set.clients), ...clientIdsOf(workload, signIns, facts)])];
  const given = clientIds.filter((clientId) => suppliedFor(clientId, supplied));
  return { facts, clients: { ...set.clients, ...clientFactsOf(given, supplied, rerun) } };
}
