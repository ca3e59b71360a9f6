import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { difference } from '../../../src/sources/federated-credentials/difference.ts';

const TENANT = '99999999-2222-3333-4444-555555555555';
const GUID = '11111111-2222-3333-4444-555555555555';
const OTHER = '11111111-2222-3333-4444-666666666666';
const ISSUER = `https://eastus.oic.prod-aks.azure.com/${TENANT}/${GUID}/`;
const SUBJECT = 'system:serviceaccount:shop:web';
const AUDIENCE = 'api://AzureADTokenExchange';

type Row = readonly [observed: string, kind: string, words: string, span?: string];

/** The observed value with the differing span in brackets, which is where a caret line would point. */
function marked(observed: string, { start, end }: { start: number; end: number }): string {
  return `${observed.slice(0, start)}[${observed.slice(start, end)}]${observed.slice(end)}`;
}

interface Case {
  readonly observed: string;
  readonly kind: string;
  readonly words: string;
  readonly span: string | undefined;
}

function cases(rows: readonly Row[]): readonly Case[] {
  return rows.map(([observed, kind, words, span]) => ({ observed, kind, words, span }));
}

function wellFormed(text: string): boolean {
  return Buffer.from(text).toString() === text;
}

const issuerRows: readonly Row[] = [
  [ISSUER, 'equal', 'equal'],
  [ISSUER.slice(0, -1), 'slash', 'lacks the slash at the end', `${ISSUER.slice(0, -1)}[]`],
  [`${ISSUER}/`, 'slash', 'has 2 slashes at the end instead of 1', `${ISSUER}[/]`],
  [` ${ISSUER}`, 'whitespace', 'contains U+0020 SPACE at position 1', `[ ]${ISSUER}`],
  [`${ISSUER}\n`, 'whitespace', 'contains U+000A LINE FEED at position 113', `${ISSUER}[\n]`],
  [
    `${ISSUER}\r\n`,
    'whitespace',
    'contains U+000D CARRIAGE RETURN at position 113, U+000A LINE FEED at position 114',
  ],
  [`\ufeff${ISSUER}`, 'whitespace', 'contains U+FEFF ZERO WIDTH NO-BREAK SPACE at position 1'],
  [ISSUER.replace('oic', '\u200boic'), 'whitespace', 'contains U+200B ZERO WIDTH SPACE at position 16'],
  [ISSUER.replace('oic', '\u202eoic'), 'whitespace', 'contains U+202E RIGHT-TO-LEFT OVERRIDE at position 16'],
  [ISSUER.replace('oic', '\u0001oic'), 'whitespace', 'contains U+0001 at position 16'],
  [
    ` ${ISSUER} \t\n`,
    'whitespace',
    'contains U+0020 SPACE at position 1, U+0020 SPACE at position 114, U+0009 TAB at position 115, 1 more',
  ],
  [
    ` ${ISSUER.slice(0, -1)}`,
    'whitespace',
    'contains U+0020 SPACE at position 1; also differs in the slash at the end',
  ],
  [`"${ISSUER}"`, 'quotes', 'has quotation marks around it', `["${ISSUER}"]`],
  [`'${ISSUER}`, 'quotes', 'has quotation marks around it'],
  [
    `“${ISSUER.slice(0, -1)}”`,
    'quotes',
    'has quotation marks around it; also differs in the slash at the end',
  ],
  [
    ISSUER.replace('eastus', 'E\u0430stus').replace('E', 'e'),
    'lookalike',
    'looks the same, but contains U+0430 (looks like "a") at position 10',
  ],
  [
    ISSUER.replace('https', 'ｈttps'),
    'lookalike',
    'looks the same, but contains U+FF48 (looks like "h") at position 1',
  ],
  [
    ISSUER.replace('prod-aks', 'prod–aks'),
    'lookalike',
    'looks the same, but contains U+2013 (looks like "-") at position 24',
  ],
  [ISSUER.replace('eastus', 'EastUS'), 'case', 'differs in upper and lower case only'],
  [
    ISSUER.toUpperCase().slice(0, -1),
    'slash',
    'lacks the slash at the end; also differs in upper and lower case',
  ],
  [
    `https://oidc.prod-aks.azure.com/${GUID}/`,
    'host-form',
    'names the same cluster by host oidc.prod-aks.azure.com instead of eastus.oic.prod-aks.azure.com',
  ],
  [
    `https://westus.oic.prod-aks.azure.com/${TENANT}/${GUID}`,
    'host-form',
    'names the same cluster by host westus.oic.prod-aks.azure.com instead of eastus.oic.prod-aks.azure.com',
  ],
  [
    `https://eastus.oic.example.com/${GUID}/`,
    'host-form',
    'has the host eastus.oic.example.com instead of eastus.oic.prod-aks.azure.com',
  ],
  [
    `https://eastus.oic.prod-aks.azure.com/${TENANT}/${OTHER}/`,
    'other-cluster',
    'belongs to another AKS cluster',
    `https://eastus.oic.prod-aks.azure.com/${TENANT}/11111111-2222-3333-4444-[666666666666]/`,
  ],
  [
    `https://eastus.oic.prod-aks.azure.com/${TENANT}/${OTHER}`,
    'other-cluster',
    'belongs to another AKS cluster',
  ],
  [
    `https://westus.oic.prod-aks.azure.com/${OTHER}/${OTHER}/`,
    'other-cluster',
    'belongs to another AKS cluster, at westus.oic.prod-aks.azure.com instead of eastus.oic.prod-aks.azure.com, in another tenant',
  ],
  [
    ` https://eastus.oic.prod-aks.azure.com/${TENANT}/${OTHER}/`,
    'other-cluster',
    'belongs to another AKS cluster; contains U+0020 SPACE at position 1',
  ],
  [`https://eastus.oic.prod-aks.azure.com/${OTHER}/${GUID}/`, 'other', 'has another tenant in its path'],
  [`https://ib.oic.prod-aks.azure.com/${TENANT}/${GUID}`, 'other', 'belongs to an identity binding'],
  ['https://token.actions.githubusercontent.com', 'other', 'belongs to something else than this cluster'],
  [ISSUER.replace('https', 'http'), 'malformed', 'has http:// instead of https://'],
  ['http://issuer.example/', 'malformed', 'begins with http://, not https://'],
  [ISSUER.slice(8), 'malformed', 'lacks https:// at the beginning', `[]${ISSUER.slice(8)}`],
  ['eastus', 'malformed', 'is not an https URL'],
  ['https://', 'malformed', 'is not an https URL'],
  [encodeURIComponent(ISSUER), 'malformed', 'is percent-encoded'],
  [
    `${ISSUER}.well-known/openid-configuration`,
    'malformed',
    "contains /.well-known/openid-configuration, which is where the issuer's document is, not its name",
  ],
  [`${ISSUER}openid/v1/jwks`, 'malformed', 'is the address of the key set, not the issuer'],
  [
    '${module.aks.oidc_issuer_url}',
    'malformed',
    'contains ${module.aks.oidc_issuer_url}, a placeholder that was never filled in',
  ],
  [
    'https://{{ .Values.issuer }}/',
    'malformed',
    'contains {{.Values.issuer}}, a placeholder that was never filled in; contains U+0020 SPACE at position 11, U+0020 SPACE at position 26',
  ],
  ['$(AKS_OIDC_ISSUER)', 'malformed', 'contains $(AKS_OIDC_ISSUER), a placeholder that was never filled in'],
  ['$AKS_OIDC_ISSUER', 'malformed', 'contains $AKS_OIDC_ISSUER, a placeholder that was never filled in'],
  ['<OIDC_ISSUER>', 'malformed', 'contains <OIDC_ISSUER>, a placeholder that was never filled in'],
  ['', 'malformed', 'is empty', '[]'],
  [' ', 'malformed', 'contains nothing visible; contains U+0020 SPACE at position 1'],
];

