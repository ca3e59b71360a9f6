import {
  complaintEvidence,
  complaintOf,
  defineCheck,
  unsetEnvCommand,
  type Check,
  type Evidence,
} from '../../src/check.ts';

/** Sets of variables of which each makes EnvironmentCredential work, beside client id and tenant id. */
const SETS = [
  ['AZURE_CLIENT_SECRET'],
  ['AZURE_CLIENT_CERTIFICATE_PATH'],
  ['AZURE_USERNAME', 'AZURE_PASSWORD'],
] as const;

/** What Entra answers to a secret or certificate that is wrong or has expired. */
const REFUSED = [7000215, 7000222, 700027, 7000214, 1000502, 7000277] as const;

const unset = {
  command: '{unset}',
  why: 'leaves workload identity as the only way to sign in',
  actor: 'developer',
  restarts: true,
} as const;

const check: Check = defineCheck({
  id: 'pod/other-credentials',
  title: 'no other credential in the container goes before workload identity',
  link: 'pod',
  stage: 'values',
  per: 'container',
  restsOn: 'never',
  needs: ['workload', 'container'],
  orUnknown: ['complaints'],
  sources: ['https://learn.microsoft.com/dotnet/azure/sdk/authentication/credential-chains'],
  outcomes: {
    none: { status: 'pass', says: 'Container {container} has no secret, certificate or password for Azure.' },
    secretFirst: {
      status: 'warn',
      code: 'SDK-02',
      title: 'A secret goes before workload identity',
      says: 'Container {container} also has {variables}, which DefaultAzureCredential tries before workload identity.',
      aadsts: [7000215, 7000222, 700027, 7000218],
      fix: [unset],
    },
    secretRefused: {
      status: 'fail',
      code: 'SDK-02',
      title: 'A secret goes before workload identity',
      says: 'Container {container} also has {variables}, which DefaultAzureCredential tries before workload identity, and Entra refuses such a secret or certificate ({code}).',
      aadsts: REFUSED,
      fix: [unset],
    },
  },
  run({ workload, container, complaints }, say) {
    const { name, wiring, env, spec } = container;
    if (wiring.state !== 'wired') return say.skip('the container has no token');
    // A bulk source that might hold a secret is no sign of one; an entry of its own is, wherever its value is.
    const isSet = (variable: string): boolean => {
      const entry = spec.env?.some((one) => one.name === variable) ?? false;
      const view = env(variable);
      return entry && !(view.state === 'value' && view.value === '');
    };
    const choice = env('AZURE_TOKEN_CREDENTIALS');
    const settled = choice.state === 'value' && choice.value.toLowerCase() === 'workloadidentitycredential';
    const found = SETS.filter((set) => set.every(isSet)).flat();
    const hidden = SETS.flat()
      .map((variable) => env(variable))
      .find((view) => view.state === 'hidden');
    if (settled || (found.length === 0 && hidden === undefined)) return say('none', { container: name });
    // Such a source is common, and what is in it is nobody's business here.
    if (found.length === 0)
      return say.unseeable(`a secret of container ${name}, if any: ${hidden?.reason ?? ''}`);
    const words = {
      container: name,
      variables: found.join(' and '),
      unset: unsetEnvCommand(workload.controller, name, ...found),
    };
    const evidence = found.map((variable): Evidence => ({
      fact: 'container',
      path: `spec.containers[${name}].env.${variable}`,
      observed: '(set)',
      expected: '(not set)',
    }));
    const told =
      complaints.state === 'present' ? complaintOf(complaints.value, { aadsts: REFUSED }, name) : undefined;
    if (!told) return say('secretFirst', words, { evidence });
    const code = `AADSTS${told.error.code}`;
    return say('secretRefused', { ...words, code }, { evidence: [...evidence, ...complaintEvidence(told)] });
  },
});
export default check;
