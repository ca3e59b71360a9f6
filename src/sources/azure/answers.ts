/** What came of asking Azure: it is there, it is not there, or we could not look. */
export type AzureAnswer<T> =
  | { readonly kind: 'ok'; readonly body: T }
  /** Azure itself says that this very object does not exist. */
  | { readonly kind: 'absent' }
  | AzureUnknown;

export interface AzureUnknown {
  readonly kind: 'unknown';
  /** One clause without a full stop. */
  readonly reason: string;
  /** HTTP status, if there was one. */
  readonly status: number | null;
  /** True when signing in (again, or to another tenant) is what helps. */
  readonly login: boolean;
}

/** JSON objects of ARM and Graph, of which nothing is taken for granted. */
export type Json = Readonly<Record<string, unknown>>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member that is text; undefined for anything else. */
export function textOf(value: unknown, name: string): string | undefined {
  const found = isJson(value) ? value[name] : undefined;
  return typeof found === 'string' ? found : undefined;
}

/** A member that is an object; empty for anything else. */
export function objectOf(value: unknown, name: string): Json {
  const found = isJson(value) ? value[name] : undefined;
  return isJson(found) ? found : {};
}

/** What a request needs, and how a person says it: Azure's own refusal is not passed on. */
export interface Right {
  /** `Microsoft.…/read`, or a permission of Microsoft Graph. */
  readonly name: string;
  /** Resource id that it is needed on; null for Graph, whose permissions are for the whole tenant. */
  readonly scope: string | null;
}

/** The right as a reader can ask for it. */
export function rightWords({ name, scope }: Right): string {
  return scope === null
    ? `the permission ${name} of Microsoft Graph`
    : `the right ${name} on ${scope === '' ? '/' : scope}`;
}