test.each(cases(issuerRows))('issuer $observed is $kind', ({ observed, kind, words, span }) => {
  const found = difference(ISSUER, observed, 'issuer');
  expect(found).toMatchObject({ kind, words });
  expect(marked(observed, found)).toBe(span ?? marked(observed, found));
});

test('an issuer without slash is held against one with it', () => {
  const bare = ISSUER.slice(0, -1);
  expect(difference(bare, ISSUER, 'issuer')).toMatchObject({
    kind: 'slash',
    words: 'has a slash at the end, the token has none',
  });
  expect(difference(bare, `${ISSUER}/`, 'issuer')).toMatchObject({
    kind: 'slash',
    words: 'has slashes at the end',
  });
  const sovereign = `https://usgovvirginia.oic.prod-aks.azure.us/${TENANT}/${GUID}/`;
  expect(difference(sovereign, sovereign.replace(GUID, OTHER), 'issuer')).toMatchObject({
    kind: 'other-cluster',
  });
});

const FORM = 'the form is system:serviceaccount:NAMESPACE:NAME';
const subjectRows: readonly Row[] = [
  [SUBJECT, 'equal', 'equal'],
  [
    'system:serviceaccount:shop:web-sa',
    'service-account',
    'is for service account web-sa instead of web',
    'system:serviceaccount:shop:web[-sa]',
  ],
  [
    'system:serviceaccount:shop:we',
    'service-account',
    'is for service account we instead of web',
    'system:serviceaccount:shop:we[]',
  ],
  [
    'system:serviceaccount:prod:web',
    'namespace',
    'is for namespace prod instead of shop',
    'system:serviceaccount:[prod]:web',
  ],
  [
    'system:serviceaccount:prod:api',
    'namespace-and-service-account',
    'is for service account api in namespace prod',
  ],
  [
    'system:serviceaccount:web:shop',
    'namespace-and-service-account',
    'has namespace and service account the wrong way round',
  ],
  [
    'system:serviceaccount:prod:web ',
    'namespace',
    'is for namespace prod instead of shop; contains U+0020 SPACE at position 31',
  ],
  ['"system:serviceaccount:prod:web"', 'namespace', 'is for namespace prod instead of shop'],
  [`${SUBJECT}\u00a0`, 'whitespace', 'contains U+00A0 NO-BREAK SPACE at position 31', `${SUBJECT}[\u00a0]`],
  ['system:serviceaccount:shop: web', 'whitespace', 'contains U+0020 SPACE at position 28'],
  [`${SUBJECT}\u{e0020}`, 'whitespace', 'contains U+E0020 at position 31', `${SUBJECT}[\u{e0020}]`],
  [`'${SUBJECT}'`, 'quotes', 'has quotation marks around it'],
  ['System:ServiceAccount:shop:web', 'case', 'differs in upper and lower case only'],
  [
    'system:serviceaccount:shop:Web',
    'case',
    'differs in upper and lower case only',
    'system:serviceaccount:shop:[W]eb',
  ],
  [
    'system:serviceaccount:shop∶web',
    'lookalike',
    'looks the same, but contains U+2236 (looks like ":") at position 27',
  ],
  [
    'system:serviceaccount:shop/web',
    'malformed',
    `has a slash where a colon belongs; ${FORM}`,
    'system:serviceaccount:shop[/]web',
  ],
  [`${SUBJECT}/`, 'malformed', 'has a slash at the end'],
  [
    'system:serviceaccounts:shop:web',
    'malformed',
    `begins with system:serviceaccounts, the name of a group; ${FORM}`,
  ],
  ['system:serviceaccounts', 'malformed', `begins with system:serviceaccounts, the name of a group; ${FORM}`],
  ['system:service-account:shop:web', 'malformed', `spells serviceaccount with a hyphen; ${FORM}`],
  ['serviceaccount:shop:web', 'malformed', `lacks system: at the beginning; ${FORM}`],
  ['shop:web', 'malformed', `lacks system:serviceaccount: at the beginning; ${FORM}`, '[]shop:web'],
  ['shop/web', 'malformed', `lacks system:serviceaccount: at the beginning; ${FORM}`],
  ['default/web-sa', 'malformed', `lacks system:serviceaccount: at the beginning; ${FORM}`],
  ['web', 'malformed', `is a bare name; ${FORM}`],
  ['SHOP', 'malformed', `is a bare name; ${FORM}`],
  ['system:serviceaccount:shop', 'malformed', `names no service account; ${FORM}`],
  ['system:serviceaccount', 'malformed', `names no namespace; ${FORM}`],
  ['system:serviceaccount:shop:web:x', 'malformed', `has 5 parts instead of 4; ${FORM}`],
  ['system:serviceaccount::web', 'malformed', `has an empty part or wrong capitals; ${FORM}`],
  ['my-serviceaccount-web', 'malformed', `is no subject of a service account; ${FORM}`],
  ['system:serviceaccount:shop:*', 'malformed', 'contains *, and Entra knows no wildcards'],
  ['system:serviceaccount:*', 'malformed', 'contains *, and Entra knows no wildcards'],
  ['system:serviceaccount:shop:we%62', 'malformed', 'is percent-encoded'],
  ['system%3Aserviceaccount%3Ashop%3Aweb', 'malformed', 'is percent-encoded'],
  ['system%3Aserviceaccount%3Aprod%3Aweb', 'malformed', `is percent-encoded or has a stray %; ${FORM}`],
  ['system:serviceaccount:sho%:web', 'malformed', 'is percent-encoded or has a stray %'],
  ['system:serviceaccount:shop:web_sa', 'malformed', '"web_sa" cannot be a Kubernetes name'],
  [
    'system:serviceaccount:${var.ns}:web',
    'malformed',
    'contains ${var.ns}, a placeholder that was never filled in',
  ],
  [
    'system:serviceaccount:{{ns}}:web',
    'malformed',
    'contains {{ns}}, a placeholder that was never filled in',
  ],
  ['', 'malformed', 'is empty', '[]'],
  ['repo:org/app:ref:refs/heads/main', 'other', 'is not a subject of a Kubernetes service account'],
  [
    'organization:org:project:p:workspace:w:run_phase:apply',
    'other',
    'is not a subject of a Kubernetes service account',
  ],
  ['sc://org/project/connection', 'other', 'is not a subject of a Kubernetes service account'],
  ['aks-identity-binding', 'other', 'is not a subject of a Kubernetes service account'],
  ['7c1c4f2a', 'other', 'is not a subject of a Kubernetes service account'],
];

