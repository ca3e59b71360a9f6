import { request } from 'node:https';

import { authorityPem } from '../certificates.ts';
import { RefusedSignIn } from './refusals.ts';

/** Production host → `127.0.0.1:PORT`; nothing for a host that Entra cannot reach. */
export type Resolver = (host: string) => string | undefined;

const LIMIT_MS = 5000;
const LIMIT_BYTES = 1024 * 1024;

interface Jwk {
  kid?: string;
  kty?: string;
  alg?: string;
  [member: string]: unknown;
}

/** The keys an issuer publishes, fetched as Entra does: both documents over verified TLS, no redirects. */
export async function publishedKeys(issuer: string, resolve: Resolver): Promise<Jwk[]> {
  const discovery = await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, resolve);
  if (discovery['issuer'] !== issuer || typeof discovery['jwks_uri'] !== 'string')
    throw new RefusedSignIn(501661);
  const { keys } = await fetchJson(discovery['jwks_uri'], resolve);
  if (!Array.isArray(keys)) throw new RefusedSignIn(501661);
  return keys as Jwk[];
}

/** Whatever goes wrong here has one name: the external endpoint failed. */
async function fetchJson(address: string, resolve: Resolver): Promise<Record<string, unknown>> {
  try {
    return JSON.parse(await get(new URL(address), resolve)) as Record<string, unknown>;
  } catch {
    throw new RefusedSignIn(501661);
  }
}

function get(url: URL, resolve: Resolver): Promise<string> {
  const target = resolve(url.hostname);
  if (url.protocol !== 'https:' || target === undefined) throw new Error(`not reachable: ${url.href}`);
  const [host, port] = target.split(':');
  return new Promise((fulfil, reject) => {
    const outgoing = request(
      {
        host,
        port: Number(port),
        servername: url.hostname,
        path: url.pathname + url.search,
        headers: { host: url.host },
        ca: authorityPem(),
        agent: false,
        signal: AbortSignal.timeout(LIMIT_MS),
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          body += chunk;
          if (body.length > LIMIT_BYTES) outgoing.destroy(new Error('too large'));
        });
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode === 200 && response.complete) fulfil(body);
          else reject(new Error(`status ${response.statusCode}`));
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end();
  });
}
