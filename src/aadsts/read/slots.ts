import type { FieldName } from '../explanation.ts';

/** A place in one of Entra's sentences where a value stands. */
export interface Slot {
  readonly field: FieldName;
  /** Lower-case literal (no blank, since lines wrap) without which the pattern cannot match. */
  readonly hint: string;
  /** Regular expression with one group; a blank stands for any white space, Q for quotes of any kind, possibly doubled. */
  readonly pattern: string;
  /** The value was really sent by the client, so a placeholder in it is a finding and no mask. */
  readonly sent?: true;
}

/** Quoted values may be long (ARM ids, SPIFFE ids); they end at the quote, and hold neither quotes nor line ends. */
const V = '([^\'"`\\n\\v]{1,700}?)';
/** Unquoted values end at white space. */
const W = '([^\\s\'"]{1,400}?)';

/** Every slot of every wording in the catalogue; a test fills each wording and reads it back. */
export const SLOTS: readonly Slot[] = [
  { field: 'issuer', hint: 'issuer', pattern: `assertion issuer:? Q${V}Q` },
  { field: 'issuer', hint: 'issuer', pattern: `tokens issued by issuer Q${V}Q` },
  { field: 'issuer', hint: 'credentials', pattern: `credentials issued by Q${V}Q for applications` },
  {
    field: 'issuer',
    hint: 'metadata',
    pattern: `metadata of identity provider Q?${W}Q?\\.(?: Please|\\s*$)`,
  },
  { field: 'keyId', hint: 'identifier', pattern: `certificate with identifier Q?${W}Q? used to sign` },
  { field: 'subject', hint: 'subject', pattern: `assertion subject:? Q${V}Q` },
  { field: 'audience', hint: 'audience', pattern: `assertion audience:? Q${V}Q` },
  { field: 'appId', hint: 'identifier', pattern: `Application with identifier Q${V}Q was not found` },
  { field: 'appId', hint: 'configured', pattern: `The client Q${V}Q ?\\([^)]{0,200}\\) has no configured` },
  { field: 'appId', hint: 'service', pattern: `client application Q?${W}Q? is missing service principal` },
  { field: 'appId', hint: 'disabled', pattern: `Application Q${V}Q ?(?:\\([^)]{0,200}\\))? is disabled` },
  {
    field: 'appId',
    hint: 'assigned',
    pattern: `Application Q${V}Q ?(?:\\([^)]{0,200}\\))? is not assigned to a role`,
  },
  { field: 'resource', hint: 'assigned', pattern: `to a role for the application Q${V}Q` },
  { field: 'appId', hint: 'secret', pattern: `(?:secret added to|secret keys for) app Q${V}Q` },
  { field: 'appId', hint: 'configured', pattern: `configured keys for app Id Q${V}Q` },
  { field: 'appId', hint: 'policy', pattern: `policy found on application \\(?${W}\\)` },
  { field: 'appId', hint: 'consented', pattern: `consented to use the application with ID Q${V}Q` },
  { field: 'keyId', hint: 'thumbprint', pattern: `Thumbprint of key used by client: Q${V}Q` },
  { field: 'tenant', hint: 'directory', pattern: `not found in the directory Q${V}Q` },
  {
    field: 'tenant',
    hint: 'directory',
    pattern: 'not found in the directory ([0-9a-zA-Z.-]{4,80}?)(?:\\.? |\\.?$)',
  },
  {
    field: 'tenant',
    hint: 'principal',
    pattern: `missing service principal in the tenant Q?${W}Q?\\.(?: See|\\s*$)`,
  },
  { field: 'tenant', hint: 'named', pattern: `not found in the tenant named Q?([^'"\\n\\v]{1,200}?)Q?\\. ` },
  { field: 'resource', hint: 'named', pattern: `resource principal named Q?${W}Q? was not found` },
  { field: 'tenant', hint: 'tenant', pattern: `Tenant Q${V}Q not found` },
  { field: 'tenant', hint: 'identifier', pattern: `tenant identifier Q${V}Q is`, sent: true },
  {
    field: 'scope',
    hint: 'scope',
    pattern: `provided value for scope Q?([^'"\\n\\v]{1,300}?)Q? is not valid`,
  },
  { field: 'resource', hint: 'multi-factor', pattern: `multi-factor authentication to access Q${V}Q` },
  { field: 'parameter', hint: 'parameter', pattern: `contain the following parameter: Q${V}Q(?! or )` },
  { field: 'parameter', hint: 'missing', pattern: `required field Q${V}Q is missing` },
  { field: 'currentTime', hint: 'current', pattern: 'Current time: (TIME)' },
  { field: 'validFrom', hint: 'valid', pattern: 'assertion valid from (TIME)' },
  { field: 'validTo', hint: 'expiry', pattern: 'expiry time of assertion (TIME)' },
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