test.each(cases(subjectRows))('subject $observed is $kind', ({ observed, kind, words, span }) => {
  const found = difference(SUBJECT, observed, 'subject');
  expect(found).toMatchObject({ kind, words });
  expect(marked(observed, found)).toBe(span ?? marked(observed, found));
});

test('a subject that is not of Kubernetes is only told apart', () => {
  expect(difference('repo:a/b', 'repo:a/c', 'subject')).toMatchObject({
    kind: 'other',
    words: 'is another subject',
  });
});

const audienceRows: readonly Row[] = [
  [AUDIENCE, 'equal', 'equal'],
  [
    'api://AzureADTokenExchangeUSGov',
    'cloud-audience',
    'is that of Azure US Government, the token has that of the public cloud',
    `${AUDIENCE}[USGov]`,
  ],
  [
    'api://AzureADTokenExchangeChina',
    'cloud-audience',
    'is that of Azure China, the token has that of the public cloud',
  ],
  ['AzureADTokenExchange', 'malformed', 'lacks api:// at the beginning', '[]AzureADTokenExchange'],
  ['api://azureadtokenexchange', 'case', 'differs in upper and lower case only'],
  [`${AUDIENCE}/`, 'slash', 'has a slash at the end, the token has none'],
  [`${AUDIENCE} `, 'whitespace', 'contains U+0020 SPACE at position 27'],
  ['["api://AzureADTokenExchange"]', 'quotes', 'has brackets around it, as a list written as text'],
  ['api://AKSIdentityBinding', 'other', 'is another one'],
  ['', 'malformed', 'is empty'],
];

