import { complaintEvidence, complaintOf, defineCheck, execCommand, type Check } from '../../src/check.ts';

/** Refusals of tokens that Entra itself issued. */
const OF_ENTRA = [700222, 700226, 700227, 700229, 700231];

const show = {
  command: '{show}',
  why: 'names the file with the token of the service account; the program has to present what stands in it',
  actor: 'developer',
  restarts: false,
} as const;

/** An error that is not there proves nothing. */
const UNTOLD = 'no error tells of it';

const check: Check = defineCheck({
  id: 'exchange/assertion',
  title: 'the program presents the token of its service account',
  link: 'exchange',
  stage: 'token',
  per: 'container',
  restsOn: 'never',
  needs: ['workload', 'container'],
  orAbsent: ['complaints'],
  orUnknown: ['token'],
  sources: [
    'https://github.com/AzureAD/microsoft-identity-web/issues/2519',
    'https://github.com/Azure/azure-workload-identity/issues/1363',
  ],
  outcomes: {
    ofEntra: {
      status: 'fail',
      code: 'ENT-09',
      title: "A token of Entra is sent instead of the service account's",
      says: 'The program in container {container} presents a token that Entra itself issued, and Entra takes only the one of the service account for this sign-in.',
      aadsts: [700222, 700226, 700227, 700229, 700231],
      fix: [show],
    },
    noToken: {
      status: 'fail',
      code: 'TOK-10',
      title: 'What is sent is not a token',
      says: 'What the program in container {container} presents is no token: its file is empty, holds something else, or the path itself was sent.',
      aadsts: [50027],
      fix: [show],
    },
  },
  run({ workload, container, complaints, token }, say) {
    if (complaints.state === 'absent') return say.skip('no error was brought');
    const { name, wiring } = container;
    if (wiring.state !== 'wired') return say.skip('the container has no token that it could use');
    const words = {
      container: name,
      show: {
        command:
          execCommand(workload, name, 'printenv AZURE_FEDERATED_TOKEN_FILE') ??
          'kubectl exec POD -- printenv AZURE_FEDERATED_TOKEN_FILE',
      },
    };
    const entra = complaintOf(complaints.value, { aadsts: OF_ENTRA }, name);
    if (entra) return say('ofEntra', words, { evidence: complaintEvidence(entra, 'issuer') });
    if (token.state === 'present') return say.skip('the token at hand shows what it is');
    const none = complaintOf(complaints.value, { aadsts: [50027] }, name);
    return none ? say('noToken', words, { evidence: complaintEvidence(none) }) : say.skip(UNTOLD);
  },
});
export default check;
