import {
  CREATE_CREDENTIAL,
  credentialFix,
  defineCheck,
  isEntraIssuer,
  matchCredentials,
  restartCommand,
  type Check,
  type SayOptions,
} from '../../src/check.ts';

const restart = {
  id: 'restart',
  command: '{restart}',
  why: 'gives the pods a token of the new issuer at once; otherwise it comes with the next renewal',
  actor: 'developer',
  restarts: true,
} as const;

const check: Check = defineCheck({
  id: 'issuer/same-issuer',
  title: 'the token at hand has the issuer that the API server states',
  link: 'token',
  stage: 'token',
  per: 'signIn',
  restsOn: 'never',
  needs: ['signIn', 'token', 'apiServerDiscovery', 'workload'],
  orUnknown: ['tokenSignature', 'federatedCredentials', 'identity'],
  sources: [
    'https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/',
    'https://github.com/Azure/azure-service-operator/issues/3897',
  ],
  outcomes: {
    same: { status: 'pass', says: 'The token is issued by {stated}, as the API server states.' },
    changedBoth: {
      status: 'info',
      code: 'CL-06',
      title: 'The issuer changed after the token was issued',
      says: 'The token still has the issuer of before, {observed}; new tokens have {stated}, and the identity has a credential for each.',
    },
    changedUnseen: {
      status: 'warn',
      code: 'CL-06',
      title: 'The issuer changed after the token was issued',
      says: 'The token still has the issuer of before, {observed}; new tokens have {stated}, and need a federated credential for that.',
      fix: [restart],
    },
    changedAhead: {
      status: 'fail',
      code: 'CL-06',
      title: 'The issuer changed after the token was issued',
      says: 'The token still has the issuer of before, {observed}; new tokens have {stated}, for which the identity has no federated credential.',
      aadsts: [700211, 70021],
      fix: [...CREATE_CREDENTIAL, restart],
    },
    changedBehind: {
      status: 'fail',
      code: 'CL-06',
      title: 'The issuer changed after the token was issued',
      says: 'The token still has the issuer of before, {observed}, while the federated credential is for the new one, {stated}.',
      aadsts: [700211, 70021],
      whatIf: 'In a new pod',
      fix: [restart],
    },
    nestedAccepted: {
      status: 'info',
      code: 'CL-11',
      title: 'The token comes from another control plane',
      says: 'The token is of another control plane ({observed}) than this API server ({stated}), and the federated credential is for that one.',
    },
    nested: {
      status: 'fail',
      code: 'CL-11',
      title: 'The token and the API server have different issuers',
      says: 'The token is of another control plane: its issuer is {observed}, while this API server issues as {stated}.',
      aadsts: [700211, 7000272, 70021],
      fix: CREATE_CREDENTIAL,
    },
    entra: {
      status: 'fail',
      code: 'ENT-09',
      title: "A token of Entra is used instead of the service account's",
      says: 'The token was issued by Entra itself ({observed}), and Entra takes only tokens of another issuer, such as {stated}, for a federated sign-in.',
      aadsts: [700222],
      fix: [
        {
          command: 'kubectl exec {pod} -n {namespace} -c {container} -- printenv AZURE_FEDERATED_TOKEN_FILE',
          why: 'names the file with the token of the service account, which the program has to present instead',
          actor: 'developer',
          restarts: false,
        },
      ],
    },
  },
  run(facts, say) {
    const { signIn, token, apiServerDiscovery, workload, tokenSignature, federatedCredentials } = facts;
    const { issuer: stated } = apiServerDiscovery;
    const observed = token.kind === 'jwt' ? token.claims.iss : null;
    if (observed === null || observed === 'kubernetes/serviceaccount')
      return say.skip('there is no token that names an issuer');
    if (typeof stated !== 'string') return say.unknown('the API server names no issuer');
    if (observed === stated) return say('same', { stated });
    const audience = signIn.audience.state === 'known' ? signIn.audience.value : null;
    const list = federatedCredentials.state === 'present' ? federatedCredentials.value : null;
    const matchOf = (wanted: string) =>
      matchCredentials(
        list ?? { items: [], complete: false, anyClientId: false },
        wanted,
        signIn.subject,
        audience,
      );
    const acceptsOld = matchOf(observed).accepting !== null;
    const acceptsNew = matchOf(stated).accepting !== null;
    const proven = tokenSignature.state === 'present' && tokenSignature.value.apiServer.state === 'valid';
    const { words: create, fix } = credentialFix({
      ...facts,
      credentialMatch: { ...matchOf(proven ? stated : observed), accepting: null, nearest: null },
    });
    const words = {
      ...create,
      stated,
      observed,
      pod: workload.object.name,
      namespace: workload.object.namespace,
      container: signIn.containers[0] ?? '',
      restart: restartCommand(workload.controller, workload.object.name),
    };
    const options: SayOptions = {
      fix: acceptsNew ? ['restart'] : [...fix, 'restart'],
      evidence: [
        {
          fact: 'token',
          path: 'claims.iss',
          observed,
          expected: stated,
          labels: { observed: 'token', expected: 'API server' },
        },
      ],
    };
    if (isEntraIssuer(observed)) return say('entra', words, options);
    // Signed by this API server under another name, or not signed by it at all.
    if (!proven) return say(acceptsOld ? 'nestedAccepted' : 'nested', words, { ...options, fix });
    if (acceptsOld && acceptsNew) return say('changedBoth', words, options);
    if (list === null || !list.complete) return say('changedUnseen', words, options);
    return acceptsNew
      ? say('changedBehind', words, { ...options, change: { template: {} } })
      : say('changedAhead', words, options);
  },
});
export default check;
