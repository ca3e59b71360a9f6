import { defineCheck, restartCommand, type Check } from '../../src/check.ts';

const check: Check = defineCheck({
  id: 'token/renewed',
  title: 'the kubelet can renew the token',
  link: 'token',
  stage: 'token',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload', 'events'],
  sources: ['https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/token/token_manager.go'],
  outcomes: {
    renewed: { status: 'pass', says: 'No event says that the kubelet could not fetch a token.' },
    notRenewed: {
      status: 'fail',
      code: 'TOK-07',
      title: 'The token is not renewed',
      says: 'The kubelet cannot renew the token: {message}.',
      aadsts: [700024],
      explainedBy: ['SA-12'],
      fix: [
        {
          command:
            'kubectl get events -n {namespace} --field-selector involvedObject.name={pod},reason=FailedMount',
          why: 'shows why: the service account is missing, or the node does not reach the API server',
          actor: 'developer',
          restarts: false,
        },
        {
          command: '{restart}',
          why: 'once that is mended, starts the pod with a fresh token',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
  },
  run({ workload, events }, say) {
    const { object, controller, containers } = workload;
    const volumes = containers.flatMap(({ wiring }) => (wiring.state === 'wired' ? [wiring.volume] : []));
    if (volumes.length === 0) return say.skip('no container has a token');
    const event = events.find(
      ({ reason, message = '' }) =>
        reason === 'FailedMount' &&
        /failed to fetch token/i.test(message) &&
        volumes.some((volume) => message.includes(`"${volume}"`)),
    );
    if (!event) return say('renewed', {});
    const message = event.message ?? '';
    return say(
      'notRenewed',
      {
        // The kubelet's own frame around the cause says nothing more.
        message: message.replace(/^.*failed to fetch token:?\s*/i, '').replace(/\.$/, '') || message,
        namespace: object.namespace,
        pod: object.name,
        restart: restartCommand(controller, object.name),
      },
      { evidence: [{ fact: 'events', path: 'message', observed: message }] },
    );
  },
});
export default check;
