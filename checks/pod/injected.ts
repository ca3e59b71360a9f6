import {
  defineCheck,
  patchTemplateCommand,
  restartCommand,
  setAside,
  showsInjection,
  twinEvidence,
  USE_LABEL,
  type Check,
} from '../../src/check.ts';
import type { Fact, FactTypes } from '../../src/facts.ts';

/** A younger pod of the same controller that got its token: proof that only a new pod is missing. */
function injectedSibling(
  workload: FactTypes['workload'],
  siblings: Fact<FactTypes['siblings']>,
): string | null {
  if (siblings.state !== 'present') return null;
  const owner = workload.metadata.ownerReferences?.[0]?.uid;
  const sibling = siblings.value.find(
    (pod) =>
      owner !== undefined &&
      pod.metadata?.ownerReferences?.some(({ uid }) => uid === owner) &&
      (pod.metadata?.creationTimestamp ?? '') > (workload.created ?? '') &&
      showsInjection(pod),
  );
  return sibling?.metadata?.name ?? null;
}

function isOlder(created: string | null, than: string | null): boolean {
  return created !== null && than !== null && created < than;
}

/** What would refuse the new pod, too; mended, a restart is all that is left to do. */
const explainedBy = [
  'WH-01',
  'WH-02',
  'WH-03',
  'WH-04',
  'WH-11',
  'WH-12',
  'WH-14',
  'SA-13',
  'POD-13',
  'POD-23',
  'CL-08',
] as const;

const check: Check = defineCheck({
  id: 'pod/injected',
  title: 'the webhook gave the pod its token',
  link: 'pod',
  stage: 'injection',
  per: 'workload',
  restsOn: 'unwired',
  needs: ['workload', 'injection'],
  orUnknown: ['webhook', 'siblings', 'accountPods'],
  sources: [
    'https://azure.github.io/azure-workload-identity/docs/installation/mutating-admission-webhook.html',
  ],
  outcomes: {
    injected: { status: 'pass', says: 'Pod {name} was injected by the webhook.' },
    older: {
      status: 'fail',
      code: 'POD-03',
      title: 'The pod missed the webhook',
      says: 'Pod {name} has no token, because {because}.',
      explainedBy,
      whatIf: 'In a new pod',
      fix: [
        {
          command: '{restart}',
          why: 'makes new pods, which the webhook sees',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
    labelledLater: {
      status: 'fail',
      code: 'POD-03',
      title: 'The label is younger than the pod',
      says: 'Pod {name} got its label after it was created, too late for the webhook, and the template of {controller} lacks it.',
      explainedBy: ['CL-08'],
      whatIf: 'With the label in the template',
      fix: [
        {
          command: '{patch}',
          why: 'puts the label into the pod template, which makes new pods',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
  },
  run({ workload, injection, webhook, siblings, accountPods }, say) {
    const { now, obstacles, templateLabels } = injection;
    const { labels, controller, created, object } = workload;
    const words = { name: object.name, restart: restartCommand(controller, object.name) };
    if (now === 'injected') return say('injected', words);
    const aside = setAside(injection);
    if (aside !== null) return say.skip(aside);
    if (now === 'pending') return say.skip('a template is not injected; its pods are');
    const [first] = obstacles;
    const sibling = injectedSibling(workload, siblings);
    if (first?.kind === 'webhook-unknown' || first?.kind === 'namespace-unknown') {
      if (sibling === null)
        return say.unknown(`${first.reason}, so why the pod was not injected is open`, first.settle);
    } else if (first) return say.skip('another finding says why the webhook leaves this pod as it is');
    const since = webhook.state === 'present' ? webhook.value.created : null;
    if (
      templateLabels !== undefined &&
      templateLabels[USE_LABEL] !== 'true' &&
      labels[USE_LABEL] === 'true'
    ) {
      const wanted = { [USE_LABEL]: 'true' };
      const patch = patchTemplateCommand(controller, { metadata: { labels: wanted } });
      const evidence = {
        fact: 'workload',
        path: 'metadata.labels',
        observed: `${USE_LABEL}=true on the pod only`,
        expected: 'the same label in the template',
      } as const;
      return say(
        'labelledLater',
        { name: object.name, controller: `${controller.kind} ${controller.name}`, patch },
        { evidence: [evidence], change: { template: { labels: wanted } } },
      );
    }
    const because =
      labels[USE_LABEL] !== 'true' && templateLabels?.[USE_LABEL] === 'true'
        ? `it is older than the label in the template of ${controller.kind} ${controller.name}`
        : isOlder(created, since)
          ? `it is older than the configuration of the webhook, which is of ${since ?? ''}`
          : sibling !== null
            ? `the webhook did not see it when it was created, though it saw ${sibling} later`
            : 'the webhook did not see it when it was created, though label and selectors fit';
    const twin = twinEvidence(workload, { siblings, accountPods }, null, 'no token', ({ env }) => {
      const id = env('AZURE_CLIENT_ID');
      return id === null ? 'a token' : `a token, client id ${id}`;
    });
    const observed = `pod created ${created ?? 'at an unknown time'}, without the webhook's variables and volume`;
    const expected = since === null ? 'injected' : `injected; webhook configuration created ${since}`;
    return say(
      'older',
      { ...words, because },
      {
        change: { template: {} },
        evidence: [{ fact: 'workload', path: 'metadata.creationTimestamp', observed, expected }, ...twin],
      },
    );
  },
});
export default check;
