import { shellQuote } from '../fill.ts';
import { unknown, type Unanswered } from './answers.ts';
import { namespacesOf, type DumpedKind } from './dump-store.ts';
import { kindWords, plural } from './kind-words.ts';
import { pathOf, RESOURCES, type Address, type ResourceRef } from './resources.ts';

/** Documents of the API server that are no objects: what they are called, and the file that a dump keeps them in. */
const DOCUMENTS: Readonly<Record<string, { readonly words: string; readonly file: string }>> = {
  '/.well-known/openid-configuration': {
    words: "the API server's own discovery document, which names the issuer of its tokens",
    file: 'openid-configuration.json',
  },
  '/openid/v1/jwks': { words: "the API server's own public keys", file: 'jwks.json' },
  '/version': { words: "the API server's version", file: 'version.json' },
  '/apis': { words: 'the list of what the API server serves', file: 'apis.json' },
};

/** What is said of a document that was not dumped, and the command that dumps it. */
export function documentNotDumped(path: string): Unanswered {
  const { words, file } = DOCUMENTS[path] ?? { words: path };
  const reason = `the dump does not hold ${words}`;
  return file === undefined ? unknown(reason) : unknown(reason, { settle: rawCommand(path, file) });
}

/** What is said of an object or a list that was not dumped, and the command that dumps it. */
export function objectNotDumped(address: Address, dumped: DumpedKind | undefined): Unanswered {
  const ref = Object.values(RESOURCES).find(
    ({ group, resource }) => group === address.group && resource === address.resource,
  );
  const settle = ref && dumpCommand(ref, address);
  return unknown(reasonFor(address, ref, dumped), settle === undefined ? {} : { settle });
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function listed(names: readonly string[], most = 4): string {
  const shown = names.length > most ? names.slice(0, most - 1) : names;
  const left = names.length - shown.length;
  const parts = left > 0 ? [...shown, `${left} more`] : shown;
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

function reasonFor(
  { resource, namespace, name }: Address,
  ref: ResourceRef | undefined,
  dumped: DumpedKind | undefined,
): string {
  const words = ref === undefined ? resource : plural(kindWords(ref.kind));
  if (dumped === undefined || dumped.objects.size === 0) return `the dump holds no ${words}`;
  const namespaces = namespacesOf(dumped);
  const of = `of namespace${namespaces.length === 1 ? '' : 's'} ${listed(namespaces)}`;
  if (ref?.namespaced === false || namespaces.length === 0) {
    return name === undefined
      ? `the dump holds only single ${words}, no list of all`
      : `the dump holds only some ${words}, and ${name} is not among them`;
  }
  if (namespace === undefined) return `the dump holds ${words} ${of} only, not of all namespaces`;
  if (!namespaces.includes(namespace)) return `the dump holds ${words} ${of} only, not of ${namespace}`;
  return name === undefined
    ? `the dump holds only some ${words} of namespace ${namespace}, no list of all`
    : `the dump holds only some ${words} of namespace ${namespace}, and ${name} is not among them`;
}

function rawCommand(path: string, file: string): string {
  return `kubectl get --raw ${shellQuote(path)} > ${shellQuote(file)}`;
}

/** Kinds of which a whole list is asked for, since only that shows that one is missing; the others may be many. */
const AS_LIST: readonly ResourceRef[] = [RESOURCES.serviceaccounts];

/** The command whose output, saved into the folder, answers a question to dumps. */
function dumpCommand(ref: ResourceRef, { namespace, name }: Address): string {
  const { resource, group, kind, namespaced } = ref;
  // Custom resources of other groups may have the same name.
  const type = group.includes('.') && !group.endsWith('.k8s.io') ? `${resource}.${group}` : resource;
  const scope = !namespaced ? '' : namespace === undefined ? ' -A' : ` -n ${shellQuote(namespace)}`;
  const prefix = namespace === undefined ? '' : `${namespace}-`;
  // kubectl prints an empty list without its kind, and then it proves nothing; the API server's own names it.
  if (name === undefined) return rawCommand(pathOf(ref, { namespace }), `${prefix}${resource}.json`);
  if (AS_LIST.includes(ref))
    return `kubectl get ${type}${scope} -o yaml > ${shellQuote(`${prefix}${resource}.yaml`)}`;
  const file = `${prefix}${kind.toLowerCase()}-${name}.yaml`;
  return `kubectl get ${type} ${shellQuote(name)}${scope} -o yaml > ${shellQuote(file)}`;
}
