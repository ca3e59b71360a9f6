import type { FieldName } from '../explanation.ts';

/** A place in one of Entra's sentences where a value stands. */
export interface Slot {
  readonly field: FieldName;
  /** Lower-case literal (no blank, since lines wrap) without which the pattern cannot match. */
  readonly hint: string;
  /** Regular expression with a group `value`; a blank stands for any white space, Q for quotes of any kind, possibly doubled. */
  readonly pattern: string;
  /** The value was really sent by the client, so a placeholder in it is a finding and no mask. */
  readonly sent?: true;
}

/** A quoted value; it ends at the quote it began with and holds no line end. Long ones are ARM and SPIFFE ids. */
const V = '(?<q>[\'"`])\\k<q>?(?<value>(?:(?!\\k<q>)[^\\n\\v]){1,700}?)\\k<q>{1,2}';
/** An unquoted value ends at white space. */
const W = '(?<value>[^\\s\'"]{1,400}?)';

/** Every slot of every wording in the catalogue; a test fills each wording and reads it back. */
export const SLOTS: readonly Slot[] = [
  { field: 'issuer', hint: 'issuer', pattern: `assertion issuer:? ${V}` },
  { field: 'issuer', hint: 'issuer', pattern: `tokens issued by issuer ${V}` },
  { field: 'issuer', hint: 'credentials', pattern: `credentials issued by ${V} for applications` },
  {
    field: 'issuer',
    hint: 'metadata',
    pattern: `metadata of identity provider Q?${W}Q?\\.(?: Please|\\s*$)`,
  },
  { field: 'keyId', hint: 'identifier', pattern: `certificate with identifier Q?${W}Q? used to sign` },
  { field: 'subject', hint: 'subject', pattern: `assertion subject:? ${V}` },
  { field: 'audience', hint: 'audience', pattern: `assertion audience:? ${V}` },
  { field: 'appId', hint: 'identifier', pattern: `Application with identifier ${V} was not found` },
  { field: 'appId', hint: 'configured', pattern: `The client ${V} ?\\([^)]{0,200}\\) has no configured` },
  { field: 'appId', hint: 'service', pattern: `client application Q?${W}Q? is missing service principal` },
  { field: 'appId', hint: 'disabled', pattern: `Application ${V} ?(?:\\([^)]{0,200}\\))? is disabled` },
  {
    field: 'appId',
    hint: 'assigned',
    pattern: `Application ${V} ?(?:\\([^)]{0,200}\\))? is not assigned to a role`,
  },
  { field: 'resource', hint: 'assigned', pattern: `to a role for the application ${V}` },
  { field: 'appId', hint: 'secret', pattern: `(?:secret added to|secret keys for) app ${V}` },
  { field: 'appId', hint: 'configured', pattern: `configured keys for app Id ${V}` },
  { field: 'appId', hint: 'policy', pattern: `policy found on application \\(?${W}\\)` },
  { field: 'appId', hint: 'consented', pattern: `consented to use the application with ID ${V}` },
  { field: 'keyId', hint: 'thumbprint', pattern: `Thumbprint of key used by client: ${V}` },
  { field: 'tenant', hint: 'directory', pattern: `not found in the directory ${V}` },
  {
    field: 'tenant',
    hint: 'directory',
    pattern: 'not found in the directory (?<value>[0-9a-zA-Z.-]{4,80}?)(?:\\.? |\\.?$)',
  },
  {
    field: 'tenant',
    hint: 'principal',
    pattern: `missing service principal in the tenant Q?${W}Q?\\.(?: See|\\s*$)`,
  },
  {
    field: 'tenant',
    hint: 'named',
    pattern: `not found in the tenant named Q?(?<value>[^'"\\n\\v]{1,200}?)Q?\\. `,
  },
  { field: 'resource', hint: 'named', pattern: `resource principal named Q?${W}Q? was not found` },
  { field: 'tenant', hint: 'tenant', pattern: `Tenant ${V} not found` },
  { field: 'tenant', hint: 'identifier', pattern: `tenant identifier ${V} is`, sent: true },
  {
    field: 'scope',
    hint: 'scope',
    pattern: `provided value for scope Q?(?<value>[^'"\\n\\v]{1,300}?)Q? is not valid`,
  },
  { field: 'resource', hint: 'multi-factor', pattern: `multi-factor authentication to access ${V}` },
  { field: 'parameter', hint: 'parameter', pattern: `contain the following parameter: ${V}(?! or )` },
  { field: 'parameter', hint: 'missing', pattern: `required field ${V} is missing` },
  { field: 'currentTime', hint: 'current', pattern: 'Current time: (?<value>TIME)' },
  { field: 'validFrom', hint: 'valid', pattern: 'assertion valid from (?<value>TIME)' },
  { field: 'validTo', hint: 'expiry', pattern: 'expiry time of assertion (?<value>TIME)' },
];

const TIME = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?Z';
const compiled: Map<Slot, RegExp> = new Map();

/** The pattern of one slot, compiled on first use. */
export function slotPattern(slot: Slot): RegExp {
  let pattern = compiled.get(slot);
  if (pattern === undefined) {
    const source = slot.pattern
      .replaceAll('Q', '(?:[\'"`]{1,2})')
      .replaceAll('TIME', TIME)
      .replaceAll(' ?', '\\s{0,40}')
      .replaceAll(' ', '\\s{1,400}');
    pattern = new RegExp(source, 'i');
    compiled.set(slot, pattern);
  }
  return pattern;
}
