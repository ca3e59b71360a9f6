import { defineCheck, type Check } from '../../src/check.ts';
import type { FactTypes } from '../../src/facts.ts';

const GROUP = 'cid.wi.aks.azure.com';
const VERB = 'use-managed-identity';

type Rule = FactTypes['bindingRules'][number];

function allows({ verbs = [], resources = [], resourceNames = [] }: Rule, clientId: string): boolean {
  const has = (list: readonly string[], value: string): boolean =>
    list.includes('*') || list.some((one) => one.toLowerCase() === value.toLowerCase());
  return has(verbs, VERB) && has(resources, clientId) && resourceNames.length === 0;
}

const check: Check = defineCheck({
  id: 'identity/binding-allowed',
  title: 'the service account may use the identity that is bound to the cluster',
  link: 'identity',
  stage: 'credential',
  per: 'signIn',
  restsOn: 'never',
  needs: ['bindingRules', 'signIn', 'workload'],
  sources: [
    'https://learn.microsoft.com/azure/aks/identity-bindings',
    'https://learn.microsoft.com/azure/aks/identity-bindings-concepts',
  ],
  outcomes: {
    allowed: { status: 'pass', says: 'Service account {account} may use identity {clientId}.' },
    forbidden: {
      status: 'fail',
      code: 'IB-03',
      title: 'Service account {account} lacks the right to use the bound identity',
      says: 'No cluster role lets service account {account} use identity {clientId}, so the token proxy of the cluster refuses it.',
      explainedBy: ['IB-04', 'POD-07', 'SA-03', 'SA-11'],
      fix: [
        {
          command: "printf '%s' {role} | kubectl apply -f -",
          why: 'allows the use of this identity; the API group is no real one, so kubectl create clusterrole refuses it',
          actor: 'cluster admin',
          restarts: false,
        },
        {
          command: 'kubectl create clusterrolebinding {name} --clusterrole={name} --serviceaccount={subject}',
          why: 'gives it to the service account of the pod',
          actor: 'cluster admin',
          restarts: false,
        },
      ],
    },
  },
  run({ bindingRules, signIn, workload }, say) {
    if (signIn.mode !== 'identity-binding') return say.skip('the pod signs in without an identity binding');
    if (signIn.clientId.state !== 'known') return say.unknown(signIn.clientId.reason);
    const clientId = signIn.clientId.value;
    const account = workload.serviceAccountName;
    if (bindingRules.some((rule) => allows(rule, clientId))) return say('allowed', { account, clientId });
    const name = `use-mi-${clientId.toLowerCase()}`;
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name },
      rules: [{ apiGroups: [GROUP], resources: [clientId.toLowerCase()], verbs: [VERB] }],
    };
    const seen = bindingRules.flatMap(({ resources = [] }) => resources).join(', ');
    const evidence = {
      fact: 'bindingRules',
      path: `${GROUP}.resources`,
      observed: seen === '' ? 'no rule' : seen,
      expected: clientId,
      labels: { observed: 'roles', expected: 'pod' },
    } as const;
    const subject = `${workload.object.namespace}:${account}`;
    return say(
      'forbidden',
      { account, clientId, name, subject, role: JSON.stringify(role) },
      { about: { kind: 'ServiceAccount', name: account }, evidence: [evidence] },
    );
  },
});
export default check;
