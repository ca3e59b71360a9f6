import type { Fields } from './explanation.ts';
import { isCrossedOut, valuesOf } from './read/literal.ts';

/** Words for values the text did not give; the reader replaces them. */
const UNKNOWN = {
  issuer: 'ISSUER',
  subject: 'SUBJECT',
  audience: 'AUDIENCE',
  clientId: 'CLIENT_ID',
  tenantId: 'TENANT_ID',
  namespace: 'NAMESPACE',
  serviceAccount: 'SERVICE_ACCOUNT',
  objectId: 'PRINCIPAL_ID',
  scope: 'SCOPE',
  resource: 'RESOURCE',
  wellKnown: 'ISSUER/.well-known/openid-configuration',
} as const;

type Placeholder = keyof typeof UNKNOWN;

const PLACEHOLDER = new RegExp(`\\{(${Object.keys(UNKNOWN).join('|')})\\}`, 'g');

/** Namespace and name of `system:serviceaccount:<namespace>:<name>`; nothing for any other subject. */
export function serviceAccountOf(subject: string): { namespace: string; name: string } | undefined {
  const match = /^system:serviceaccount:([a-z0-9.-]{1,253}):([a-z0-9.-]{1,253})$/.exec(subject);
  return match === null ? undefined : { namespace: match[1] ?? '', name: match[2] ?? '' };
}

/**
 * Fills the values of the text into words and commands of the catalogue.
 *
 * Values come from outside, so they are quoted for a POSIX shell; crossed-out ones stay words in capitals.
 */
export function fillCommand(text: string, fields: Fields): string {
  return text.replace(PLACEHOLDER, (_, name: Placeholder) => {
    const value = valueOf(name, fields);
    return value === undefined ? UNKNOWN[name] : shellQuoted(value);
  });
}

function valueOf(name: Placeholder, fields: Fields): string | undefined {
  if (name === 'namespace' || name === 'serviceAccount') {
    const account = serviceAccountOf(plain(fields.subject) ?? '');
    return name === 'namespace' ? account?.namespace : account?.name;
  }
  if (name === 'wellKnown') {
    const issuer = plain(fields.issuer);
    return issuer === undefined ? undefined : `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  }
  if (name === 'clientId') return plain(fields.appId);
  if (name === 'tenantId') return plain(fields.tenant);
  return plain(fields[name]);
}

function plain(field: Fields['issuer']): string | undefined {
  const value = valuesOf(field)[0];
  return value === undefined || isCrossedOut(value) ? undefined : value;
}

function shellQuoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
