import { defineCheck, patchTemplateCommand, restartCommand, type Check } from '../../src/check.ts';

const ANNOTATION = 'azure.workload.identity/skip-containers';

const check: Check = defineCheck({
  id: 'pod/left-out',
  title: 'the container that needs the token is not left out by the webhook',
  link: 'webhook',
  stage: 'injection',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload', 'options'],
  sources: [
    'https://github.com/Azure/azure-workload-identity/blob/v1.6.0/pkg/webhook/webhook.go',
    'https://github.com/Azure/azure-workload-identity/issues/787',
  ],
  outcomes: {
    included: { status: 'pass', says: 'No container that needs the token is left out.' },
    skipped: {
      status: 'fail',
      code: 'POD-04',
      title: 'The container is left out on purpose',
      says: 'Container {container} is named in annotation skip-containers ({list}), so the webhook gives it neither variables nor token.',
      whatIf: 'With {container} off the list',
      fix: [
        {
          command: '{mend}',
          why: 'takes {container} off the list',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
    debugShell: {
      status: 'fail',
      code: 'POD-22',
      title: 'A debug container gets no token',
      says: 'Container {container} is an ephemeral debug container, and the webhook never gives those variables or a token.',
      fix: [
        {
          command: 'kubectl exec -it {pod} -n {namespace} -c {other} -- sh',
          why: 'opens a shell in a container that has both',
          actor: 'developer',
          restarts: false,
        },
      ],
    },
    debugShellNoted: {
      status: 'info',
      code: 'POD-22',
      title: 'A debug container gets no token',
      says: 'Debug container {container} has neither variables nor token, as always, so a test from it says nothing about the pod.',
    },
    addedLater: {
      status: 'fail',
      code: 'POD-26',
      title: 'The container came after the webhook',
      says: 'Container {container} is not in the manifest of {controller}: another webhook added it after the workload identity webhook had run, so it has no token.',
      fix: [
        {
          command:
            'kubectl get mutatingwebhookconfigurations -o custom-columns=NAME:.metadata.name,POLICY:.webhooks[*].reinvocationPolicy',
          why: 'shows which webhook adds the container, and whether the workload identity webhook is asked again (IfNeeded)',
          actor: 'cluster admin',
          restarts: false,
        },
        {
          command: '{restart}',
          why: 'has new pods pass through all webhooks again',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
    missed: {
      status: 'fail',
      code: 'POD-26',
      title: 'The webhook has missed the container',
      says: 'Container {container} has neither variables nor token, although the webhook has been at work in this pod.',
      fix: [
        {
          command: '{restart}',
          why: 'has new pods pass through all webhooks again, with the annotations they have now',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
    addedLaterNoted: {
      status: 'info',
      code: 'POD-26',
      title: 'The container came after the webhook',
      says: 'Container {container} was added by another webhook and has no token, which only matters if it signs in to Azure.',
    },
  },
  run({ workload, options }, say) {
    const { containers, judged, annotations, controller, object } = workload;
    const wired = containers.find(({ wiring }) => wiring.state === 'wired');
    const words = {
      list: annotations[ANNOTATION] ?? '',
      controller: `${controller.kind} ${controller.name}`,
      restart: restartCommand(controller, object.name),
      pod: object.name,
      namespace: object.namespace,
      other: wired?.name ?? { command: 'CONTAINER' },
    };
    const about = (container: string) => ({ kind: object.kind, name: object.name, container });
    const everyOneSkipped = judged.every(({ skipped }) => skipped);
    // Judged although unwired: asked for by name, or nobody else has the token either.
    for (const { name, wiring, type, skipped, addedByAdmission } of judged) {
      if (wiring.state !== 'unwired') continue;
      const place = { about: about(name) };
      if (type === 'ephemeral') return say('debugShell', { ...words, container: name }, place);
      if (skipped && (options.container === name || everyOneSkipped)) {
        const rest = words.list
          .split(';')
          .map((part) => part.trim())
          .filter((part) => part !== name && part !== '');
        const patch = { [ANNOTATION]: rest.length === 0 ? null : rest.join(';') };
        return say(
          'skipped',
          {
            ...words,
            container: name,
            mend: patchTemplateCommand(controller, { metadata: { annotations: patch } }),
          },
          {
            ...place,
            change: { template: { annotations: patch } },
            evidence: [
              { fact: 'workload', path: `metadata.annotations[${ANNOTATION}]`, observed: words.list },
            ],
          },
        );
      }
      if (addedByAdmission && options.container === name)
        return say('addedLater', { ...words, container: name }, place);
    }
    const [first] = judged;
    if (workload.injected && first?.wiring.state === 'unwired')
      return say('missed', { ...words, container: first.name }, { about: about(first.name) });
    if (options.container || !wired) return say('included', words);
    const shell = containers.find(({ type, wiring }) => type === 'ephemeral' && wiring.state === 'unwired');
    if (shell) return say('debugShellNoted', { container: shell.name }, { about: about(shell.name) });
    const late = containers.find(
      ({ addedByAdmission, knownSidecar, skipped, type, wiring }) =>
        addedByAdmission && !knownSidecar && !skipped && type !== 'ephemeral' && wiring.state === 'unwired',
    );
    if (late) return say('addedLaterNoted', { container: late.name }, { about: about(late.name) });
    return say('included', words);
  },
});
export default check;
