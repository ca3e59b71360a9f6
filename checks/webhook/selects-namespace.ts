import {
  blank,
  defineCheck,
  obstacle,
  RESTART_FOR_WEBHOOK,
  restartCommand,
  setAside,
  type Check,
  type CommandText,
} from '../../src/check.ts';

/** Labels that the Admissions Enforcer of AKS makes every self-installed webhook pass by. */
const ENFORCED =
  /^(control-plane|kubernetes\.azure\.com\/managedby)( notin |$)|^!(control-plane|kubernetes\.azure\.com\/managedby)$/;

/** The argument of `kubectl label namespace` that meets one term of a selector. */
function labelFor(term: string): string {
  const equal = /^([^ =!]+)=(.*)$/.exec(term);
  if (equal) return term;
  const listed = /^(\S+) in \(([^,)]*)/.exec(term);
  if (listed) return `${listed[1]}=${listed[2]}`;
  const excluded = /^(\S+) notin /.exec(term) ?? /^!(.+)$/.exec(term);
  return excluded ? `${excluded[1]}-` : `${term}=true`;
}

const relabel = {
  id: 'relabel',
  command: 'kubectl label namespace {namespace} {changes}',
  why: 'makes the namespace one that the selector of the webhook takes; other webhooks may go by the same labels',
  actor: 'cluster admin',
  restarts: false,
} as const;
const edit = {
  id: 'edit',
  command: 'kubectl edit mutatingwebhookconfiguration {webhook}',
  why: 'takes {namespace} into its namespaceSelector; a webhook from the Helm chart has it in mutatingWebhookNamespaceSelector',
  actor: 'cluster admin',
  restarts: false,
} as const;
const exempt = {
  command: 'kubectl label mutatingwebhookconfiguration {webhook} admissions.enforcer/disabled=true',
  why: 'lets this webhook see AKS-owned namespaces; on AKS the add-on sees them without it',
  actor: 'cluster admin',
  restarts: false,
} as const;

const check: Check = defineCheck({
  id: 'webhook/selects-namespace',
  title: "the webhook takes pods of the pod's namespace",
  link: 'webhook',
  stage: 'injection',
  per: 'workload',
  restsOn: 'unwired',
  needs: ['workload', 'injection', 'webhook'],
  sources: [
    'https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#matching-requests-namespaceselector',
    'https://learn.microsoft.com/azure/aks/faq',
  ],
  outcomes: {
    selected: { status: 'pass', says: 'Webhook {webhook} takes pods of namespace {namespace}.' },
    excluded: {
      status: 'fail',
      code: 'WH-07',
      title: 'The webhook does not select the namespace',
      says: 'Webhook {webhook} passes by namespace {namespace}, whose labels do not meet its selector {terms}.',
      explainedBy: ['CL-08'],
      fix: [relabel, edit, RESTART_FOR_WEBHOOK],
    },
    enforced: {
      status: 'fail',
      code: 'CL-09',
      title: 'The namespace is closed to self-installed webhooks',
      says: 'Namespace {namespace} belongs to AKS, and AKS keeps self-installed webhooks such as {webhook} away from it ({terms}).',
      explainedBy: ['CL-08'],
      fix: [exempt, RESTART_FOR_WEBHOOK],
    },
    excludedNext: {
      status: 'warn',
      code: 'WH-07',
      title: 'The webhook does not select the namespace any more',
      says: 'Webhook {webhook} passes by namespace {namespace}, whose labels do not meet its selector {terms}, so the next pod gets no token.',
      fix: [relabel, edit],
    },
    enforcedNext: {
      status: 'warn',
      code: 'CL-09',
      title: 'The namespace is closed to self-installed webhooks',
      says: 'AKS keeps self-installed webhooks such as {webhook} away from its namespace {namespace} ({terms}), so the next pod gets no token.',
      fix: [exempt],
    },
  },
  run({ workload, injection, webhook }, say) {
    const { namespace } = workload.object;
    const aside = setAside(injection);
    if (aside !== null) return say.skip(aside);
    const blind = obstacle(injection, 'namespace-unknown');
    if (blind) return say.unknown(blind.is.reason, blind.is.settle);
    const excluded = obstacle(injection, 'namespace-selector');
    const words = { webhook: webhook.configuration, namespace };
    if (!excluded) return say('selected', words);
    const { terms } = excluded.is;
    const labels = terms.map(labelFor).join(' ');
    const changes: CommandText = /^[\w./= -]+$/.test(labels) ? { command: labels } : blank('labels');
    const all = {
      ...words,
      terms: terms.join(', '),
      changes,
      restart: restartCommand(workload.controller, workload.object.name),
    };
    const enforced = webhook.flavour !== 'aks' && terms.every((term) => ENFORCED.test(term));
    const [now, next] = enforced
      ? (['enforced', 'enforcedNext'] as const)
      : (['excluded', 'excludedNext'] as const);
    // The API server and AKS put these labels back.
    const fixed = terms.some((term) => /^!?(kubernetes\.io\/|kubernetes\.azure\.com\/)/.test(term));
    const evidence = {
      fact: 'webhook',
      path: 'namespaceSelector',
      observed: `labels of namespace ${namespace}`,
      expected: terms.join(', '),
    } as const;
    return say(excluded.decides ? now : next, all, {
      evidence: [evidence],
      fix: [fixed ? 'edit' : 'relabel'],
    });
  },
});
export default check;
