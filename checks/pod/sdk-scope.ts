import { complaintEvidence, complaintOf, defineCheck, restartCommand, type Check } from '../../src/check.ts';

const SCOPE_REFUSED = [1002012, 70011];

/** An error that is not there proves nothing. */
const UNTOLD = 'no error tells of it';

/** Of a scope with a permission behind it only the resource stays. */
function resourceOf(scope: string): string {
  return scope.replace(/(?<=[^/:])\/[A-Za-z_.]+$/, '').replace(/\/$/, '');
}

const check: Check = defineCheck({
  id: 'pod/sdk-scope',
  title: 'the program asks for a scope, not for a resource',
  link: 'exchange',
  stage: 'role',
  per: 'container',
  restsOn: 'never',
  needs: ['workload', 'container'],
  orAbsent: ['complaints'],
  sources: ['https://learn.microsoft.com/entra/identity-platform/scopes-oidc#the-default-scope'],
  outcomes: {
    resource: {
      status: 'fail',
      code: 'SDK-08',
      title: 'A resource is given instead of a scope',
      says: 'The program in container {container} asks for {scope}, and a workload has to ask for RESOURCE/.default.',
      aadsts: [1002012, 70011],
      fix: [
        {
          command: '{restart}',
          why: 'once the program asks for {wanted}',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
  },
  run({ workload, container, complaints }, say) {
    if (complaints.state === 'absent') return say.skip('no error was brought');
    const { name, wiring } = container;
    if (wiring.state !== 'wired') return say.skip('the container has no token that it could use');
    const complaint = complaintOf(complaints.value, { aadsts: SCOPE_REFUSED }, name);
    if (!complaint) return say.skip(UNTOLD);
    const value = complaint.error.fields.scope;
    const scope = typeof value === 'string' ? value : value?.[0];
    if (scope === undefined) return say.unknown('the error was brought without the scope it is about');
    if (scope.endsWith('/.default')) return say.skip('the scope has the right form');
    return say(
      'resource',
      {
        container: name,
        scope,
        wanted: `${resourceOf(scope)}/.default`,
        restart: restartCommand(workload.controller, workload.object.name),
      },
      { evidence: complaintEvidence(complaint, 'scope') },
    );
  },
});
export default check;
