import {
  annotationOf,
  CLIENT_ID_KEY,
  clientIdSource,
  clientsIn,
  defineCheck,
  namesClientId,
  patchTemplateCommand,
  replacesPods,
  RESTART_BY_HAND,
  restartCommand,
  setAside,
  type Check,
} from '../../src/check.ts';
import type { FactTypes } from '../../src/facts.ts';

/** What people hang on the name of a workload to name its service account. */
const SUFFIX = /^-(sa|wi|id|mi|identity|workload-identity|azure|entra)$/;

function related(name: string, to: string): boolean {
  return name === to || (name.startsWith(to) && SUFFIX.test(name.slice(to.length)));
}

/** The annotated service account that was plainly meant for this workload; null when it is anyone's guess. */
function meantOne(
  annotated: FactTypes['otherServiceAccounts'],
  own: string,
  controller: string,
): FactTypes['otherServiceAccounts'][number] | null {
  const named = annotated.filter(
    ({ metadata: { name = '' } = {} }) => related(name, controller) || related(name, own),
  );
  if (named.length === 1) return named[0] ?? null;
  // A service account with the workload's name was made for it: the annotated one is a neighbour's.
  return annotated.length === 1 && !related(own, controller) ? (annotated[0] ?? null) : null;
}

/** The service account that the identity of the containers trusts in place of their own; null without proof. */
function trustedOne(
  annotated: FactTypes['otherServiceAccounts'],
  { judged, object, subject }: FactTypes['workload'],
  clients: FactTypes['clients'],
): FactTypes['otherServiceAccounts'][number] | null {
  const used = judged.flatMap(({ effective: { clientId } }) =>
    clientId.state === 'known' ? [clientId.value] : [],
  );
  const trusted = annotated.filter((one) => {
    const clientId = annotationOf(one, CLIENT_ID_KEY) ?? '';
    const list = clients.get(clientId)?.federatedCredentials;
    if (!used.includes(clientId) || list?.state !== 'present' || !list.value.complete) return false;
    const subjects = list.value.items.map((credential) => credential.subject);
    return (
      subjects.includes(`system:serviceaccount:${object.namespace}:${one.metadata?.name ?? ''}`) &&
      !subjects.includes(subject)
    );
  });
  return trusted.length === 1 ? (trusted[0] ?? null) : null;
}

const check: Check = defineCheck({
  id: 'service-account/right-one',
  title: 'the pod runs under the service account that was set up for it',
  link: 'serviceAccount',
  stage: 'values',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload', 'injection', 'serviceAccount', 'clients'],
  orUnknown: ['otherServiceAccounts'],
  sources: ['https://github.com/Azure/azure-workload-identity/issues/691'],
  outcomes: {
    right: { status: 'pass', says: 'Pod {name} runs under an annotated service account.' },
    other: {
      status: 'fail',
      code: 'SA-07',
      title: 'Service account {own} is used instead of {meant}',
      says: 'Pod {name} runs under service account {own}, which names no identity, while service account {meant} of its namespace does.',
      aadsts: [900144, 700213],
      explainedBy: ['SA-09', 'SA-08'],
      whatIf: 'With service account {meant}',
      fix: [
        {
          command: '{patch}',
          why: 'runs new pods under {meant}, whose client id is {clientId}',
          actor: 'developer',
          restarts: true,
        },
        RESTART_BY_HAND,
      ],
    },
  },
  run({ workload, injection, serviceAccount, otherServiceAccounts, clients }, say) {
    const { controller, object, serviceAccountName: own } = workload;
    if (namesClientId(serviceAccount)) return say('right', { name: object.name });
    const aside = setAside(injection);
    if (aside !== null) return say.skip(aside);
    if (otherServiceAccounts.state !== 'present')
      return say.unknown(
        otherServiceAccounts.state === 'unknown'
          ? otherServiceAccounts.reason
          : 'the other service accounts of the namespace were not collected',
      );
    const annotated = otherServiceAccounts.value.filter(namesClientId);
    const wanting = clientsIn(workload).some((container) => clientIdSource(container) === 'none');
    const meant = wanting
      ? meantOne(annotated, own, controller.name)
      : trustedOne(annotated, workload, clients);
    if (!meant) return say.skip('no other service account is plainly meant for this pod');
    const name = meant.metadata?.name ?? '';
    const words = {
      name: object.name,
      own,
      meant: name,
      clientId: annotationOf(meant, CLIENT_ID_KEY) ?? '',
      patch: patchTemplateCommand(controller, { spec: { serviceAccountName: name } }),
      restart: restartCommand(controller, object.name),
    };
    const evidence = {
      fact: 'workload',
      path: 'spec.serviceAccountName',
      observed: own,
      expected: name,
      labels: { observed: 'pod', expected: 'annotated' },
    } as const;
    const change = { template: { serviceAccountName: name } };
    return say('other', words, {
      evidence: [evidence],
      change,
      ...(replacesPods(controller) ? { fix: [] } : {}),
    });
  },
});
export default check;