test.each(cases(audienceRows))('audience $observed is $kind', ({ observed, kind, words, span }) => {
  const found = difference(AUDIENCE, observed, 'audience');
  expect(found).toMatchObject({ kind, words });
  expect(marked(observed, found)).toBe(span ?? marked(observed, found));
});

test('blanks on both sides are no part of the difference', () => {
  expect(difference('a b', 'a B', 'audience')).toMatchObject({ kind: 'case' });
  expect(difference('a b', 'ab', 'audience')).toMatchObject({
    kind: 'whitespace',
    words: "lacks U+0020 SPACE at position 2 of the token's value",
  });
});

test('equal if and only if the bytes are; the span lies inside and cuts no character', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ISSUER,
      SUBJECT,
      AUDIENCE,
      'system:',
      'serviceaccount',
      ':',
      '/',
      ' ',
      '"',
      '\u00a0',
      '\u0430',
      '%',
      '{{x}}',
      '*',
      '\u{1f600}',
      '\u{1f601}',
    ),
    fc.string({ unit: 'binary' }),
  );
  const text = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''));
  const field = fc.constantFrom('issuer' as const, 'subject' as const, 'audience' as const);
  fc.assert(
    fc.property(
      fc.oneof(text, fc.constantFrom(ISSUER, SUBJECT, AUDIENCE)),
      text,
      field,
      (expected, observed, field) => {
        const { kind, words, start, end } = difference(expected, observed, field);
        expect(kind === 'equal').toBe(expected === observed);
        expect(words).not.toBe('');
        expect(start).toBeLessThanOrEqual(end);
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(observed.length);
        expect(wellFormed(observed.slice(0, start)) && wellFormed(observed.slice(start, end))).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
});
