import { absent, present, unknown, type Fact } from '../../fact.ts';
import type { ResourceAccess, RoleAssignment, VaultAccess } from '../../collected-facts.ts';
import type { RefusedAccess } from '../../derive/refused-access.ts';
import { objectOf, textOf, type Json, type Right } from './answers.ts';
import type { AzureClient } from './request.ts';

const VERSION = 'api-version=2022-04-01';
const AUTHORIZATION = 'Microsoft.Authorization';
/** Role definitions that are read for their names; the rest stay nameless. */
const MOST_ROLES = 25;
const VAULT = /^.*\/providers\/Microsoft\.KeyVault\/vaults\/[^/]+/i;

/** Somebody whose roles are asked for: a client id and the object id of its service principal. */
export interface Assignee {
  readonly clientId: string;
  readonly principalId: string;
}

/** What is asked about the roles on a resource. */
export interface AccessQuestion {
  readonly resource: string;
  /** The action that was refused there, and which permissions of a role count for it; null where none is known. */
  readonly refused: { readonly action: string; readonly plane: RefusedAccess['plane'] } | null;
  readonly assignees: readonly Assignee[];
}

interface Role {
  readonly name: string;
  readonly dataActions: boolean | null;
  readonly permissions: readonly Json[];
}

function assignmentsPath(resource: string, filter: string): string {
  const query = new URLSearchParams({ $filter: filter });
  return `${encodeURI(resource)}/providers/${AUTHORIZATION}/roleAssignments?${VERSION}&${query.toString()}`;
}

function roleOf(definition: Json): Role {
  const properties = objectOf(definition, 'properties');
  const { permissions } = properties;
  const granted = Array.isArray(permissions) ? (permissions as Json[]) : [];
  return {
    name: textOf(properties, 'roleName') ?? '',
    dataActions: granted.some(({ dataActions }) => Array.isArray(dataActions) && dataActions.length > 0),
    permissions: granted,
  };
}

/** Whether one of a role's patterns, which may have stars in them, means an action. */
function matches(patterns: unknown, action: string): boolean {
  return (
    Array.isArray(patterns) &&
    patterns.some((pattern) => {
      const parts = String(pattern)
        .split('*')
        .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
      return new RegExp(`^${parts.join('.*')}$`, 'i').test(action);
    })
  );
}

function allows({ permissions }: Role, { action, plane }: NonNullable<AccessQuestion['refused']>): boolean {
  const except = plane === 'actions' ? 'notActions' : 'notDataActions';
  return permissions.some(
    (permission) => matches(permission[plane], action) && !matches(permission[except], action),
  );
}

async function readRoles(client: AzureClient, ids: readonly string[]): Promise<Map<string, Role>> {
  const right: Right = { name: `${AUTHORIZATION}/roleDefinitions/read`, scope: '/' };
  const read = await Promise.all(
    ids.slice(0, MOST_ROLES).map(async (id) => {
      const answer = await client.get('arm', `${encodeURI(id)}?${VERSION}`, right);
      return answer.kind === 'ok' ? ([[id, roleOf(answer.body)]] as const) : [];
    }),
  );
  return new Map(read.flat());
}

async function readVault(client: AzureClient, resource: string): Promise<VaultAccess | null> {
  const [vault] = VAULT.exec(resource) ?? [];
  if (vault === undefined) return null;
  const right: Right = { name: 'Microsoft.KeyVault/vaults/read', scope: vault };
  const answer = await client.get('arm', `${encodeURI(vault)}?api-version=2023-07-01`, right);
  if (answer.kind !== 'ok') return null;
  const properties = objectOf(answer.body, 'properties');
  const { accessPolicies } = properties;
  const policies = Array.isArray(accessPolicies) ? (accessPolicies as Json[]) : [];
  return {
    rbac: properties['enableRbacAuthorization'] === true,
    policyPrincipals: policies.flatMap((policy) => textOf(policy, 'objectId')?.toLowerCase() ?? []),
    openToAll:
      !/^disabled$/i.test(textOf(properties, 'publicNetworkAccess') ?? '') &&
      !/^deny$/i.test(textOf(objectOf(properties, 'networkAcls'), 'defaultAction') ?? ''),
  };
}

/**
 * Who holds which role at or above a resource, directly or through a group.
 *
 * Rights: `Microsoft.Authorization/roleAssignments/read` on the resource, `…/roleDefinitions/read`, and for a key
 * vault `Microsoft.KeyVault/vaults/read`. Role names and the vault are left out where those are missing.
 *
 * @param question `assignees`: the service principals whose roles are asked for.
 */
export async function readAccess(
  client: AzureClient,
  { resource, refused, assignees }: AccessQuestion,
): Promise<Fact<ResourceAccess>> {
  if (assignees.length === 0)
    return unknown('the object id of no identity is known, so its roles cannot be looked up');
  const right: Right = { name: `${AUTHORIZATION}/roleAssignments/read`, scope: resource };
  const [all, vault, ...own] = await Promise.all([
    client.list('arm', assignmentsPath(resource, 'atScope()'), right),
    readVault(client, resource),
    ...assignees.map(async ({ clientId, principalId }) => ({
      clientId,
      list: await client.list(
        'arm',
        assignmentsPath(resource, `atScope() and assignedTo('${principalId}')`),
        right,
      ),
    })),
  ]);
  if (all.kind === 'unknown') return unknown(all.reason);
  if (all.kind === 'absent') return absent(`azure: ${resource}`);
  const holders = new Map<string, string[]>();
  for (const { clientId, list } of own) {
    if (list.kind !== 'ok')
      return unknown(list.kind === 'unknown' ? list.reason : `${resource} was not found`);
    for (const item of list.body.items) {
      const id = (textOf(item, 'id') ?? '').toLowerCase();
      holders.set(id, [...(holders.get(id) ?? []), clientId]);
    }
  }
  const definitionIds = all.body.items.map(
    (item) => textOf(objectOf(item, 'properties'), 'roleDefinitionId') ?? '',
  );
  const roles = await readRoles(
    client,
    [...new Set(definitionIds)].filter((id) => id !== ''),
  );
  const assignments = all.body.items.map((item): RoleAssignment => {
    const properties = objectOf(item, 'properties');
    const definition = textOf(properties, 'roleDefinitionId') ?? '';
    const role = roles.get(definition);
    return {
      role: role?.name || (definition.split('/').at(-1) ?? ''),
      scope: textOf(properties, 'scope') ?? '',
      principalId: (textOf(properties, 'principalId') ?? '').toLowerCase(),
      principalType: textOf(properties, 'principalType') ?? null,
      created: textOf(properties, 'createdOn') ?? null,
      dataActions: role?.dataActions ?? null,
      ...(role && refused ? { allows: allows(role, refused) } : {}),
      heldBy: holders.get((textOf(item, 'id') ?? '').toLowerCase()) ?? [],
    };
  });
  const askedFor = assignees.map(({ clientId }) => clientId);
  const action = refused === null ? {} : { action: refused.action };
  return present(
    { resource, ...action, assignments, askedFor, vault },
    `azure: role assignments on ${resource}`,
  );
}
