import { describe, expect, it } from 'vitest';
import { present, unknown } from '../../../src/facts.ts';
import { savedIssuerFacts, type SavedIssuer } from '../../../src/sources/issuer/saved.ts';

const ISSUER = 'https://issuer.example/a b/'.replace(' ', '');
const issuer = present(ISSUER, 'test');

function saved(discovery: unknown, keys?: unknown): SavedIssuer {
  return {
    ...(discovery === undefined ? {} : { discovery: { body: discovery, origin: { file: 'd.json' } } }),
    ...(keys === undefined ? {} : { keys: { body: keys, origin: { file: 'k.json' } } }),
  };
}

describe('the documents of an issuer, saved by somebody', () => {
  it('are what a look at the issuer would have shown, without secret members', () => {
    const keys = { keys: [{ kid: 'a', d: 'private' }] };
    const document = { issuer: ISSUER, jwks_uri: 'https://keys.example/jwks' };
    const { discovery, jwks } = savedIssuerFacts(issuer, saved(document, keys), false);
    expect(discovery).toMatchObject({
      state: 'present',
      origin: 'file: d.json',
      value: { kind: 'document', url: 'https://issuer.example/ab/.well-known/openid-configuration' },
    });
    expect(jwks).toMatchObject({ state: 'present', value: { url: 'https://keys.example/jwks' } });
    expect(JSON.stringify(jwks)).not.toContain('private');
  });

  it('count for nothing when they may have been fetched elsewhere', () => {
    const document = { issuer: 'https://other.example/', jwks_uri: 'https://other.example/jwks' };
    const { discovery, jwks } = savedIssuerFacts(issuer, saved(document, { keys: [] }), false);
    for (const fact of [discovery, jwks]) {
      expect(fact).toEqual(
        unknown(
          'd.json is the document of another issuer than that of the tokens',
          'curl -sSf https://issuer.example/ab/.well-known/openid-configuration > public-openid-configuration.json',
        ),
      );
    }
  });

  it('are asked for one after the other, at the address that the first one names', () => {
    const settle = (given: SavedIssuer): (string | undefined)[] =>
      Object.values(savedIssuerFacts(issuer, given, false)).map((fact) =>
        fact.state === 'unknown' ? fact.settle : undefined,
      );
    const fetch =
      'curl -sSf https://issuer.example/ab/.well-known/openid-configuration > public-openid-configuration.json';
    expect(settle({})).toEqual([
      fetch,
      'curl -sSf "$(jq -r .jwks_uri public-openid-configuration.json)" > public-jwks.json',
    ]);
    // Keys alone do not tell whose they are.
    expect(settle(saved(undefined, { keys: [] }))[0]).toBe(fetch);
    expect(settle(saved({ issuer: ISSUER, jwks_uri: "https://keys.example/'x" }))).toEqual([
      undefined,
      `curl -sSf 'https://keys.example/'\\''x' > public-jwks.json`,
    ]);
  });

  it('are asked for nowhere that nobody should be sent to', () => {
    for (const address of ['https://10.0.0.1/', 'http://issuer.example/', 'https://kubernetes.default.svc']) {
      const { discovery } = savedIssuerFacts(present(address, 'test'), {}, false);
      expect(discovery).toEqual(unknown(expect.any(String) as string));
    }
    const { jwks } = savedIssuerFacts(
      issuer,
      saved({ issuer: ISSUER, jwks_uri: 'https://10.0.0.1/' }),
      false,
    );
    expect(jwks).toEqual(unknown(expect.any(String) as string));
  });

  it('are as unknown as the issuer', () => {
    const open = unknown('nobody may read it', 'ask');
    expect(savedIssuerFacts(open, saved({ issuer: ISSUER }), false)).toEqual({ discovery: open, jwks: open });
  });
});
