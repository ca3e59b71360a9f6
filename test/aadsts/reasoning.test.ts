import { describe, expect, test } from 'vitest';

import { explainText } from '../../src/aadsts/explain-text.ts';
import type { ExplainedError } from '../../src/aadsts/explanation.ts';

function one(text: string): ExplainedError {
  const [error, ...others] = explainText(text).errors;
  if (error === undefined || others.length > 0)
    throw new Error(`expected one error, got ${others.length + (error ? 1 : 0)}`);
  return error;
}

/** The likelihood the text gives to one finding code. */
function likelihood(error: ExplainedError, code: string): string | undefined {
  return error.causes.find((cause) => cause.code === code)?.likelihood;
}

function window(now: string, from: string, to: string): string {
  return `AADSTS700024: Client assertion is not within its valid time range. Current time: ${now}, assertion valid from ${from}, expiry time of assertion ${to}. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .`;
}

describe('700024: the window of the message', () => {
  test('an hour long and hours old: read once and kept', () => {
    const error = one(window('2026-03-01T14:20:00.1Z', '2026-03-01T09:00:00.0Z', '2026-03-01T10:00:00.0Z'));
    expect(error.meaning).toContain('had expired 4 h 20 min before it was sent; it had lived 1 h');
    expect(error.causes[0]).toMatchObject({ code: 'SDK-10', likelihood: 'likely' });
    expect(error.causes[0]?.confirm).toContain('azure_identity 0.20/0.21');
    expect(likelihood(error, 'TOK-06')).toBe('unlikely');
  });

  test('a Rust stack is named as such', () => {
    const error = one(
      `opendal::services: rsp_status = 401 ${window('2026-03-01T14:20:00Z', '2026-03-01T09:00:00Z', '2026-03-01T10:00:00Z')}`,
    );
    expect(error.causes[0]?.confirm).toContain('The text names a Rust stack');
  });

  test.each([
    ['09:05:00', 'GitHub Actions', '5 min'],
    ['09:10:00', 'Azure DevOps', '10 min'],
  ])('until %s: a token of %s', (to, who, life) => {
    const error = one(window('2026-03-01T12:00:00Z', '2026-03-01T09:00:00Z', `2026-03-01T${to}Z`));
    expect(error.meaning).toContain(`made to live ${life}, which is what ${who} issues`);
    expect(likelihood(error, 'TOK-05')).toBe('certain');
    expect(likelihood(error, 'POD-10')).toBe('unlikely');
  });

  test('before its start: the clock of the API server', () => {
    const error = one(window('2026-03-01T08:58:00Z', '2026-03-01T09:00:00Z', '2026-03-01T10:00:00Z'));
    expect(error.meaning).toContain('becomes valid only 2 min after');
    expect(error.causes[0]).toMatchObject({ code: 'TOK-06', likelihood: 'certain' });
    expect(likelihood(error, 'SDK-10')).toBe('unlikely');
  });

  test('from 1970 on: no Kubernetes token', () => {
    const error = one(
      `com.microsoft.aad.msal4j.MsalServiceException: ${window('2026-03-01T12:00:00Z', '1970-01-01T00:00:00.0000000Z', '2026-03-01T10:00:00Z')}`,
    );
    expect(error.meaning).toContain('no Kubernetes token');
    expect(error.causes.find((cause) => cause.code === 'SDK-10')?.fix).toContain('msal4j 1.23.0');
    expect(likelihood(error, 'TOK-07')).toBe('unlikely');
  });

  test('inside its window nothing is concluded', () => {
    const error = one(window('2026-03-01T09:30:00Z', '2026-03-01T09:00:00Z', '2026-03-01T10:00:00Z'));
    expect(error.meaning).toMatch(/^The token was presented outside its own validity\./);
  });
});

