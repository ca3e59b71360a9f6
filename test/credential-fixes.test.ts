import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { credentialFix } from '../src/credential-fixes.ts';
import { matchCredentials } from '../src/derive/credential-match.ts';
import { deriveFacts } from '../src/derive/facts.ts';
import { unknown, type CredentialList, type Unknown } from '../src/facts.ts';
import { adaptCommand } from '../src/invocation.ts';
import type { FederatedIdentityCredential } from '../src/sources/federated-credentials/types.ts';
import { worldOf } from './scenarios.ts';

const ISSUER =
  'https://eastus.oic.prod-aks.azure.com/22222222-2222-4222-8222-222222222222/33333333-3333-4333-8333-333333333333/';
const OTHER_CLUSTER = ISSUER.replace('33333333-', '66666666-');
const SUBJECT = 'system:serviceaccount:shop:web';
const AUDIENCE = 'api://AzureADTokenExchange';

function credential(
  name: string,
  { issuer = ISSUER, subject = SUBJECT }: { issuer?: string; subject?: string } = {},
): FederatedIdentityCredential {
  return { name, issuer, subject, audiences: [AUDIENCE] };
}

function listOf(...items: readonly FederatedIdentityCredential[]): CredentialList {
  return { items, complete: true, anyClientId: false };
}

const UNSEEN = unknown('nobody may read it');

function fixFor(list: CredentialList, issuer: string | Unknown = ISSUER): ReturnType<typeof credentialFix> {
  const { workload, signIns } = deriveFacts(worldOf('healthy'));
  const signIn = signIns.state === 'present' ? signIns.value[0] : undefined;
  if (workload.state !== 'present' || !signIn) throw new Error('the healthy world has a sign-in');
  return credentialFix({
    signIn,
    workload: workload.value,
    identity: unknown('not looked up'),
    credentialMatch: matchCredentials(list, issuer, SUBJECT, AUDIENCE),
  });
}

describe('the nearest credential', () => {
  it('is one with a slip rather than one that serves another workload', () => {
    const slip = credential('slip', { issuer: ISSUER.slice(0, -1) });
    const other = credential('other', { subject: 'system:serviceaccount:shop:api' });
    const { nearest } = matchCredentials(listOf(other, slip), ISSUER, SUBJECT, AUDIENCE);
    expect(nearest?.credential.name).toBe('slip');
  });

  it('is one for the same subject in another cluster rather than one for another account in this', () => {
    const elsewhere = credential('elsewhere', { issuer: OTHER_CLUSTER });
    const other = credential('other', { subject: 'system:serviceaccount:shop:api' });
    const { nearest } = matchCredentials(listOf(other, elsewhere), ISSUER, SUBJECT, AUDIENCE);
    expect(nearest?.credential.name).toBe('elsewhere');
  });

  it('is never one for another account in another cluster', () => {
    const stranger = credential('stranger', {
      issuer: OTHER_CLUSTER,
      subject: 'system:serviceaccount:staging:web',
    });
    const { nearest, foreign } = matchCredentials(listOf(stranger), ISSUER, SUBJECT, AUDIENCE);
    expect(nearest).toBeNull();
    expect(foreign).toEqual([stranger]);
  });
});

