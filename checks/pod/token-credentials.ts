import { defineCheck, tokenProxyOf, unsetEnvCommand, type Check } from '../../src/check.ts';

const VARIABLE = 'AZURE_TOKEN_CREDENTIALS';
const ALLOWS: ReadonlySet<string> = new Set(['', 'prod', 'workloadidentitycredential']);

const check: Check = defineCheck({
  id: 'pod/token-credentials',
  title: 'AZURE_TOKEN_CREDENTIALS does not leave out workload identity',
  link: 'pod',
  stage: 'values',
  per: 'container',
  restsOn: 'never',
  needs: ['workload', 'container'],
  sources: ['https://learn.microsoft.com/dotnet/azure/sdk/authentication/credential-chains'],
  outcomes: {
    allowed: { status: 'pass', says: 'Nothing keeps DefaultAzureCredential from using workload identity.' },
    leftOut: {
      status: 'warn',
      code: 'SDK-07',
      title: 'AZURE_TOKEN_CREDENTIALS leaves out workload identity',
      says: 'Container {container} sets AZURE_TOKEN_CREDENTIALS to {value}, so DefaultAzureCredential leaves out workload identity; prod or WorkloadIdentityCredential keeps it.',
      fix: [
        {
          command: '{unset}',
          why: 'lets DefaultAzureCredential try workload identity again',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
  },
  run({ workload, container }, say) {
    const { name, wiring, env } = container;
    if (wiring.state !== 'wired') return say.skip('the container has no token');
    const view = env(VARIABLE);
    if (view.state === 'hidden') return say.unseeable(`${VARIABLE} of container ${name}: ${view.reason}`);
    const value = view.state === 'value' ? view.value : '';
    const choice = value.trim().toLowerCase();
    // The proxy sidecar turns calls for managed identity tokens into token exchanges.
    const proxied = choice === 'managedidentitycredential' && tokenProxyOf(workload) !== null;
    if (ALLOWS.has(choice) || proxied) return say('allowed', {});
    return say(
      'leftOut',
      { container: name, value, unset: unsetEnvCommand(workload.controller, name, VARIABLE) },
      {
        evidence: [
          {
            fact: 'container',
            path: `spec.containers[${name}].env.${VARIABLE}`,
            observed: value,
            expected: 'prod',
            labels: { observed: 'env', expected: 'wanted' },
          },
        ],
      },
    );
  },
});
export default check;
