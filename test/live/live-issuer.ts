import type { Fact, FactSet } from '../../src/facts.ts';
import type { FetchObservation, NotAsked } from '../../src/sources/issuer/types.ts';
import type { CertificateKind } from '../support/certificates.ts';
import type { Fault } from '../support/faults.ts';
import { startIssuer, type IssuerServer } from '../support/issuer.ts';
import type { HostTarget } from '../support/run-cli.ts';
import { withOwnKeys } from './live-token.ts';

type Observed = FetchObservation | NotAsked;
type Hosts = Record<string, HostTarget>;

/** How a server must answer so that a fetch observes this; undefined when nothing is sent in such a case. */
function answerFor(observed: Observed): Fault | undefined {
  switch (observed.kind) {
    case 'document':
      return { kind: 'reply', status: 200, body: withOwnKeys(observed.json) };
    case 'http':
      return { kind: 'reply', status: observed.status, body: observed.snippet ?? '' };
    case 'not-json':
      return { kind: 'html', status: 200, body: observed.snippet };
    case 'redirect':
      return { kind: 'redirect', location: observed.location };
    case 'too-large':
      return { kind: 'reply', status: 200, body: ' '.repeat(observed.limit + 1) };
    case 'tls':
    case 'not-https':
    case 'not-public':
    case 'bad-url':
    case 'not-asked':
      return undefined;
  }
}

const CERTIFICATES: Readonly<Record<string, CertificateKind>> = {
  CERT_HAS_EXPIRED: 'expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'wrong-name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed',
};

function urlIn(text: unknown): URL | undefined {
  return typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
}

function wellKnown(issuer: URL): URL {
  return new URL(`${issuer.href.replace(/\/$/, '')}/.well-known/openid-configuration`);
}

/** The failure that a scenario's reason is about, as the host table of the tests says it. */
function failureOf(reason: string): string {
  return /\b(E[A-Z_]{5,})\b/.exec(reason)?.[1] ?? 'ENOTFOUND';
}

/** An issuer whose URLs answer just as the scenario saw it, and the names that lead to it. */
export async function startLiveIssuer(
  { facts }: FactSet,
  now: () => Date,
): Promise<{ issuer: IssuerServer; hosts: Hosts; url: string | null }> {
  const { apiServerDiscovery, discovery, jwks } = facts;
  const both: (Fact<Observed> | undefined)[] = [discovery, jwks];
  const seen = both.flatMap((fact) => (fact?.state === 'present' ? [fact.value] : []));
  const stated = apiServerDiscovery?.state === 'present' ? urlIn(apiServerDiscovery.value.issuer) : undefined;
  const { token } = facts;
  const claimed = token?.state === 'present' && token.value.kind === 'jwt' ? token.value.claims.iss : null;
  const named = [stated, urlIn(claimed)].filter((url) => url !== undefined);
  const urls = [...named, ...seen.map((one) => ('url' in one ? urlIn(one.url) : undefined))].filter(
    (url) => url !== undefined,
  );
  const names = [...new Set(urls.map(({ hostname }) => hostname))];
  const tls = seen.find((one) => one.kind === 'tls');
  const issuer = await startIssuer({
    now,
    ...(tls ? { certificate: CERTIFICATES[tls.code] ?? 'untrusted' } : {}),
    names: names.filter((name) => !name.startsWith('[')),
  });
  for (const one of seen) {
    const fault = answerFor(one);
    if (!('url' in one) || !fault) continue;
    // Entra asks the issuer that is named; a fixture may leave the address of the document as it was.
    const asked = discovery?.state === 'present' && one === discovery.value ? named.map(wellKnown) : [];
    for (const url of [...asked, urlIn(one.url)]) {
      const path = (url?.pathname ?? '').replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
      issuer.faults.add({ match: { path: new RegExp(`^${path}$`) }, fault });
    }
  }
  const away = discovery?.state === 'unknown' ? failureOf(discovery.reason) : null;
  const hosts = Object.fromEntries(names.map((name) => [name, away ?? issuer.address]));
  return { issuer, hosts, url: stated?.href ?? null };
}