describe('without the issuer', () => {
  it('no credential accepts, and one with the right subject stands before any with a slip', () => {
    const slip = credential('slip', { subject: 'system:serviceaccount:Shop:web' });
    const elsewhere = { ...credential('elsewhere', { issuer: OTHER_CLUSTER }), audiences: ['api://Other'] };
    const match = matchCredentials(listOf(slip, elsewhere), UNSEEN, SUBJECT, AUDIENCE);
    expect(match.accepting).toBeNull();
    expect(match.nearest?.credential.name).toBe('elsewhere');
    expect(match.sameSubject.map((one) => one.credential.name)).toEqual(['elsewhere']);
    expect(match.open).toEqual([]);
  });

  it('a credential stays open that differs in nothing that is known', () => {
    const own = credential('own', { issuer: OTHER_CLUSTER });
    const match = matchCredentials(listOf(own), UNSEEN, SUBJECT, AUDIENCE);
    expect([match.accepting, match.open]).toEqual([null, [own]]);
  });

  it('none is repaired, because its issuer may be that of another cluster', () => {
    const slip = credential('web-fed', { subject: 'system:serviceaccount:Shop:web' });
    expect(fixFor(listOf(slip), UNSEEN).fix).toEqual(['create-identity']);
  });

  it.skipIf(process.platform === 'win32')('the commands ask the cluster for it as they run', () => {
    const { newParameters, trusted } = fixFor(listOf(), UNSEEN).words;
    const run = (word: unknown): string =>
      execFileSync('sh', [
        '-c',
        `kubectl() { echo '{}'; }; jq() { echo ${ISSUER}; }; printf %s ${(word as { command: string }).command}`,
      ]).toString();
    expect(run(trusted)).toBe(ISSUER);
    expect(JSON.parse(run(newParameters))).toEqual({
      name: 'shop-web',
      issuer: ISSUER,
      subject: SUBJECT,
      audiences: [AUDIENCE],
    });
  });

  it('they ask the cluster of the user', () => {
    const { trusted } = fixFor(listOf(), UNSEEN).words;
    const invocation = {
      program: 'wi-doctor',
      connectionFlags: [['--context', 'prod']],
      evidenceFlags: [],
    } as const;
    expect(adaptCommand(`az x --issuer ${(trusted as { command: string }).command} --y`, invocation)).toBe(
      'az x --issuer "$(kubectl get --raw /.well-known/openid-configuration --context prod | jq -r .issuer)" --y',
    );
  });
});

describe('the fix of a credential', () => {
  it.each([
    ['slash', { issuer: ISSUER.slice(0, -1) }],
    ['case', { subject: 'system:serviceaccount:Shop:web' }],
    ['malformed', { subject: 'shop:web' }],
  ])('repairs one that nobody can be using (%s)', (_name, fields) => {
    expect(fixFor(listOf(credential('web-fed', fields))).fix).toEqual(['update-identity']);
  });

  it.each([
    ['other cluster', { issuer: OTHER_CLUSTER }],
    ['other cluster, and a slip', { issuer: OTHER_CLUSTER, subject: 'system:serviceaccount:Shop:web' }],
    ['other account, and a slip', { issuer: ISSUER.slice(0, -1), subject: 'system:serviceaccount:shop:api' }],
  ])('leaves one alone that may serve somebody (%s)', (_name, fields) => {
    expect(fixFor(listOf(credential('web-fed', fields))).fix).toEqual(['create-identity']);
  });

  it('never takes a name that exists, because that would replace the credential', () => {
    const list = listOf(
      credential('Shop-Web', { subject: 'system:serviceaccount:shop:api' }),
      credential('shop-web-2', { subject: 'system:serviceaccount:shop:jobs' }),
    );
    expect(fixFor(list).words.newName).toBe('shop-web-3');
  });

  it('asks for the issuer where the one of now could never be trusted', () => {
    for (const issuer of ['https://kubernetes.default.svc', 'https://sts.windows.net/x/', 'api']) {
      const { words } = fixFor(listOf(), issuer);
      expect(words.trusted).toEqual({ command: 'ISSUER_URL' });
      expect(words.newParameters).toContain('"issuer":"ISSUER_URL"');
    }
  });

  it('tells a managed identity and its group from the id of a credential', () => {
    const owner = {
      kind: 'user-assigned',
      name: 'orders-mi',
      resourceGroup: 'rg',
      subscription: 's',
    } as const;
    const list = listOf({ ...credential('api', { subject: 'system:serviceaccount:shop:api' }), owner });
    expect(fixFor(list).words).toMatchObject({
      identityName: 'orders-mi',
      place: { command: '-g rg --subscription s' },
    });
  });

  it('speaks to an application where the credentials are of one', () => {
    const owner = { kind: 'application' } as const;
    const list = listOf({ ...credential('api', { subject: 'system:serviceaccount:shop:api' }), owner });
    expect(fixFor(list).fix).toEqual(['create-application']);
  });
});