describe('issuer', () => {
  const about = (issuer: string): ExplainedError =>
    one(
      `AADSTS700211: No matching federated identity record found for presented assertion issuer '${issuer}'. Please check`,
    );

  test.each([
    'https://kubernetes.default.svc.cluster.local',
    'https://kubernetes.default.svc',
    'https://10.0.0.1:6443/',
    'https://api.cluster.internal',
  ])('%s exists only inside the cluster', (issuer) => {
    const error = about(issuer);
    expect(error.causes[0]).toMatchObject({ code: 'CL-01', likelihood: 'certain' });
    expect(likelihood(error, 'FIC-03')).toBe('unlikely');
  });

  test('an AKS issuer with its slash points at a credential without', () => {
    const error = about('https://westeurope.oic.prod-aks.azure.com/t/c/');
    expect(error.causes[0]).toMatchObject({ code: 'FIC-03', likelihood: 'likely' });
    expect(error.causes[0]?.fix).toContain('--issuer https://westeurope.oic.prod-aks.azure.com/t/c/');
    expect(likelihood(error, 'CL-01')).toBe('unlikely');
  });

  test('an AKS issuer without its slash is said to lack it', () => {
    expect(about('https://oidc.prod-aks.azure.com/abc').meaning).toContain('lacks the slash');
  });

  test('an identity binding issuer has no slash by design', () => {
    expect(about('https://ib.oic.prod-aks.azure.com/t/c').meaning).not.toContain('slash');
  });

  test('GitHub has none, and the credential must not have one', () => {
    const error = about('https://token.actions.githubusercontent.com');
    expect(error.meaning).toContain('GitHub Actions');
    expect(likelihood(error, 'CL-05')).toBe('unlikely');
  });

  test('a public issuer of one’s own is judged by nothing but the match', () => {
    expect(likelihood(about('https://oidc.acme.example/prod'), 'CL-01')).toBe('unlikely');
    expect(likelihood(about('https://oidc.acme.example/prod'), 'FIC-02')).toBe('likely');
  });

  test('Entra as issuer means the wrong token', () => {
    const error = one(
      "AADSTS700236: Entra ID tokens issued by issuer 'https://login.microsoftonline.com/t/v2.0' may not be used for federated identity credential flows",
    );
    expect(error.causes[0]).toMatchObject({ code: 'ENT-09', likelihood: 'certain' });
  });
});

describe('subject', () => {
  const about = (subject: string): ExplainedError =>
    one(
      `AADSTS700213: No matching federated identity record found for presented assertion subject '${subject}'. Check`,
    );

  test('the default service account was rarely meant', () => {
    const error = about('system:serviceaccount:billing:default');
    expect(error.meaning).toContain('service account "default" of namespace billing');
    expect(likelihood(error, 'SA-07')).toBe('likely');
  });

  test('KEDA presents its own', () => {
    expect(about('system:serviceaccount:kube-system:keda-operator').causes[0]).toMatchObject({
      code: 'OP-01',
      likelihood: 'certain',
    });
  });

  test('an ordinary one fills the commands', () => {
    const error = about('system:serviceaccount:billing:invoices');
    const fix = error.causes.find((cause) => cause.code === 'FIC-05')?.fix;
    expect(fix).toContain('--subject system:serviceaccount:billing:invoices');
    expect(error.meaning).toMatch(/^No federated credential of this client names the service account/);
  });

  test('a pipeline is no pod', () => {
    const error = about('repo:acme/shop:environment:prod');
    expect(error.meaning).toContain('comes from GitHub Actions');
    expect(likelihood(error, 'SA-07')).toBe('unlikely');
  });

  test('an object id is a token of Entra', () => {
    expect(likelihood(about('33333333-3333-4333-8333-333333333333'), 'ENT-09')).toBe('likely');
  });

  test('a broken form is said', () => {
    expect(likelihood(about('system:serviceaccount:billing/invoices'), 'FIC-07')).toBe('likely');
  });

  test('a value of the text cannot leave its quotes in a command', () => {
    const error = about('system:serviceaccount:a:b; rm -rf $HOME `id`');
    const fix = error.causes.find((cause) => cause.code === 'FIC-05')?.fix ?? '';
    expect(fix).toContain("--subject 'system:serviceaccount:a:b; rm -rf $HOME `id`' --audiences");
  });
});

describe('audience', () => {
  const about = (audience: string): ExplainedError =>
    one(
      `AADSTS700212: No matching federated identity record found for presented assertion audience '${audience}'. Please check`,
    );

  test.each([
    ['api://AKSIdentityBinding', 'IB-01'],
    ['https://kubernetes.default.svc.cluster.local', 'TOK-02'],
    ['https://shop-dns-0a1b.hcp.westeurope.azmk8s.io', 'TOK-02'],
    ['api://AzureADTokenExchange', 'FIC-08'],
  ])('%s proves %s', (audience, code) => {
    expect(about(audience).causes[0]).toMatchObject({ code, likelihood: 'certain' });
  });

  test('an Azure resource means an access token', () => {
    expect(likelihood(about('https://management.azure.com/'), 'ENT-09')).toBe('likely');
  });

  test('the audience of a sovereign cloud belongs into the credential', () => {
    expect(about('api://AzureADTokenExchangeUSGov').meaning).toContain('sovereign cloud');
  });
});

