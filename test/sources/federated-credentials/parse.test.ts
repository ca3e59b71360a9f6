import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { WiDoctorError } from '../../../src/errors.ts';
import { parseFederatedCredentials } from '../../../src/sources/federated-credentials/parse.ts';
import type { FederatedCredentialList } from '../../../src/sources/federated-credentials/types.ts';

const SUBSCRIPTION = '00000000-1111-2222-3333-444444444444';
const ID = `/subscriptions/${SUBSCRIPTION}/resourcegroups/shop-rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/orders-mi/federatedIdentityCredentials/web-fed`;
const OWNER = {
  kind: 'user-assigned',
  name: 'orders-mi',
  resourceGroup: 'shop-rg',
  subscription: SUBSCRIPTION,
};
const VALUES = {
  issuer: ' https://issuer.example/\n',
  subject: 'system:serviceaccount:shop:web\u00a0',
  audiences: ['api://AzureADTokenExchange'],
};
const FLAT = {
  ...VALUES,
  id: ID,
  name: 'web-fed',
  resourceGroup: 'shop-rg',
  type: 'Microsoft.ManagedIdentity/x',
};
const ARM = {
  id: ID,
  name: 'web-fed',
  type: 'x',
  properties: VALUES,
  systemData: { createdAt: '2026-01-01T00:00:00Z' },
};
const GUID = '11111111-2222-3333-4444-555555555555';
const GRAPH = { ...VALUES, id: GUID, name: 'web-fed', description: 'for web' };
const CONTEXT = `https://graph.microsoft.com/v1.0/$metadata#applications('${GUID}')/federatedIdentityCredentials`;

function parse(content: unknown): FederatedCredentialList {
  const bytes =
    content instanceof Uint8Array
      ? content
      : Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
  return parseFederatedCredentials(bytes, 'fic.json');
}

