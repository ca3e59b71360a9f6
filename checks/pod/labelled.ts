import {
  defineCheck,
  patchTemplateCommand,
  replacesPods,
  RESTART_BY_HAND,
  restartCommand,
  setAside,
  twinEvidence,
  USE_LABEL,
  usesSecretsStore,
  type Check,
  type Consumer,
  type Evidence,
  type SayOptions,
} from '../../src/check.ts';
import type { Fact, FactTypes } from '../../src/facts.ts';

const label = {
  command: '{patch}',
  why: 'puts the label into the template, from which new pods are made',
  actor: 'developer',
  restarts: true,
} as const;
const fix = [label, RESTART_BY_HAND] as const;
const explainedBy = ['CL-08'] as const;
const whatIf = 'With the label';
const change = { template: { labels: { [USE_LABEL]: 'true' } } };

/** A key that someone may have typed for the label: `azure.workload.identity/used`, `azure-workload-identity/use`. */
const LIKE_THE_LABEL = /^azure[.-]?workload[.-]?identity[^/]*\/use/i;

const LIKE_THE_PREFIX = /^azure.workload.identity\//;

/** Who signs in in the place of an app, in words. */
const CONSUMERS: Readonly<Record<Consumer['by'], string>> = {
  'secrets-store': 'the Secrets Store CSI driver',
  keda: 'KEDA',
  'external-secrets': 'External Secrets',
};

/** The object whose own metadata carries the label that the pods lack. */
function labelledElsewhere(
  serviceAccount: Fact<FactTypes['serviceAccount']>,
  owners: Fact<FactTypes['owners']>,
): { kind: string; name: string; fact: 'serviceAccount' | 'owners' } | null {
  const name = (object: FactTypes['serviceAccount']): string => object.metadata?.name ?? '';
  if (serviceAccount.state === 'present' && serviceAccount.value.metadata?.labels?.[USE_LABEL] !== undefined)
    return { kind: 'ServiceAccount', name: name(serviceAccount.value), fact: 'serviceAccount' };
  const all = owners.state === 'present' ? owners.value : [];
  const owner = all.find(({ metadata }) => metadata?.labels?.[USE_LABEL] !== undefined);
  return owner ? { kind: owner.kind ?? 'controller', name: name(owner), fact: 'owners' } : null;
}

