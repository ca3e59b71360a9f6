import {
  accountWords,
  annotate,
  annotationOf,
  blank,
  choiceUnseen,
  CLIENT_ID_KEY,
  defineCheck,
  envRemedy,
  execCommand,
  isGuid,
  mendEnvCommand,
  receptionOf,
  setEnvCommand,
  twinEvidence,
} from '../../src/check.ts';
import type { Check } from '../../src/check.ts';

const mend = {
  command: '{mend}',
  why: 'gives the container the client id of its service account',
  actor: 'developer',
  restarts: true,
} as const;

/** Mends it whoever chose it: the manifest's own entry goes, and the webhook reads the annotation again. */
const mendAnyhow = [
  { ...mend, why: 'removes what the manifest itself may set, which counts before the annotation' },
  {
    command: '{restart}',
    why: 'makes the webhook set the variable again',
    actor: 'developer',
    restarts: true,
  },
] as const;

const whatIf = '{remedy}';

const check: Check = defineCheck({
  id: 'pod/client-id',
  title: 'the client id of the container is one that takes its token',
  link: 'pod',
  stage: 'values',
  per: 'container',
  restsOn: 'always',
  needs: ['workload', 'container', 'clients'],
  orUnknown: ['serviceAccount', 'tokenIssuer', 'siblings', 'accountPods', 'owners'],
  sources: [
    'https://github.com/Azure/azure-workload-identity/blob/v1.6.0/pkg/webhook/webhook.go',
    'https://azure.github.io/azure-workload-identity/docs/faq.html',
  ],
  outcomes: {
    asAnnotated: { status: 'pass', says: 'Container {container} has client id {clientId}.' },
    ownCredential: {
      status: 'pass',
      says: 'Container {container} sets client id {clientId} itself, and a federated credential of that identity is meant for it.',
    },
    accepted: {
      status: 'pass',
      says: 'Container {container} has client id {clientId}, and a federated credential of that identity takes its token.',
    },
    unverified: {
      status: 'info',
      code: 'POD-07',
      title: 'The client id is set by hand',
      says: 'Container {container} sets AZURE_CLIENT_ID to {clientId} itself, so {annotated}, the client id of service account {serviceAccount}, does not count for it.',
    },
    otherIdentity: {
      status: 'fail',
      code: 'POD-07',
      title: 'The client id in the manifest is that of another identity',
      says: 'Container {container} sets AZURE_CLIENT_ID to {clientId}, an identity without a federated credential for it, instead of {annotated}, the client id of service account {serviceAccount}.',
      aadsts: [700213, 70025, 700211, 700016, 70021],
      whatIf,
      fix: [mend],
    },
    notAnId: {
      status: 'fail',
      code: 'POD-07',
      title: 'The client id in the manifest is not a GUID',
      says: 'Container {container} sets AZURE_CLIENT_ID to {clientId}, which is not a GUID as client ids are.',
      aadsts: [700016, 900144],
      whatIf,
      fix: [mend],
    },
    empty: {
      status: 'fail',
      code: 'POD-07',
      title: 'The client id in the manifest is empty',
      says: 'Container {container} sets AZURE_CLIENT_ID to an empty value, so the webhook leaves it without a client id.',
      aadsts: [900144, 700016],
      whatIf,
      fix: [mend],
    },
    notAnIdAtLast: {
      status: 'fail',
      code: 'POD-07',
      title: 'The client id of the container is not a GUID',
      says: 'Container {container} has client id {clientId}, which is not a GUID as client ids are, while service account {serviceAccount} names {annotated}.',
      aadsts: [700016, 900144],
      fix: mendAnyhow,
    },
    emptyAtLast: {
      status: 'fail',
      code: 'SDK-05',
      title: 'The client id of the container is empty',
      says: 'Container {container} has an empty AZURE_CLIENT_ID, while service account {serviceAccount} names {annotated}.',
      aadsts: [900144, 700016],
      fix: mendAnyhow,
    },
    injectedEmpty: {
      status: 'fail',
      code: 'SDK-05',
      title: 'The client id was injected empty',
      says: 'Container {container} was given an empty AZURE_CLIENT_ID, as webhooks up to 1.5.0 do when the service account has no client id.',
      aadsts: [900144],
      explainedBy: ['SA-01', 'SA-11'],
      fix: [
        { ...annotate('client-id', 'tells the webhook which identity the pod uses'), id: 'annotate' },
        {
          command: '{restart}',
          why: 'makes the webhook set the variable again',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
  },
  run({ workload, container, clients, serviceAccount, tokenIssuer, siblings, accountPods, owners }, say) {
    const { name, effective, wiring } = container;
    const { clientId } = effective;
    if (wiring.state !== 'wired') return say.skip('the container has no token');
    if (clientId.state === 'unset') return say.skip('the container has no client id');
    if (clientId.state === 'unknown')
      return say.unknown(clientId.reason, execCommand(workload, name, 'printenv AZURE_CLIENT_ID'));
    const annotation =
      serviceAccount.state === 'present' ? annotationOf(serviceAccount.value, CLIENT_ID_KEY) : undefined;
    const annotated = annotation ?? '';
    const wanted = annotation ?? blank('client id');
    const { remedy, change } = envRemedy(workload, name, { AZURE_CLIENT_ID: annotated });
    const words = {
      remedy,
      container: name,
      clientId: clientId.value,
      annotated,
      ...accountWords(workload),
      wanted,
      // Without an annotation the webhook would have nothing to set.
      mend:
        annotation === undefined
          ? setEnvCommand(workload.controller, name, { AZURE_CLIENT_ID: wanted })
          : mendEnvCommand(workload, name, { AZURE_CLIENT_ID: wanted }),
    };
    const evidence = [
      {
        fact: 'container',
        path: `spec.containers[${name}].env.AZURE_CLIENT_ID`,
        observed: clientId.value === '' ? '(empty)' : clientId.value,
        labels: { observed: 'env', expected: 'annotation' },
        ...(annotation === undefined ? {} : { expected: annotation }),
      },
    ] as const;
    const of = (id: string) => receptionOf(clients.get(id), tokenIssuer, workload.subject, container);
    const unlike = annotation !== undefined && clientId.value.toLowerCase() !== annotation.toLowerCase();
    const unseen = unlike && isGuid(annotated) ? choiceUnseen(workload, container, owners) : null;
    if (unseen) {
      if (clientId.value === '') return say('emptyAtLast', words, { evidence });
      if (!isGuid(clientId.value)) return say('notAnIdAtLast', words, { evidence });
      if (of(clientId.value) === 'accepts') return say('accepted', words);
      return say.unknown(unseen.reason, unseen.settle);
    }
    if (clientId.from === 'webhook') {
      if (clientId.value !== '') return say('asAnnotated', words);
      const fix = annotation === undefined ? {} : { fix: [] };
      return say('injectedEmpty', words, { evidence, ...fix });
    }
    if (clientId.value.toLowerCase() === annotation?.toLowerCase() && clientId.value !== '')
      return say('asAnnotated', words);
    if (container.addedByAdmission) return say.skip('another webhook added the container and its variables');
    const twin = twinEvidence(
      workload,
      { siblings, accountPods },
      name,
      `client id ${clientId.value || '(empty)'}`,
      (other) =>
        other.env('AZURE_CLIENT_ID')?.toLowerCase() === annotation?.toLowerCase()
          ? `client id ${annotated}`
          : null,
    );
    const mended = annotation === undefined ? { evidence } : { evidence: [...evidence, ...twin], change };
    if (clientId.value === '') return say('empty', words, mended);
    if (!isGuid(clientId.value)) return say('notAnId', words, mended);
    const own = of(clientId.value);
    if (own === 'accepts' || own === 'meant') return say('ownCredential', words);
    if (annotation === undefined) return say.skip('there is no other client id to compare with');
    // Where the annotated identity takes it no better, the missing credential is the fault and not the variable.
    if (own === 'unknown' || of(annotation) === 'refuses') return say('unverified', words, { evidence });
    return say('otherIdentity', words, mended);
  },
});
export default check;
