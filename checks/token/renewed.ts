import { defineCheck, lastSeen, restartCommand, type Check } from '../../src/check.ts';
import type { Fact, FactTypes } from '../../src/facts.ts';

/** When containers that were never restarted began to run: their volumes were mounted by then. Null without any. */
function mountedSince(pod: Fact<FactTypes['pod']>, names: readonly string[]): string | null {
  const { containerStatuses = [] } = (pod.state === 'present' && pod.value.status) || {};
  const since = containerStatuses.flatMap(({ name, restartCount, state }) =>
    names.includes(name) && restartCount === 0 && state?.running?.startedAt ? [state.running.startedAt] : [],
  );
  return since.toSorted()[0] ?? null;
}

const check: Check = defineCheck({
  id: 'token/renewed',
  title: 'the kubelet can renew the token',
  link: 'token',
  stage: 'token',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload', 'events'],
  orUnknown: ['pod'],
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
  run({ workload, events, pod }, say) {
    const { object, controller, containers } = workload;
    const wired = containers.filter(({ wiring }) => wiring.state === 'wired');
    const volumes = wired.flatMap(({ wiring }) => (wiring.state === 'wired' ? [wiring.volume] : []));
    if (volumes.length === 0) return say.skip('no container has a token');
    const since = mountedSince(
      pod,
      wired.map(({ name }) => name),
    );
    const event = events.find((candidate) => {
      const { reason, message = '' } = candidate;
      const at = lastSeen(candidate);
      // Before it ran, the container waited for its first token, and has got it.
      const healed = since !== null && at !== '' && at < since;
      return (
        !healed &&
        reason === 'FailedMount' &&
        /failed to fetch token/i.test(message) &&
        volumes.some((volume) => message.includes(`"${volume}"`))
      );
    });
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
