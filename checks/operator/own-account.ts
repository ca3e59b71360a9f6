import { defineCheck, type Check } from '../../src/check.ts';
import type { FactTypes } from '../../src/facts.ts';

const LABEL_VALUE = '--set-string "podLabels.azure\\.workload\\.identity/use=true"';

/** Operators whose own pods sign in, by the name that their charts give them. */
const OPERATORS: Readonly<Record<string, 'certManager' | 'externalDns' | 'velero' | 'serviceOperator'>> = {
  'cert-manager': 'certManager',
  'external-dns': 'externalDns',
  velero: 'velero',
  'azure-service-operator': 'serviceOperator',
};

function operatorOf({ labels }: FactTypes['workload']): (typeof OPERATORS)[string] | undefined {
  const name = labels['app.kubernetes.io/name'] ?? labels['app'] ?? '';
  const component = labels['app.kubernetes.io/component'] ?? 'controller';
  // Webhook and CA injector of cert-manager never call Azure.
  if (name === 'cert-manager' && component !== 'controller') return undefined;
  return Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
}

const check: Check = defineCheck({
  id: 'operator/own-account',
  title: 'an operator has what it needs to sign in as its own service account',
  link: 'pod',
  stage: 'values',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload'],
  sources: [
    'https://cert-manager.io/docs/configuration/acme/dns01/azuredns/',
    'https://kubernetes-sigs.github.io/external-dns/latest/docs/tutorials/azure/',
    'https://github.com/vmware-tanzu/velero-plugin-for-microsoft-azure',
    'https://azure.github.io/azure-service-operator/guide/authentication/credential-format/',
    'https://github.com/Azure/azure-workload-identity/issues/787',
  ],
  outcomes: {
    settled: { status: 'pass', says: 'The operator signs in as its own service account {account}.' },
    certManager: {
      status: 'info',
      code: 'OP-04',
      title: 'cert-manager signs in as itself',
      says: 'cert-manager reaches Azure DNS as its own service account {account}, and its chart takes the label from podLabels.',
      fix: [
        {
          command: `helm upgrade cert-manager cert-manager --repo https://charts.jetstack.io -n {namespace} --reuse-values ${LABEL_VALUE}`,
          why: 'labels the pods of the controller; a patch would go with the next upgrade',
          actor: 'cluster admin',
          restarts: true,
        },
      ],
    },
    externalDns: {
      status: 'info',
      code: 'OP-05',
      title: 'external-dns goes by its azure.json',
      says: 'external-dns only uses workload identity where azure.json says useWorkloadIdentityExtension: true, and that lies in a Secret, which is not read.',
    },
    velero: {
      status: 'info',
      code: 'OP-06',
      title: 'Velero signs in as itself',
      says: 'Velero reaches Azure as its own service account {account}, and its chart takes the label from podLabels.',
      fix: [
        {
          command: `helm upgrade velero velero --repo https://vmware-tanzu.github.io/helm-charts -n {namespace} --reuse-values ${LABEL_VALUE}`,
          why: 'labels the pods of the server; a patch would go with the next upgrade',
          actor: 'cluster admin',
          restarts: true,
        },
      ],
    },
    serviceOperator: {
      status: 'info',
      code: 'OP-08',
      title: 'Azure Service Operator signs in as itself',
      says: 'Azure Service Operator signs in as its own service account {account} for every resource that names no credential with serviceoperator.azure.com/credential-from.',
    },
    dapr: {
      status: 'info',
      code: 'OP-09',
      title: 'Sidecar daprd is left without a token',
      says: 'Sidecar daprd has no token although container {container} has, so a Dapr component that needs Azure cannot sign in.',
    },
  },
  run({ workload }, say) {
    const { containers, serviceAccountName: account, object, injected, wired } = workload;
    const words = { account, namespace: object.namespace };
    const operator = operatorOf(workload);
    if (operator === undefined) {
      const sidecar = containers.find(({ name }) => name === 'daprd');
      const other = containers.find(({ wiring }) => wiring.state === 'wired');
      if (!sidecar || sidecar.skipped || sidecar.wiring.state !== 'unwired' || !other)
        return say.skip('it is no operator that is known to sign in');
      const place = { kind: object.kind, name: object.name, container: 'daprd' };
      return say('dapr', { container: other.name }, { about: place });
    }
    const given = injected || wired;
    if ((operator === 'certManager' || operator === 'velero') && given) return say('settled', words);
    return say(operator, words);
  },
});
export default check;
