import { valuesOf } from '../aadsts/read/literal.ts';
import type { Fact } from '../fact.ts';
import type { CollectedFacts } from '../collected-facts.ts';
import { isResourceId } from '../sources/azure/resource-id.ts';
import { counts } from './complaints.ts';

/** What a resource refused, as an error tells it. */
export interface RefusedAccess {
  /** Resource id or scope of ARM. */
  readonly resource: string;
  /** `Microsoft.…/write`; null where the error does not name it. */
  readonly action: string | null;
  /** Which permissions of a role count: those to manage the resource, or those on the data inside. */
  readonly plane: 'actions' | 'dataActions';
  /** Object id of who was refused; null where the error does not name it. */
  readonly objectId: string | null;
}

/** Symptoms that name where a role is missing. */
const PLANES: Readonly<Record<string, RefusedAccess['plane']>> = {
  'arm-authorization-failed': 'actions',
  'key-vault-rbac-forbidden': 'dataActions',
};

/** The refusal that the user brought, else one that a container logged; null where none names a resource. */
export function refusedAccess(errors: Fact<CollectedFacts['errors']> | undefined): RefusedAccess | null {
  if (errors?.state !== 'present') return null;
  for (const from of ['user', 'container'] as const) {
    for (const { from: source, error } of errors.value) {
      const plane = PLANES[error.kind ?? ''];
      const { scope, resource, action, objectId } = error.fields;
      const [named = ''] = [...valuesOf(scope), ...valuesOf(resource)].filter((one) => one.startsWith('/'));
      const id = named.replace(/\/$/, '');
      if (source !== from || plane === undefined || !counts(error) || !isResourceId(id)) continue;
      return {
        resource: id,
        action: valuesOf(action)[0] ?? null,
        plane,
        objectId: valuesOf(objectId)[0]?.toLowerCase() ?? null,
      };
    }
  }
  return null;
}