function failure(content: unknown): WiDoctorError {
  try {
    parse(content);
  } catch (error) {
    if (error instanceof WiDoctorError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test.each([
  ['az identity federated-credential list', [FLAT], true, [OWNER], { id: ID, owner: OWNER }],
  ['ARM', { value: [ARM] }, true, [OWNER], { id: ID, owner: OWNER, created: '2026-01-01T00:00:00Z' }],
  [
    'ARM, one of several pages',
    { value: [ARM], nextLink: 'https://management.azure.com/x' },
    false,
    [OWNER],
    { id: ID, owner: OWNER, created: '2026-01-01T00:00:00Z' },
  ],
  [
    'ARM with an empty nextLink',
    { value: [ARM], nextLink: '' },
    true,
    [OWNER],
    { id: ID, owner: OWNER, created: '2026-01-01T00:00:00Z' },
  ],
  [
    'az ad app federated-credential list',
    [GRAPH],
    true,
    [{ kind: 'application' }],
    { id: GUID, description: 'for web', owner: { kind: 'application' } },
  ],
  [
    'Graph',
    { '@odata.context': CONTEXT, value: [GRAPH] },
    true,
    [{ kind: 'application', id: GUID }],
    { id: GUID, description: 'for web', owner: { kind: 'application', id: GUID } },
  ],
  [
    'Graph, one of several pages',
    { value: [GRAPH], '@odata.nextLink': 'https://graph.microsoft.com/x' },
    false,
    [{ kind: 'application' }],
    { id: GUID, description: 'for web', owner: { kind: 'application' } },
  ],
  ['a single credential', FLAT, false, [OWNER], { id: ID, owner: OWNER }],
  [
    'a single credential of ARM',
    ARM,
    false,
    [OWNER],
    { id: ID, owner: OWNER, created: '2026-01-01T00:00:00Z' },
  ],
])('%s is read byte for byte', (_name, content, complete, owners, rest) => {
  expect(parse(content)).toEqual({
    credentials: [{ name: 'web-fed', ...VALUES, ...rest }],
    complete,
    owners,
  });
});

test.each([
  ['an array', []],
  ['a page', { value: [] }],
])('%s without credentials means there are none', (_name, content) => {
  expect(parse(content)).toEqual({ credentials: [], complete: true, owners: [] });
});

test('a flexible credential has no subject but an expression', () => {
  const flexible = {
    ...GRAPH,
    subject: null,
    claimsMatchingExpression: { value: "claims['sub'] matches 'x'", languageVersion: 1 },
  };
  expect(parse([flexible]).credentials[0]).toMatchObject({
    subject: null,
    expression: "claims['sub'] matches 'x'",
  });
  const { subject: _subject, ...without } = flexible;
  expect(parse([without]).credentials[0]).toMatchObject({ subject: null });
  expect(parse([{ ...GRAPH, claimsMatchingExpression: null }]).credentials[0]).not.toHaveProperty(
    'expression',
  );
});

test('null members and several audiences survive', () => {
  expect(
    parse([{ ...FLAT, issuer: null, audiences: null, description: null, systemData: null }]).credentials[0],
  ).toEqual({
    name: 'web-fed',
    issuer: null,
    subject: VALUES.subject,
    audiences: [],
    id: ID,
    owner: OWNER,
  });
  expect(parse([{ ...FLAT, audiences: ['a', 'b'] }]).credentials[0]?.audiences).toEqual(['a', 'b']);
});

test('owners are told apart whatever the case of their ids', () => {
  const again = { ...FLAT, id: ID.toUpperCase() };
  const other = { ...FLAT, id: ID.replace('orders-mi', 'other-mi') };
  expect(parse([FLAT, again, other]).owners).toHaveLength(2);
  expect(parse([{ ...FLAT, id: '/subscriptions/x' }]).owners).toEqual([]);
});

test('a byte order mark and UTF-16 are read when nothing was lost', () => {
  const text = JSON.stringify([FLAT]);
  const utf16le = Buffer.from(`\ufeff${text}`, 'utf16le');
  const expected = parse([FLAT]);
  expect(parse(`\ufeff${text}`)).toEqual(expected);
  expect(parse(utf16le)).toEqual(expected);
  expect(parse(Buffer.from(utf16le).swap16())).toEqual(expected);
});

const { audiences: _audiences, ...cutAudiences } = FLAT;
const { subject: _subject, ...cutSubject } = FLAT;
const { name: _name, ...cutName } = FLAT;

test.each([
  ['empty', '', 'fic.json is empty.'],
  ['blank', ' \r\n', 'fic.json is empty.'],
  ['HTML', '<!DOCTYPE html><html></html>', 'fic.json is not JSON but an HTML or XML page.'],
  [
    'an error text',
    'ERROR: (ResourceNotFound) The Resource was not found.',
    'fic.json is not JSON but a message of az.',
  ],
  ['a login message', "Please run 'az login' to setup account.", 'fic.json is not JSON but a message of az.'],
  ['YAML', '- audiences:\n  - api://x\n', 'fic.json is not JSON (YAML?).'],
  ['a table', 'Name     Issuer    Subject\n-----', 'fic.json is not JSON but a table.'],
  ['cut off', JSON.stringify([FLAT]).slice(0, -5), 'fic.json is not JSON: it is cut off or damaged.'],
  ['text', 'hello', 'fic.json is not JSON.'],
  ['a string', '"x"', 'fic.json is JSON, but neither a list nor an object.'],
  ['null', 'null', 'fic.json is JSON, but neither a list nor an object.'],
  [
    'an error of ARM',
    { error: { code: 'AuthorizationFailed', message: 'secret' } },
    'fic.json holds an error of Azure (AuthorizationFailed), not federated credentials.',
  ],
  [
    'an error of Graph',
    { error: { code: 'x y' } },
    'fic.json holds an error of Azure, not federated credentials.',
  ],
  [
    'an identity',
    [{ clientId: 'x', principalId: 'y', id: 'z' }],
    'Item 1 of fic.json is a managed identity (az identity show or list), not one of its federated credentials.',
  ],
  [
    'an application',
    { appId: 'x' },
    'Item 1 of fic.json is an application (az ad app show or list), not one of its federated credentials.',
  ],
  [
    'a Kubernetes object',
    { apiVersion: 'v1', kind: 'Pod' },
    'Item 1 of fic.json is a Kubernetes object, not a federated credential.',
  ],
  [
    'an empty object',
    {},
    'Item 1 of fic.json is no federated credential: it has neither "issuer" nor "subject".',
  ],
  ['no object', [FLAT, 7], 'Item 2 of fic.json is not an object.'],
  [
    'no audiences',
    [cutAudiences],
    'Item 1 of fic.json has no "audiences": it was cut down (--query?), so nothing can be concluded from it.',
  ],
  [
    'no subject',
    [cutSubject],
    'Item 1 of fic.json has no "subject": it was cut down (--query?), so nothing can be concluded from it.',
  ],
  [
    'no name',
    [cutName],
    'Item 1 of fic.json has no "name": it was cut down (--query?), so nothing can be concluded from it.',
  ],
  ['a name that is no string', [{ ...FLAT, name: 1 }], 'Item 1 of fic.json has a "name" that is no string.'],
  [
    'an issuer that is no string',
    [{ ...FLAT, issuer: {} }],
    'Item 1 of fic.json has a "issuer" that is no string.',
  ],
  [
    'audiences in one string',
    [{ ...FLAT, audiences: 'x' }],
    'Item 1 of fic.json has "audiences" that are no list of strings.',
  ],
  [
    'lost characters',
    `[${JSON.stringify({ ...FLAT, subject: 'a\ufffdb' })}]`,
    'fic.json has lost characters on the way (U+FFFD).',
  ],
  ['latin-1', Uint8Array.of(0x5b, 0x22, 0xe9, 0x22, 0x5d), 'fic.json is not text in UTF-8.'],
  [
    'UTF-16 without a mark',
    Buffer.from('[]', 'utf16le'),
    'fic.json is not text in UTF-8 (UTF-16 without a byte order mark?).',
  ],
])('refused: %s', (_name, content, message) => {
  const error = failure(content);
  expect(error).toMatchObject({ code: 'INPUT', message });
  expect(error.hint).toContain('az identity federated-credential list');
});

test('whatever the file holds, it is a list or an INPUT error', () => {
  const credential = fc.record(
    {
      name: fc.oneof(fc.string(), fc.jsonValue()),
      issuer: fc.oneof(fc.string(), fc.constant(null), fc.jsonValue()),
      subject: fc.oneof(fc.string(), fc.constant(null), fc.jsonValue()),
      audiences: fc.oneof(fc.array(fc.string()), fc.jsonValue()),
      id: fc.oneof(fc.constant(ID), fc.jsonValue()),
      properties: fc.jsonValue(),
      systemData: fc.jsonValue(),
      claimsMatchingExpression: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  const file = fc.oneof(
    fc.uint8Array(),
    fc.string(),
    fc.jsonValue(),
    fc.array(credential),
    fc.record(
      { value: fc.array(credential), nextLink: fc.jsonValue(), error: fc.jsonValue() },
      { requiredKeys: [] },
    ),
  );
  fc.assert(
    fc.property(file, (content) => {
      let outcome: unknown;
      try {
        outcome = parse(content);
      } catch (error) {
        outcome = error instanceof WiDoctorError && error.code === 'INPUT' ? {} : error;
      }
      expect(outcome).not.toBeInstanceOf(Error);
      expect(JSON.parse(JSON.stringify(outcome))).toEqual(outcome);
    }),
    { numRuns: 2000 },
  );
});

test('every value comes back byte for byte', () => {
  const text = fc
    .string({ unit: 'binary' })
    .filter(
      (value) =>
        !value.includes('\ufffd') && !value.includes('\0') && Buffer.from(value).toString() === value,
    );
  fc.assert(
    fc.property(text, text, text, (issuer, subject, audience) => {
      const [credential] = parse([{ ...FLAT, issuer, subject, audiences: [audience] }]).credentials;
      expect(credential).toMatchObject({ issuer, subject, audiences: [audience] });
    }),
  );
});
