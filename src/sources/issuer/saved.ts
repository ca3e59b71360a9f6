import { present, unknown, type CollectedFacts, type Fact } from '../../facts.ts';
import { shellQuote } from '../../fill.ts';
import type { Origin } from '../../kubernetes/answers.ts';
import { discoveryUrlOf, keySetUrlOf } from './discovery.ts';
import { judgeUrl } from './fetchable-url.ts';
import { withoutSecretMembers } from './keys.ts';
import type { FetchObservation, JsonValue } from './types.ts';

/** A document of the issuer that somebody fetched and saved. */
interface SavedDocument {
  readonly body: unknown;
  readonly origin: Origin;
}

/** What was saved of the documents that an issuer publishes. */
export interface SavedIssuer {
  readonly discovery?: SavedDocument | undefined;
  readonly keys?: SavedDocument | undefined;
}

type SavedFacts = Pick<
  { readonly [Name in keyof CollectedFacts]: Fact<CollectedFacts[Name]> },
  'discovery' | 'jwks'
>;

const DISCOVERY_FILE = 'public-openid-configuration.json';
const KEYS_FILE = 'public-jwks.json';

/** The command that saves a published document; undefined for an address that nobody should be sent to. */
function fetchCommand(url: string, file: string, allowPrivate: boolean): string | undefined {
  return judgeUrl(url, allowPrivate) instanceof URL ? `curl -sSf ${shellQuote(url)} > ${file}` : undefined;
}

function observed(url: string, { body, origin }: SavedDocument): Fact<FetchObservation> {
  const json = withoutSecretMembers(body as JsonValue);
  return present(
    { kind: 'document', url, finalUrl: url, status: 200, contentType: null, json },
    `file: ${origin.file}`,
  );
}

/**
 * What the public side of an issuer showed when somebody else looked, since with `--bundle` nobody looks now.
 *
 * A saved discovery document counts only when it states the issuer of the tokens: a document that names another
 * issuer may just have been fetched at another address.
 */
export function savedIssuerFacts(
  issuer: Fact<string>,
  { discovery, keys }: SavedIssuer,
  allowPrivate: boolean,
): SavedFacts {
  if (issuer.state !== 'present') {
    const open = issuer.state === 'unknown' ? issuer : unknown('the API server names no issuer');
    return { discovery: open, jwks: open };
  }
  const url = discoveryUrlOf(issuer.value);
  const fetchDiscovery = fetchCommand(url, DISCOVERY_FILE, allowPrivate);
  if (discovery === undefined) {
    return {
      discovery: unknown(
        'nothing is fetched with --bundle, and the dump does not hold what the issuer publishes',
        fetchDiscovery,
      ),
      jwks: keysFact(`"$(jq -r .jwks_uri ${DISCOVERY_FILE})"`, null, undefined),
    };
  }
  const { issuer: stated } = discovery.body as { readonly issuer?: unknown };
  if (stated !== issuer.value) {
    const reason = `${discovery.origin.file} is the document of another issuer than that of the tokens`;
    return {
      discovery: unknown(reason, fetchDiscovery),
      jwks: unknown(reason, fetchDiscovery),
    };
  }
  const uri = keySetUrlOf(discovery.body as JsonValue) ?? '';
  const quoted = judgeUrl(uri, allowPrivate) instanceof URL ? shellQuote(uri) : null;
  return { discovery: observed(url, discovery), jwks: keysFact(quoted, uri, keys) };
}

/** @param address Of the keys, as a word of a command line; null when nobody should be sent there. */
function keysFact(
  address: string | null,
  uri: string | null,
  keys: SavedDocument | undefined,
): Fact<FetchObservation> {
  if (keys !== undefined && uri !== null) return observed(uri, keys);
  return unknown(
    'nothing is fetched with --bundle, and the dump does not hold the keys that the issuer publishes',
    address === null ? undefined : `curl -sSf ${address} > ${KEYS_FILE}`,
  );
}
