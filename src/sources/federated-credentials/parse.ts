import { WiDoctorError } from '../../errors.ts';
import { ownerOf } from './owner.ts';
import type { CredentialOwner, FederatedCredentialList, FederatedIdentityCredential } from './types.ts';

type Members = Readonly<Record<string, unknown>>;

const HINT =
  'Save it with: az identity federated-credential list --identity-name NAME -g RESOURCE_GROUP -o json > FILE, ' +
  'or for an application: az ad app federated-credential list --id CLIENT_ID -o json > FILE';

/**
 * Parses the federated credentials of one identity in any of the shapes Azure gives them: the arrays of
 * `az identity federated-credential list` and `az ad app federated-credential list`, the `{"value": […]}` of ARM
 * (fields under `properties`) and of Graph, or one single credential. Values are kept byte for byte.
 *
 * UTF-8 and UTF-16 with a byte order mark are read, as long as nothing was lost on the way.
 *
 * @param name The file's name, for messages.
 * @throws WiDoctorError INPUT when it is something else, or does not say enough (e.g. cut down with --query).
 */
export function parseFederatedCredentials(bytes: Uint8Array, name: string): FederatedCredentialList {
  const text = decode(bytes, name);
  return readCredentialList(parseJson(text, name), name);
}

/** The same for a document that was parsed already. */
export function readCredentialList(json: unknown, name: string): FederatedCredentialList {
  const { items, complete, context } = unwrap(json, name);
  const credentials = items.map((item, index) => toCredential(item, index, context, name));
  return { credentials, complete, owners: distinctOwners(credentials) };
}

function decode(bytes: Uint8Array, name: string): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw wrong(name, 'is not text in UTF-8');
  }
  if (text.trim() === '') throw wrong(name, 'is empty');
  if (text.includes('\0')) throw wrong(name, 'is not text in UTF-8 (UTF-16 without a byte order mark?)');
  // A credential never holds this character; a console that could not show one puts it there, and then the
  // bytes that Entra compares are no longer known.
  if (text.includes('\ufffd')) throw wrong(name, 'has lost characters on the way (U+FFFD)');
  return text;
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw wrong(name, `is not JSON${guess(text.trim())}`);
  }
}

/** What a text that is not JSON probably is. */
function guess(text: string): string {
  if (/^<(!doctype|html|\?xml)/i.test(text)) return ' but an HTML or XML page';
  if (/^(ERROR|WARNING)\b|^az: |^\([A-Z]\w+\) /.test(text)) return ' but a message of az';
  if (/^please run 'az login'/i.test(text)) return ' but a message of az';
  if (/^(\[\]|- |\w+:\s)/.test(text)) return ' (YAML?)';
  if (/^[{[]/.test(text)) return ': it is cut off or damaged';
  if (/\bIssuer\b.*\bSubject\b|^Name\s/i.test(text)) return ' but a table';
  return '';
}

interface Unwrapped {
  readonly items: readonly unknown[];
  readonly complete: boolean;
  readonly context: string | null;
}

function unwrap(json: unknown, name: string): Unwrapped {
  if (Array.isArray(json)) return { items: json, complete: true, context: null };
  if (!isObject(json)) throw wrong(name, 'is JSON, but neither a list nor an object');
  const { error, value } = json;
  if (isObject(error)) {
    const { code } = error;
    const what = typeof code === 'string' && /^[\w.]{1,60}$/.test(code) ? ` (${code})` : '';
    throw wrong(name, `holds an error of Azure${what}, not federated credentials`);
  }
  const context = typeof json['@odata.context'] === 'string' ? json['@odata.context'] : null;
  if (Array.isArray(value)) {
    const next = json['nextLink'] ?? json['@odata.nextLink'];
    return { items: value, complete: next === undefined || next === null || next === '', context };
  }
  return { items: [json], complete: false, context };
}

function toCredential(
  item: unknown,
  index: number,
  context: string | null,
  file: string,
): FederatedIdentityCredential {
  const place = `Item ${index + 1} of ${file}`;
  if (!isObject(item)) throw wrong(place, 'is not an object');
  const fields: Members = isObject(item['properties']) ? { ...item, ...item['properties'] } : item;
  const { issuer, subject, audiences } = fields;
  if (issuer === undefined && subject === undefined) throw wrong(place, otherObject(fields));
  for (const needed of ['name', 'issuer', 'audiences']) {
    if (fields[needed] === undefined) {
      throw wrong(
        place,
        `has no "${needed}": it was cut down (--query?), so nothing can be concluded from it`,
      );
    }
  }
  const expression = expressionOf(fields['claimsMatchingExpression']);
  if (subject === undefined && expression === undefined) {
    throw wrong(place, 'has no "subject": it was cut down (--query?), so nothing can be concluded from it');
  }
  if (typeof fields['name'] !== 'string') throw wrong(place, 'has a "name" that is no string');
  for (const [field, value] of [
    ['issuer', issuer],
    ['subject', subject ?? null],
  ] as const) {
    if (value !== null && typeof value !== 'string') throw wrong(place, `has a "${field}" that is no string`);
  }
  const id = optionalText(fields['id']);
  const owner = ownerOf(id, context);
  const created = isObject(fields['systemData'])
    ? optionalText(fields['systemData']['createdAt'])
    : undefined;
  const description = optionalText(fields['description']);
  return {
    name: fields['name'],
    issuer: issuer as string | null,
    subject: (subject ?? null) as string | null,
    audiences: audiencesOf(audiences, place),
    ...(expression === undefined ? {} : { expression }),
    ...(created === undefined ? {} : { created }),
    ...(id === undefined ? {} : { id }),
    ...(description === undefined ? {} : { description }),
    ...(owner === null ? {} : { owner }),
  };
}

function audiencesOf(value: unknown, place: string): readonly string[] {
  if (value === null) return [];
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw wrong(place, 'has "audiences" that are no list of strings');
}

/** Absent and null both mean a classic credential; Graph writes null only when it is asked for the member. */
function expressionOf(value: unknown): string | undefined {
  return optionalText(isObject(value) ? value['value'] : value);
}

function otherObject(fields: Members): string {
  if ('principalId' in fields || 'clientId' in fields) {
    return 'is a managed identity (az identity show or list), not one of its federated credentials';
  }
  if ('appId' in fields)
    return 'is an application (az ad app show or list), not one of its federated credentials';
  if ('apiVersion' in fields && 'kind' in fields) return 'is a Kubernetes object, not a federated credential';
  return 'is no federated credential: it has neither "issuer" nor "subject"';
}

function distinctOwners(credentials: readonly FederatedIdentityCredential[]): readonly CredentialOwner[] {
  const owners = new Map<string, CredentialOwner>();
  for (const { owner } of credentials) {
    // ARM treats the parts of an id as equal whatever their case.
    if (owner !== undefined) owners.set(JSON.stringify(owner).toLowerCase(), owner);
  }
  return [...owners.values()];
}

function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(what: string, how: string): WiDoctorError {
  return new WiDoctorError('INPUT', `${what} ${how}.`, { hint: HINT });
}