const check: Check = defineCheck({
  id: 'pod/labelled',
  title: 'the pod carries the label that the webhook looks for',
  link: 'pod',
  stage: 'injection',
  per: 'workload',
  restsOn: 'unwired',
  needs: ['workload', 'injection'],
  orUnknown: ['serviceAccount', 'owners', 'consumers', 'siblings', 'accountPods'],
  sources: [
    'https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html',
    'https://github.com/Azure/azure-workload-identity/issues/794',
  ],
  outcomes: {
    labelled: { status: 'pass', says: 'Pod {name} has label azure.workload.identity/use=true.' },
    missing: {
      status: 'fail',
      code: 'POD-01',
      title: 'The label is missing',
      says: 'Pod {name} has no label azure.workload.identity/use=true, so the webhook leaves it without a token.',
      explainedBy,
      whatIf,
      fix,
    },
    asAnnotation: {
      status: 'fail',
      code: 'POD-01',
      title: 'The label was written as an annotation',
      says: 'Pod {name} has azure.workload.identity/use as an annotation, where the webhook looks for a label.',
      explainedBy,
      whatIf,
      fix,
    },
    elsewhere: {
      status: 'fail',
      code: 'SA-10',
      title: 'The label is on the wrong object',
      says: 'Label azure.workload.identity/use is on {kind} {holder}, where the webhook does not look, and pod {name} itself lacks it.',
      explainedBy,
      whatIf,
      fix,
    },
    wrongValue: {
      status: 'fail',
      code: 'POD-02',
      title: 'The label has the value {value}',
      says: 'Pod {name} has label azure.workload.identity/use={value}, and the webhook takes no other value than true.',
      explainedBy,
      whatIf,
      fix,
    },
    lostLabel: {
      status: 'warn',
      code: 'POD-01',
      title: 'The label was taken out of the template',
      says: 'Pod {name} has its token, but the template of {controller} has no label azure.workload.identity/use=true any more, so the next pod gets none.',
      fix: [label],
    },
  },
  run({ workload, injection, serviceAccount, owners, consumers, siblings, accountPods }, say) {
    const { controller, labels, annotations, object } = workload;
    const aside = setAside(injection);
    if (aside !== null) return say.skip(aside);
    const [first] = injection.obstacles;
    const words = {
      name: object.name,
      patch: patchTemplateCommand(controller, { metadata: { labels: { [USE_LABEL]: 'true' } } }),
      restart: restartCommand(controller, object.name),
    };
    if (first?.kind !== 'label-missing' && first?.kind !== 'label-wrong') {
      const known = labels[USE_LABEL] === 'true';
      return known
        ? say('labelled', words)
        : say.skip('the webhook here does not go by the label of this pod');
    }
    if (injection.now === 'injected') {
      if (injection.templateLabels === undefined) return say.skip('the pod has its token already');
      return say('lostLabel', { ...words, controller: `${controller.kind} ${controller.name}` });
    }
    const here = labels[USE_LABEL] === undefined ? 'no label' : `label ${USE_LABEL}=${labels[USE_LABEL]}`;
    const twin = twinEvidence(workload, { siblings, accountPods }, null, here, (other) =>
      other.labels[USE_LABEL] === 'true' ? `label ${USE_LABEL}=true, and a token` : null,
    );
    const options = (evidence: Evidence): SayOptions => ({
      evidence: [evidence, ...twin],
      change,
      ...(replacesPods(controller) ? { fix: [] } : {}),
    });
    const seen = { fact: 'workload', path: 'metadata.labels', expected: `${USE_LABEL}=true` } as const;
    const wanted = { observed: 'pod', expected: 'webhook' };
    if (first.kind === 'label-wrong') {
      const observed = `${USE_LABEL}=${first.value}`;
      return say(
        'wrongValue',
        { ...words, value: first.value },
        options({ ...seen, observed, labels: wanted }),
      );
    }
    const elsewhere = labelledElsewhere(serviceAccount, owners);
    if (elsewhere) {
      const { kind, name: holder, fact } = elsewhere;
      const observed = `label ${USE_LABEL} on ${kind} ${holder}`;
      const expected = 'the label in the pod template';
      return say(
        'elsewhere',
        { ...words, kind, holder },
        options({ fact, path: 'metadata.labels', observed, expected }),
      );
    }
    const annotated =
      serviceAccount.state === 'present' &&
      Object.keys(serviceAccount.value.metadata?.annotations ?? {}).some((key) => LIKE_THE_PREFIX.test(key));
    const other = consumers.state === 'present' ? consumers.value[0] : undefined;
    if (usesSecretsStore(workload) && (!annotated || other?.by === 'secrets-store')) {
      if (consumers.state === 'unknown') return say.unknown(consumers.reason, consumers.settle);
      return other
        ? say.skip('the Secrets Store CSI driver signs in for this pod, without a label')
        : say.unknown('the Secrets Store CSI driver signs in for this pod by other means');
    }
    if (other && !annotated)
      return say.unknown(`only ${CONSUMERS[other.by]} is seen to sign in for this pod`, other.command);
    if (annotations[USE_LABEL] !== undefined) {
      const observed = `annotation ${USE_LABEL}: ${annotations[USE_LABEL]}`;
      return say('asAnnotation', words, options({ ...seen, path: 'metadata.annotations', observed }));
    }
    const near = Object.entries(labels).find(([key]) => LIKE_THE_LABEL.test(key));
    const observed = near ? `${near[0]}=${near[1]}` : 'no such label';
    return say('missing', words, options({ ...seen, observed, labels: wanted }));
  },
});
export default check;
