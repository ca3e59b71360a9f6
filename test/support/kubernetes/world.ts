import type { SigningKey } from '../signing-key.ts';
import type { ExecWorld } from './exec.ts';
import type { KubernetesObject } from './objects.ts';

/** Everything a cluster of the tests knows. */
export interface ClusterWorld {
  objects: readonly KubernetesObject[];
  /** `iss` of its tokens and of its discovery document; the server's own URL when left out. */
  issuer?: string;
  /** Instead of the document that follows from `issuer`. */
  openidConfiguration?: object;
  /** Instead of the set that follows from `signingKey`. */
  jwks?: object;
  signingKey?: SigningKey;
  /** Instead of v1.33's. */
  version?: object;
  /** `ns/pod/container` → text; `ns/pod/container/previous` for the container before its restart. */
  logs?: Record<string, string>;
  exec?: ExecWorld;
}

export const VERSION = {
  major: '1',
  minor: '33',
  emulationMajor: '1',
  emulationMinor: '33',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '32',
  gitVersion: 'v1.33.13',
  gitCommit: '2df3632e823a813f64218dfc6f5c2e70d28ecdf0',
  gitTreeState: 'clean',
  buildDate: '2026-08-20T00:00:00Z',
  goVersion: 'go1.24.4',
  compiler: 'gc',
  platform: 'linux/amd64',
};

/** The API server's own discovery document. */
export function openidConfiguration(issuer: string): object {
  return {
    issuer,
    jwks_uri: `${issuer.replace(/\/$/, '')}/openid/v1/jwks`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  };
}
