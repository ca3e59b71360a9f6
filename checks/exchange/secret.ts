import { complaintEvidence, complaintOf, defineCheck, restartCommand, type Check } from '../../src/check.ts';

/** An error that is not there proves nothing. */
const UNTOLD = 'no error tells of it';

const check: Check = defineCheck({
  id: 'exchange/secret',
  title: 'the program presents its token, not a secret',
  link: 'exchange',
  stage: 'values',
  per: 'container',
  restsOn: 'never',
  needs: ['workload', 'container'],
  orAbsent: ['complaints'],
  sources: ['https://github.com/Azure/kubelogin/issues/375'],
  outcomes: {
    secret: {
      status: 'fail',
      code: 'ENT-08',
      title: 'A secret or certificate is sent instead of the token',
      says: 'The program in container {container} presents a client secret or a certificate that Entra refuses, so some setting of it goes before workload identity.',
      aadsts: [7000215, 7000222, 700027, 7000214, 1000502, 7000277],
      explainedBy: ['SDK-02'],
      fix: [
        {
          command: '{restart}',
          why: 'once the secret or certificate is out of its environment and its own configuration',
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
    const complaint = complaintOf(
      complaints.value,
      { aadsts: [7000215, 7000222, 700027, 7000214, 1000502, 7000277] },
      name,
    );
    const words = { container: name, restart: restartCommand(workload.controller, workload.object.name) };
    return complaint ? say('secret', words, { evidence: complaintEvidence(complaint) }) : say.skip(UNTOLD);
  },
});
export default check;
