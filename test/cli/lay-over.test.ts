import { describe, expect, it } from 'vitest';
import { layOver, type Addition } from '../../src/cli/lay-over.ts';
import { present } from '../../src/fact.ts';
import type { FactSet } from '../../src/facts.ts';
import { reportOf, worldOf } from '../scenarios.ts';
import { keyOf, withOwnKeys } from '../live/live-token.ts';
import { mintToken, serviceAccountClaims, type ServiceAccountToken } from '../support/mint-token.ts';

const CLIENT = '11111111-1111-4111-8111-111111111111';
const NOTHING: Addition = {
  options: { container: null, allowPrivateIssuer: false, authorityHost: null },
  brought: null,
  token: null,
  supplied: [],
  rerun: 'wi-doctor pod web-7d9f-x2k4q -n shop',
};

/** The healthy world, with keys that tests can sign with. */
function bundle(): FactSet {
  const { facts, clients } = worldOf('healthy');
  return JSON.parse(
    JSON.stringify({
      facts: {
        ...facts,
        apiServerKeys:
          facts.apiServerKeys?.state === 'present'
            ? { ...facts.apiServerKeys, value: withOwnKeys(facts.apiServerKeys.value) }
            : undefined,
        jwks:
          facts.jwks?.state === 'present' && facts.jwks.value.kind === 'document'
            ? {
                ...facts.jwks,
                value: { ...facts.jwks.value, json: withOwnKeys(facts.jwks.value.json) },
              }
            : undefined,
      },
      clients,
    }),
  ) as FactSet;
}

function issuerIn({ facts }: FactSet): string {
  const stated = facts.apiServerDiscovery;
  return stated?.state === 'present' ? String(stated.value.issuer) : '';
}

function token(
  changed: Partial<ServiceAccountToken> = {},
  kid = 'signing-key-2026',
): NonNullable<Addition['token']> {
  const claims = serviceAccountClaims({
    issuer: issuerIn(worldOf('healthy')),
    namespace: 'shop',
    serviceAccount: 'web',
    audiences: ['api://AzureADTokenExchange'],
    issuedAt: Date.parse('2026-11-20T09:00:00Z') / 1000,
    ...changed,
  });
  return { text: mintToken({ claims, key: keyOf(kid) }), file: 'token' };
}

async function reportAfter(addition: Partial<Addition>): Promise<ReturnType<typeof reportOf>> {
  return reportOf('healthy', {}, await layOver(bundle(), { ...NOTHING, ...addition }));
}

describe('a token that is laid over a bundle', () => {
  it('is compared and verified with what the bundle holds', async () => {
    const set = await layOver(bundle(), { ...NOTHING, token: token() });
    expect(set.facts.tokenSignature).toMatchObject({
      value: { published: { state: 'valid' }, apiServer: { state: 'valid' } },
    });
    expect(reportOf('healthy', {}, set)).toMatchObject({ verdict: 'healthy', findings: [] });
    const wrong = await reportAfter({ token: token({ serviceAccount: 'other' }) });
    expect(wrong.rootCauses).not.toEqual([]);
  });

  it('can be proven expired when the bundle was collected, and not valid', async () => {
    const old = await reportAfter({ token: token({ issuedAt: Date.parse('2026-11-20T07:00:00Z') / 1000 }) });
    expect(old.rootCauses).toEqual(['TOK-05']);
    const { checks } = await reportAfter({ token: token() });
    expect(checks.find(({ id }) => id === 'token/time')).toMatchObject({
      status: 'unknown',
      reason: 'nothing tells when the token was used, so its times prove nothing',
    });
  });

  it('of another issuer is not held against the keys of this one', async () => {
    const issuer = 'https://oidc.example/other';
    const set = await layOver(bundle(), { ...NOTHING, token: token({ issuer }, 'signing-key-of-another') });
    expect(set.facts.jwks?.state).toBe('unknown');
    expect(set.facts.tokenSignature).toMatchObject({ value: { published: { state: 'not-checked' } } });
    expect(reportOf('healthy', {}, set).findings.map(({ code }) => code)).toEqual(['CL-11', 'FIC-02']);
  });
});

describe('federated credentials that are laid over a bundle', () => {
  const list = { credentials: [], complete: true, owners: [] };

  it('take the place of those of their client id, and of no other', async () => {
    const set = bundle();
    const other = '99999999-9999-4999-8999-999999999999';
    const known = set.clients[CLIENT] ?? {};
    const two = { ...set, clients: { ...set.clients, [other]: known } };
    const laid = await layOver(two, {
      ...NOTHING,
      supplied: [{ clientId: other, file: 'other.json', list }],
    });
    expect(laid.clients[CLIENT]).toEqual(known);
    expect(laid.clients[other]?.federatedCredentials).toMatchObject({ value: { items: [] } });
  });

  it('count for the client id in use even if nothing was seen of it', async () => {
    const supplied = [{ clientId: null, file: 'list.json', list }];
    const laid = await layOver({ ...bundle(), clients: {} }, { ...NOTHING, supplied });
    expect(Object.keys(laid.clients)).toEqual([CLIENT]);
    expect(reportOf('healthy', {}, laid).verdict).toBe('problem');
  });
});

it('leaves a bundle as it is when nothing is laid over it', async () => {
  const set = bundle();
  const laid = await layOver(set, NOTHING);
  expect(laid.clients).toEqual(set.clients);
  expect(laid.facts).toEqual({ ...set.facts, options: present(NOTHING.options, 'command line') });
});
