import {
  blank,
  complaintEvidence,
  complaintOf,
  defineCheck,
  type Check,
  type Word,
} from '../../src/check.ts';

const ROLE_MISSING = ['arm-authorization-failed', 'key-vault-rbac-forbidden', 'storage-permission-mismatch'];
const CLOSED = ['key-vault-access-denied', 'storage-authorization-failure'];

const assign = {
  command:
    'az role assignment create --assignee-object-id {principalId} --assignee-principal-type ServicePrincipal --role {role} --scope {scope}',
  why: 'lets the identity do its work there; pick the role that the program needs',
  actor: 'Azure admin',
  restarts: false,
} as const;

function first(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}

/** An error that is not there proves nothing. */
const UNTOLD = 'no error tells of it';

const check: Check = defineCheck({
  id: 'exchange/resource',
  title: 'the resource lets the identity in',
  link: 'exchange',
  stage: 'role',
  per: 'signIn',
  restsOn: 'never',
  needs: ['signIn'],
  orAbsent: ['complaints'],
  orUnknown: ['roleAssignments', 'identity'],
  sources: [
    'https://learn.microsoft.com/azure/role-based-access-control/troubleshooting',
    'https://learn.microsoft.com/azure/key-vault/general/rest-error-codes',
  ],
  outcomes: {
    roleMissing: {
      status: 'fail',
      code: 'RBAC-01',
      title: 'A role on the resource is missing',
      says: 'The resource refuses client {clientId}{action} (403): its identity has no role for that, and nothing is wrong with workload identity.',
      fix: [assign],
    },
    otherPrincipal: {
      status: 'fail',
      code: 'RBAC-03',
      title: 'The program signs in as another identity',
      says: 'The resource refuses principal {caller}{action} (403), while this pod signs in as {principalId}: the program uses another identity than the pod has.',
      fix: [
        {
          command: 'az ad sp show --id {caller} --query displayName -o tsv',
          why: 'names the identity that the program really uses',
          actor: 'Azure admin',
          restarts: false,
        },
        assign,
      ],
    },
    closed: {
      status: 'fail',
      code: 'RBAC-04',
      title: 'The resource itself is closed to the identity',
      says: 'An access policy or the firewall of the resource refuses client {clientId} (403); nothing is wrong with workload identity.',
      fix: [
        {
          command: 'az resource show --ids {scope} --query properties -o json',
          why: "shows networkAcls, publicNetworkAccess and accessPolicies: the pod's way out and the identity have to be among those let in",
          actor: 'Azure admin',
          restarts: false,
        },
      ],
    },
  },
  run({ signIn, complaints, roleAssignments, identity }, say) {
    if (complaints.state === 'absent') return say.skip('no error was brought');
    const container = signIn.containers.length === 1 ? (signIn.containers[0] ?? null) : null;
    const role = complaintOf(complaints.value, { kinds: ROLE_MISSING }, container);
    const complaint = role ?? complaintOf(complaints.value, { kinds: CLOSED }, container);
    const clientId = signIn.clientId.state === 'known' ? signIn.clientId.value : 'of the pod';
    if (!complaint) return say.skip(UNTOLD);
    const { action, scope, resource, objectId } = complaint.error.fields;
    const own = identity.state === 'present' ? identity.value.principalId : null;
    const caller = first(objectId);
    const other =
      complaint === role &&
      own !== null &&
      caller !== undefined &&
      caller.toLowerCase() !== own.toLowerCase();
    // The roles of the pod's own identity say nothing about who was refused, if that was somebody else.
    if (roleAssignments.state === 'present' && !other) return say.skip('the roles themselves were looked at');
    const words: Record<'clientId' | 'action' | 'caller' | 'principalId' | 'role' | 'scope', Word> = {
      clientId,
      action: action === undefined ? '' : ` for ${first(action) ?? ''}`,
      caller: caller ?? '',
      principalId: own ?? caller ?? blank('principal id'),
      role: blank('role'),
      scope: first(scope) ?? first(resource) ?? blank('resource id'),
    };
    const options = { evidence: complaintEvidence(complaint, action === undefined ? undefined : 'action') };
    if (complaint !== role) return say('closed', words, options);
    return say(other ? 'otherPrincipal' : 'roleMissing', words, options);
  },
});
export default check;
