import type { FieldName } from '../explanation.ts';
import type { FieldCollector } from './literal.ts';

/** Settings that a program printed on its way to the error; they fill what the error itself does not say. */
interface Setting {
  readonly field: FieldName;
  readonly pattern: RegExp;
}

const ID = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{8,12}';

/** The GitHub action azure/login and the az command line say whom they sign in and with which token. */
const LOGIN: readonly Setting[] = [
  { field: 'issuer', pattern: /^\s{0,8}issuer\s{1,4}-\s{1,4}(https?:\/\/\S{1,300})/gm },
  { field: 'subject', pattern: /^\s{0,8}subject claim\s{1,4}-\s{1,4}(\S{1,400})/gm },
  { field: 'audience', pattern: /^\s{0,8}audience(?: claim)?(?:\s{1,4}-|:)\s{1,4}(\S{1,200})/gm },
  { field: 'appId', pattern: new RegExp(`^\\s{0,8}client-id:\\s{1,4}(${ID})`, 'gm') },
  { field: 'tenant', pattern: new RegExp(`^\\s{0,8}tenant-id:\\s{1,4}(${ID})`, 'gm') },
];

/** Variables and annotations as `kubectl describe`, `env` or a manifest print them. */
const ENVIRONMENT: readonly Setting[] = [
  {
    field: 'appId',
    pattern: new RegExp(
      `(?:AZURE_CLIENT_ID|workload\\.identity/client-id)["']?\\s{0,4}[:=]\\s{0,12}["']?(${ID})`,
      'g',
    ),
  },
  {
    field: 'tenant',
    pattern: new RegExp(
      `(?:AZURE_TENANT_ID|workload\\.identity/tenant-id)["']?\\s{0,4}[:=]\\s{0,12}["']?(${ID})`,
      'g',
    ),
  },
];

/**
 * Takes over what the text before an error printed about the same sign-in.
 *
 * Only fields the error left open are filled, each with the nearest value.
 */
export function readPrintedSettings(before: string, into: FieldCollector): void {
  const settings = [
    ...(/azure\/login|Federated token details/i.test(before) ? LOGIN : []),
    ...(/AZURE_(?:CLIENT|TENANT)_ID|workload\.identity\/(?:client|tenant)-id/.test(before)
      ? ENVIRONMENT
      : []),
  ];
  for (const { field, pattern } of settings) {
    if (into.has(field)) continue;
    into.add(field, Array.from(before.matchAll(pattern)).at(-1)?.[1]);
  }
}
