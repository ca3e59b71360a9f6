import { describe, expect, it } from 'vitest';
import { explainText } from '../../src/aadsts/explain-text.ts';
import { deriveFacts } from '../../src/derive/facts.ts';
import { present, type FactSet } from '../../src/facts.ts';
import { worldOf } from '../scenarios.ts';

/** The sentences that the values of a text come to in a scenario. */
function notes(name: string, text: string, change: Partial<FactSet['facts']> = {}): string[] {
  const set = worldOf(name);
  const errors = explainText(text).errors.map(
    (error) => ({ origin: '--error', from: 'user', container: null, error }) as const,
  );
  const facts: FactSet['facts'] = { ...set.facts, ...change, errors: present(errors, '--error') };
  const { complaints } = deriveFacts({ ...set, facts });
  if (complaints.state !== 'present') throw new Error('no complaints');
  return complaints.value.flatMap(({ matches }) =>
    matches.map(({ field, relation, note }) => `${field} ${relation}: ${note}`),
  );
}

const subject = (value: string): string =>
  `AADSTS700213: No matching federated identity record found for presented assertion subject '${value}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion.`;
const issuer = (value: string): string =>
  `AADSTS700211: No matching federated identity record found for presented assertion issuer '${value}'. Please check your federated identity credential Subject, Audience and Issuer against the presented assertion.`;
const audience = (value: string): string =>
  `AADSTS700212: No matching federated identity record found for presented assertion audience '${value}'. Please check your federated identity credential Subject, Audience and Issuer against the presented assertion.`;
const unknownClient = (id: string, tenant: string): string =>
  `AADSTS700016: Application with identifier '${id}' was not found in the directory '${tenant}'. This can happen if the application has not been installed`;
const expired = (now: string, from: string, to: string): string =>
  `AADSTS700024: Client assertion is not within its valid time range. Current time: ${now}, assertion valid from ${from}, expiry time of assertion ${to}.`;

const OWN = '11111111-1111-4111-8111-111111111111';
const TENANT = '22222222-2222-4222-8222-222222222222';

describe('the values of an error beside the cluster', () => {
  it('knows the service account of the pod, another one, and one in other letter case', () => {
    expect(notes('healthy', subject('system:serviceaccount:shop:web'))).toEqual([
      "subject same: The subject is that of this pod's service account shop/web.",
    ]);
    expect(notes('healthy', subject('system:serviceaccount:pay:web'))).toEqual([
      'subject other: The subject is service account pay/web; this pod runs as service account shop/web.',
    ]);
    expect(notes('healthy', subject('system:serviceaccount:shop:Web'))).toEqual([
      "subject other: The subject names service account shop/Web in other letter case than this pod's service account shop/web.",
    ]);
    expect(notes('healthy', subject('repo:shop/web:ref:refs/heads/main'))[0]).toMatch(
      /no Kubernetes service account/,
    );
  });

  it('says whether another service account of the namespace exists', () => {
    const others = present([{ metadata: { name: 'worker', namespace: 'shop' } }], 'kubernetes');
    const change = { otherServiceAccounts: others };
    expect(notes('healthy', subject('system:serviceaccount:shop:worker'), change)[0]).toMatch(
      /, which exists as well;/,
    );
    expect(notes('healthy', subject('system:serviceaccount:shop:gone'), change)[0]).toMatch(
      /, which does not exist now;/,
    );
  });

  it("tells this cluster's issuer from another's, from Entra's own, and from one without its slash", () => {
    const own =
      'https://eastus.oic.prod-aks.azure.com/22222222-2222-4222-8222-222222222222/33333333-3333-4333-8333-333333333333/';
    expect(notes('healthy', issuer(own))).toEqual(["issuer same: The issuer is this cluster's."]);
    expect(notes('healthy', issuer(own.slice(0, -1)))[0]).toMatch(/is not quite this cluster's .*slash/);
    expect(notes('healthy', issuer(own.replace('33333333-', '99999999-')))[0]).toMatch(
      /is another cluster's;/,
    );
    expect(
      notes('healthy', issuer('https://sts.windows.net/22222222-2222-4222-8222-222222222222/'))[0],
    ).toMatch(/is Entra itself/);
  });

  it('compares audience, client id and tenant with what the containers have', () => {
    expect(notes('healthy', audience('api://AzureADTokenExchange'))).toEqual([
      'audience same: The audience is the one of container app.',
    ]);
    expect(notes('healthy', audience('https://kubernetes.default.svc'))[0]).toMatch(
      /^audience other: .* is not the one of container app/,
    );
    expect(notes('healthy', unknownClient(OWN, TENANT)).map((note) => note.split(':')[0])).toEqual([
      'appId same',
      'tenant same',
    ]);
    expect(notes('healthy', unknownClient('99999999-9999-4999-8999-999999999999', 'Contoso'))).toEqual([
      `appId other: The client id 99999999-9999-4999-8999-999999999999 is none of this pod's; this pod has ${OWN}.`,
    ]);
  });

  it('knows the client id of before a change, and the one of after it', () => {
    const name = 'identity-changed-after-start';
    expect(notes(name, unknownClient('88888888-8888-4888-8888-888888888888', 'Contoso'))).toEqual([
      `appId same: The client id is the one of container app, which got it before service account shop/web was changed to ${OWN}.`,
    ]);
    expect(notes(name, unknownClient(OWN, 'Contoso'))).toEqual([
      'appId other: The client id is the one that service account shop/web names now; this pod has another one.',
    ]);
  });

  it('sees that the token of an error was the one at the start of the container', () => {
    const [note] = notes(
      'healthy',
      expired('2026-11-20T09:25:10.0000000Z', '2026-11-20T08:00:00.0000000Z', '2026-11-20T09:00:00.0000000Z'),
    );
    expect(note).toBe(
      'validFrom same: The token of the error became valid as container app started, so it is the one that was in the file then.',
    );
    expect(
      notes(
        'healthy',
        expired(
          '2026-11-20T10:25:10.0000000Z',
          '2026-11-20T09:10:00.0000000Z',
          '2026-11-20T10:10:00.0000000Z',
        ),
      ),
    ).toEqual([]);
  });

  it('sees that an error is older than the pod, and than a credential', () => {
    const old = `${subject('system:serviceaccount:shop:web')} Trace ID: 5a1e0c6e-1111-4c59-9d0f-0c4b0b0a1f00 Correlation ID: 6b2f1d7f-2222-4d6a-8e1a-1d5c1c1b2a11 Timestamp: 2026-01-05 07:00:00Z`;
    const found = notes('healthy', old).filter((note) => note.startsWith('timestamp'));
    expect(found[0]).toMatch(
      /^timestamp other: The error is \d+ days \d+ hours? older than pod shop\/web-7d9f-x2k4q, which was created at /,
    );
    expect(found[1]).toMatch(/older than federated credential web-fed/);
  });

  it('compares nothing that masked or missing values could mean', () => {
    expect(notes('healthy', unknownClient('***', 'xxxx'))).toEqual([]);
    expect(notes('healthy', 'AADSTS700024')).toEqual([]);
  });
});
