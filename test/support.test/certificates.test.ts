import { X509Certificate } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { startApiServer } from '../support/api-server.ts';
import {
  authorityPem,
  clientCertificate,
  PRODUCTION_HOSTS,
  serverCertificate,
} from '../support/certificates.ts';
import { httpsRequest } from './https-request.ts';

describe('server certificates', () => {
  test('the good one is valid for loopback, every production host and names of the test', () => {
    const certificate = new X509Certificate(serverCertificate('trusted', ['mine.example']).cert);
    expect(certificate.verify(new X509Certificate(authorityPem()).publicKey)).toBe(true);
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    for (const name of [...PRODUCTION_HOSTS, 'localhost', 'mine.example'])
      expect(certificate.checkHost(name)).toBe(name);
  });

  test.each([
    ['untrusted', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['expired', 'CERT_HAS_EXPIRED'],
    ['wrong-name', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ] as const)('%s is refused by a verifying client with %s', async (kind, code) => {
    const server = await startApiServer({ objects: [] }, { certificate: kind });
    try {
      await expect(httpsRequest(`${server.url}/version`)).rejects.toMatchObject({ code });
    } finally {
      await server.close();
    }
  });

  test('is made once per process', () => {
    expect(serverCertificate()).toBe(serverCertificate());
  });
});

test('a client certificate carries user and groups', () => {
  const { subject } = new X509Certificate(clientCertificate('jane', ['dev', 'team/ops']).cert);
  expect(subject.split('\n').toSorted()).toEqual(['CN=jane', 'O=dev', 'O=team/ops']);
});
