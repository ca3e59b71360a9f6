import {
  blank,
  defineCheck,
  durationWords,
  epochSeconds,
  PROPAGATION,
  type Check,
  type Evidence,
} from '../../src/check.ts';

const assign = {
  id: 'assign',
  command:
    'az role assignment create --assignee-object-id {principalId} --assignee-principal-type ServicePrincipal --role {role} --scope {resource}',
  why: 'lets the identity do its work there; pick the role that the program needs',
  actor: 'Azure admin',
  restarts: false,
} as const;

/** The usual role for the data in a resource of this kind; the reader knows better. */
function usualRole(resource: string): string | undefined {
  const roles: readonly (readonly [RegExp, string])[] = [
    [/Microsoft\.KeyVault\/vaults/i, 'Key Vault Secrets User'],
    [/Microsoft\.Storage\/storageAccounts/i, 'Storage Blob Data Reader'],
    [/Microsoft\.ServiceBus\/namespaces/i, 'Azure Service Bus Data Receiver'],
    [/Microsoft\.EventHub\/namespaces/i, 'Azure Event Hubs Data Receiver'],
  ];
  return roles.find(([type]) => type.test(resource))?.[1];
}

const HOLDS_DATA =
  /Microsoft\.(KeyVault\/vaults|Storage\/storageAccounts|ServiceBus\/namespaces|EventHub\/namespaces)/i;

const check: Check = defineCheck({
  id: 'identity/roles',
  title: 'the identity has a role on the resource that the pod must reach',
  link: 'exchange',
  stage: 'role',
  per: 'signIn',
  restsOn: 'never',
  needs: ['roleAssignments', 'signIn', 'identity', 'clients', 'now'],
  sources: [
    'https://learn.microsoft.com/azure/role-based-access-control/troubleshooting',
    'https://learn.microsoft.com/azure/key-vault/general/rbac-guide',
  ],
  outcomes: {
    granted: { status: 'pass', says: 'Identity {identity} holds {roles} on {name}.' },
    none: {
      status: 'fail',
      code: 'RBAC-01',
      title: 'There is no role assignment on {name}',
      says: 'Identity {identity} has no role on {name}, so its token is good and {name} still refuses it (403).',
      fix: [assign],
    },
    notAllowed: {
      status: 'fail',
      code: 'RBAC-01',
      title: 'The role on {name} does not allow the action',
      says: 'Identity {identity} holds {roles} on {name}, which does not allow {action}.',
      fix: [assign],
    },
    controlPlane: {
      status: 'warn',
      code: 'RBAC-01',
      title: 'The role does not cover the data in {name}',
      says: 'Identity {identity} holds {roles} on {name}, which manages it but does not let it at the data inside.',
      fix: [assign],
    },
    young: {
      status: 'warn',
      code: 'RBAC-02',
      title: 'The role on {name} is only {age} old',
      says: 'Identity {identity} was given {roles} on {name} only {age} ago; it may be refused (403) for some minutes more.',
      fix: [
        {
          command: 'sleep 300',
          why: 'then try again; nothing has to be changed',
          actor: 'developer',
          restarts: false,
        },
      ],
    },
    otherPrincipal: {
      status: 'fail',
      code: 'RBAC-03',
      title: 'The role on {name} is held by {other}',
      says: 'The role on {name} ({roles}) was given to {other}, but the pod signs in as {identity}, which has none there.',
      explainedBy: ['POD-07', 'SA-11', 'FIC-10'],
      fix: [assign],
    },
    vaultPolicy: {
      status: 'fail',
      code: 'RBAC-04',
      title: 'The access policies of {name} leave out {identity}',
      says: 'Key vault {name} goes by access policies, and none of them names identity {identity}; role assignments do not count there.',
      fix: [
        {
          command:
            'az keyvault set-policy --name {name} --object-id {principalId} --secret-permissions get list',
          why: 'adds the identity to the access policies; pick the permissions that the program needs',
          actor: 'Azure admin',
          restarts: false,
        },
      ],
    },
    firewall: {
      status: 'info',
      code: 'RBAC-04',
      title: 'A firewall or private endpoint guards {name}',
      says: 'Key vault {name} does not answer everybody: its firewall or private endpoint decides whether the pod gets through.',
    },
  },
  run({ signIn, roleAssignments, identity, clients, now }, say) {
    const { resource, action, assignments, askedFor, vault } = roleAssignments;
    const clientId = signIn.clientId.state === 'known' ? signIn.clientId.value : '';
    const principalId = identity.principalId?.toLowerCase() ?? null;
    if (principalId === null || !askedFor.includes(clientId))
      return say.unknown('the object id of the identity is not known, so its roles were not looked up');
    const held = assignments.filter(({ heldBy }) => heldBy.includes(clientId));
    const listed = (ones: typeof held): string => [...new Set(ones.map(({ role }) => role))].join(', ');
    const name = /\/vaults\/(.+)$/i.exec(resource)?.[1] ?? resource.split('/').at(-1) ?? resource;
    const words = {
      identity: identity.name ?? clientId,
      name,
      roles: listed(held),
      resource,
      principalId,
      role: usualRole(resource) ?? blank('role'),
    };
    const about = { kind: 'Resource', name };
    const evidence = (observed: string, expected: string): readonly Evidence[] => [
      {
        fact: 'roleAssignments',
        path: 'properties.principalId',
        observed,
        expected,
        labels: { observed: 'resource', expected: 'pod' },
      },
    ];
    if (vault && !vault.rbac) {
      if (!vault.policyPrincipals.includes(principalId))
        return say('vaultPolicy', words, {
          about,
          evidence: evidence(vault.policyPrincipals.join(', ') || 'no policy', principalId),
        });
      return vault.openToAll
        ? say('granted', { ...words, roles: 'an access policy' })
        : say('firewall', words, { about });
    }
    if (held.length === 0) {
      const others = new Map(
        [...clients].flatMap(([id, { identity: other }]) =>
          other.state === 'present' && id !== clientId && other.value.principalId !== null
            ? [[other.value.principalId.toLowerCase(), other.value.name ?? id] as const]
            : [],
        ),
      );
      const misplaced = assignments.filter((one) => others.has(one.principalId));
      const [first] = misplaced;
      if (!first) return say('none', words, { about, evidence: evidence('no assignment', principalId) });
      const other = others.get(first.principalId) ?? first.principalId;
      return say(
        'otherPrincipal',
        { ...words, roles: listed(misplaced), other },
        { about, evidence: evidence(first.principalId, principalId) },
      );
    }
    if (action !== undefined && held.every(({ allows }) => allows === false))
      return say(
        'notAllowed',
        // The usual role may be the very one that does not do.
        { ...words, action, role: blank('role') },
        { about, evidence: evidence(words.roles, `a role that allows ${action}`) },
      );
    const ages = held.map(({ created }) => epochSeconds(now) - epochSeconds(created ?? ''));
    const oldest = Math.max(...ages);
    if (oldest < PROPAGATION)
      return say('young', { ...words, age: durationWords(Math.max(oldest, 0)) }, { about });
    if (HOLDS_DATA.test(resource) && held.every(({ dataActions }) => dataActions === false))
      return say('controlPlane', words, {
        about,
        evidence: evidence(words.roles, usualRole(resource) ?? 'a role for the data'),
      });
    if (vault && !vault.openToAll) return say('firewall', words, { about });
    return say('granted', words);
  },
});
export default check;
