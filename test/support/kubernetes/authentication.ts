import type { Received } from '../https-server.ts';

export interface User {
  readonly name: string;
  readonly groups: readonly string[];
  readonly uid?: string;
}

export const ANONYMOUS: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

/** Who asks, or nothing when what they show is worthless: a wrong token is refused, none at all is anonymous. */
export function authenticate(request: Received, tokens: ReadonlyMap<string, User>): User | undefined {
  const authorization = request.headers.authorization;
  if (authorization !== undefined) {
    const token = /^Bearer\s+(.*)$/i.exec(authorization)?.[1];
    return token === undefined ? undefined : tokens.get(token.trim());
  }
  const certificate = request.socket.getPeerCertificate();
  if (certificate.subject === undefined) return ANONYMOUS;
  if (!request.socket.authorized) return undefined;
  const { CN, O } = certificate.subject as { CN?: string | string[]; O?: string | string[] };
  return { name: [CN ?? ''].flat().join(), groups: [O ?? []].flat().concat('system:authenticated') };
}

/** The user of the Impersonate-* headers. */
export function impersonated(headers: Received['headers']): User | undefined {
  const name = headers['impersonate-user'];
  if (typeof name !== 'string') return undefined;
  const groups = headers['impersonate-group'];
  const named = typeof groups === 'string' ? groups.split(',').map((group) => group.trim()) : (groups ?? []);
  return { name, groups: [...named, 'system:authenticated'] };
}
