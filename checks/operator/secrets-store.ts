import {
  annotationOf,
  askedClientId,
  CLIENT_ID_KEY,
  isGuid,
  defineCheck,
  jsonAround,
  mountedClasses,
  signInOfClass,
  UNNAMED,
  type Check,
} from '../../src/check.ts';

const EXCHANGE_AUDIENCE = 'api://AzureADTokenExchange';
const BINDING_AUDIENCE = 'api://AKSIdentityBinding';

function patchWith(clientID: string): unknown {
  return { spec: { parameters: { clientID } } };
}

const check: Check = defineCheck({
  id: 'operator/secrets-store',
  title: 'the Secrets Store CSI driver can sign in as the service account of the pod',
  link: 'token',
  stage: 'values',
  per: 'workload',
  restsOn: 'always',
  needs: ['workload'],
  orUnknown: ['secretProviderClasses', 'csiDriver', 'serviceAccount'],
  sources: [
    'https://azure.github.io/secrets-store-csi-driver-provider-azure/docs/configurations/identity-access-modes/workload-identity-mode/',
    'https://github.com/Azure/secrets-store-csi-driver-provider-azure/issues/1022',
    'https://github.com/Azure/secrets-store-csi-driver-provider-azure/issues/1290',
  ],
  outcomes: {
    ready: {
      status: 'pass',
      says: 'SecretProviderClass {secretClass} signs in as client id {clientId} with service account {account}.',
    },
    classMissing: {
      status: 'fail',
      code: 'OP-07',
      title: 'SecretProviderClass {secretClass} is not in the namespace of the pod',
      says: 'Pod {name} mounts SecretProviderClass {secretClass}, which does not exist in namespace {namespace}.',
      fix: [
        {
          command: 'kubectl apply -n {namespace} -f SECRET_PROVIDER_CLASS.yaml',
          why: 'creates the class in the namespace of the pod; the kubelet tries the mount again by itself',
          actor: 'developer',
          restarts: false,
        },
      ],
      verify: 'kubectl get secretproviderclass {secretClass} -n {namespace}',
    },
    noClientId: {
      status: 'fail',
      code: 'OP-07',
      title: 'SecretProviderClass {secretClass} lacks clientID',
      says: 'SecretProviderClass {secretClass} names no clientID, so the Azure provider has no identity to sign in as and asks for nodePublishSecretRef instead.',
      fix: [
        {
          command:
            'kubectl patch secretproviderclass {secretClass} -n {namespace} --type merge -p {identity}',
          why: 'names the identity, which the annotation of the service account does not do here',
          actor: 'developer',
          restarts: false,
        },
      ],
    },
    noToken: {
      status: 'fail',
      code: 'OP-07',
      title: 'The CSI driver is not set up to ask for tokens',
      says: 'CSIDriver secrets-store.csi.k8s.io requests no token for audience {audience}, so the Azure provider finds no service account token.',
      fix: [
        {
          command: 'kubectl patch csidriver secrets-store.csi.k8s.io --type merge -p {patch}',
          why: 'has the kubelet hand the driver such a token; with Helm set it in the values as well',
          actor: 'cluster admin',
          restarts: false,
        },
      ],
    },
  },
  run({ workload, secretProviderClasses: classes, csiDriver, serviceAccount }, say) {
    const { object, spec, serviceAccountName } = workload;
    const mounted = mountedClasses(spec).filter(({ hasSecret }) => !hasSecret);
    if (mounted.length === 0) return say.skip('the pod mounts nothing for which the driver signs in');
    if (classes.state === 'unknown') return say.unknown(classes.reason, classes.settle);
    const known = classes.state === 'present' ? classes.value : [];
    const words = { name: object.name, namespace: object.namespace, account: serviceAccountName };
    const missing = mounted.find(({ name }) => !known.some(({ metadata }) => metadata?.name === name));
    if (missing) {
      const evidence = {
        fact: 'workload',
        path: 'spec.volumes.csi.volumeAttributes.secretProviderClass',
        observed: missing.name,
        expected: known.map(({ metadata }) => metadata?.name ?? '').join(', ') || 'none there',
        labels: { observed: 'pod', expected: 'namespace' },
      } as const;
      return say('classMissing', { ...words, secretClass: missing.name }, { evidence: [evidence] });
    }
    const own = known.filter(({ metadata }) => mounted.some(({ name }) => name === metadata?.name));
    const about = (name: string): { kind: string; name: string } => ({ kind: 'SecretProviderClass', name });
    const nameless = own.find((one) => signInOfClass(one) === 'none');
    if (nameless) {
      const name = nameless.metadata?.name ?? '';
      const evidence = {
        fact: 'secretProviderClasses',
        path: `${name}.spec.parameters.clientID`,
        observed: 'not set',
        expected: 'the client id of an identity',
      } as const;
      const annotated =
        serviceAccount.state === 'present' ? annotationOf(serviceAccount.value, CLIENT_ID_KEY) : undefined;
      const identity =
        annotated !== undefined && isGuid(annotated)
          ? JSON.stringify(patchWith(annotated))
          : jsonAround(patchWith, askedClientId(UNNAMED));
      return say(
        'noClientId',
        { ...words, secretClass: name, identity },
        { about: about(name), evidence: [evidence] },
      );
    }
    const signing = own.find((one) => signInOfClass(one) === 'workload-identity');
    if (!signing) return say.skip('the classes of the pod sign in by other means');
    const { clientID = '', useAzureTokenProxy } = signing.spec?.parameters ?? {};
    const audience = useAzureTokenProxy?.toLowerCase() === 'true' ? BINDING_AUDIENCE : EXCHANGE_AUDIENCE;
    if (csiDriver.state === 'unknown') return say.unknown(csiDriver.reason, csiDriver.settle);
    const requests = csiDriver.state === 'present' ? (csiDriver.value.spec?.tokenRequests ?? []) : null;
    if (requests !== null && !requests.some((one) => one.audience === audience)) {
      const tokenRequests = [...requests, { audience, expirationSeconds: 3600 }];
      const evidence = {
        fact: 'csiDriver',
        path: 'spec.tokenRequests',
        observed: requests.map((one) => one.audience ?? '').join(', ') || 'none',
        expected: audience,
      } as const;
      return say(
        'noToken',
        { ...words, audience, patch: JSON.stringify({ spec: { tokenRequests } }) },
        { about: { kind: 'CSIDriver', name: 'secrets-store.csi.k8s.io' }, evidence: [evidence] },
      );
    }
    return say('ready', { ...words, secretClass: signing.metadata?.name ?? '', clientId: clientID });
  },
});
export default check;