describe('client id and tenant', () => {
  const client = (id: string): ExplainedError =>
    one(
      `AADSTS700016: Application with identifier '${id}' was not found in the directory 'Contoso'. This can happen`,
    );
  const tenant = (id: string, code = 900023): ExplainedError =>
    one(
      code === 900023
        ? `AADSTS900023: Specified tenant identifier '${id}' is neither a valid DNS name, nor a valid external domain.`
        : `AADSTS90002: Tenant '${id}' not found. Check to make sure you have the correct tenant ID`,
    );

  test.each([
    [
      '/subscriptions/s/resourceGroups/r/providers/Microsoft.ManagedIdentity/userAssignedIdentities/orders-mi',
      'SA-02',
    ],
    ['00000000-0000-0000-0000-000000000000', 'SA-02'],
    ['__CHANGE_ME__', 'SA-02'],
    ['msi', 'SA-02'],
    [' 33333333-3333-4333-8333-333333333333', 'SA-04'],
  ])('client id "%s" proves %s', (id, code) => {
    expect(client(id).causes[0]).toMatchObject({ code, likelihood: 'certain' });
  });

  test('a GUID leaves object id, deletion and wrong tenant', () => {
    const error = client('33333333-3333-4333-8333-333333333333');
    expect(error.causes.slice(0, 2).map((cause) => cause.code)).toEqual(['SA-03', 'SA-05']);
    expect(likelihood(error, 'SA-02')).toBe('unlikely');
  });

  test.each([
    ['<TENANT_ID>', 'placeholder'],
    ['authorize', 'piece of an address'],
    ['e63649b2-07c0-49ed-a24b-87381dac292', 'length of a GUID'],
    ['my tenant', 'Blanks or quotes'],
  ])('tenant "%s": %s', (id, words) => {
    expect(tenant(id).meaning).toContain(words);
    expect(tenant(id).fields.tenant).toBe(id);
  });

  test('a well-formed tenant that does not exist is left to the settings', () => {
    const error = tenant('44444444-4444-4444-8444-444444444444', 90002);
    expect(error.causes[0]?.code).toBe('ENT-02');
    expect(likelihood(error, 'SA-04')).toBe('unlikely');
  });
});

describe('other words', () => {
  test('900144 names what was missing', () => {
    expect(
      one("AADSTS900144: The request body must contain the following parameter: 'client_id'.").causes[0],
    ).toMatchObject({ code: 'SDK-05' });
    expect(
      one("AADSTS900144: The request body must contain the following parameter: 'client_assertion'.")
        .causes[0],
    ).toMatchObject({ code: 'TOK-10', likelihood: 'certain' });
  });

  test('700223 has two readings, told apart by its words', () => {
    const first = one(
      'AADSTS700223: **Only AAD-issued tokens may be used for first-party application federated identity flows**.',
    );
    expect(first.causes[0]?.code).toBe('SA-05');
    const policy = one(
      'AADSTS700223: Workload identity federation is constrained or disabled on the tenant.',
    );
    expect(policy.causes[0]).toMatchObject({ code: 'ENT-06', likelihood: 'certain' });
    expect(one('AADSTS700223').causes.map((cause) => cause.likelihood)).toEqual(['possible', 'possible']);
  });

  test('7000272 without a key points at the key set of an earlier cluster', () => {
    const error = one(
      'AADSTS7000272: The certificate with identifier  used to sign the federated credential could not be found in the metadata of identity provider https://oidc.acme.example/prod. Please validate',
    );
    expect(error.meaning).toContain('names no key at all');
    expect(error.fields).toEqual({ issuer: 'https://oidc.acme.example/prod' });
    expect(likelihood(error, 'ISS-08')).toBe('unlikely');
  });

  test('a missing token file under the old path points at the move of webhook 1.6', () => {
    const error = one('open /var/run/secrets/azure/tokens/azure-identity-token: no such file or directory');
    expect(likelihood(error, 'WH-15')).toBe('likely');
    expect(error.fields.path).toBe('/var/run/secrets/azure/tokens/azure-identity-token');
    expect(
      likelihood(
        one('open /var/run/secrets/azure/wi/token/azure-identity-token: no such file or directory'),
        'WH-15',
      ),
    ).toBe('possible');
  });

  test('an unknown number is passed on with the page that explains it', () => {
    const error = one('AADSTS99999: Something new. Trace ID: 55555555-5555-4555-8555-555555555555');
    expect(error).toMatchObject({ code: 99999, unrelated: false, causes: [] });
    expect(error.meaning).toContain('https://login.microsoftonline.com/error?code=99999');
  });

  test('likelihoods are in falling order', () => {
    const order = ['certain', 'likely', 'possible', 'unlikely'];
    for (const text of ['AADSTS70021', 'AADSTS700211', 'AADSTS700213', 'AADSTS700016', 'AADSTS700024']) {
      const ranks = one(text).causes.map((cause) => order.indexOf(cause.likelihood));
      expect(ranks).toEqual(ranks.toSorted((first, second) => first - second));
    }
  });
});
