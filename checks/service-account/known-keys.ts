import {
  accountWords,
  annotate,
  annotationOf,
  blank,
  CLIENT_ID_KEY,
  clientIdSource,
  clientsIn,
  defineCheck,
  isGuid,
  keyMeaning,
  namesClientId,
  RESTART_FOR_ANNOTATION,
  setAside,
  type Check,
} from '../../src/check.ts';
import type { FactTypes } from '../../src/facts.ts';

interface StrangeKey {
  readonly kind: string;
  readonly name: string;
  readonly fact: 'serviceAccount' | 'workload';
  readonly key: string;
  readonly value: string;
  readonly meaning: 'client-id' | 'tenant-id' | 'other';
}

function strangeKeys(
  annotations: Readonly<Record<string, string>>,
  place: Pick<StrangeKey, 'kind' | 'name' | 'fact'>,
): StrangeKey[] {
  return Object.entries(annotations).flatMap(([key, value]) => {
    const meaning = keyMeaning(key);
    return meaning === 'known' || meaning === 'foreign' ? [] : [{ ...place, key, value, meaning }];
  });
}

/** Whether what a key was meant to say is so anyway. */
function isMet({ meaning, value }: StrangeKey, { judged }: FactTypes['workload']): boolean {
  const field = meaning === 'client-id' ? 'clientId' : 'tenantId';
  return (
    meaning !== 'other' &&
    judged.every(({ effective }) => {
      const seen = effective[field];
      return seen.state === 'known' && seen.value.toLowerCase() === value.trim().toLowerCase();
    })
  );
}

const check: Check = defineCheck({
  id: 'service-account/known-keys',
  title: 'the webhook knows every key of its own in the annotations',
  link: 'serviceAccount',
  stage: 'values',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload', 'injection', 'serviceAccount'],
  sources: [
    'https://github.com/Azure/azure-workload-identity/blob/v1.6.0/pkg/webhook/consts.go',
    'https://github.com/Azure/azure-workload-identity/issues/1026',
  ],
  outcomes: {
    known: { status: 'pass', says: 'Service account {name} has no key that the webhook does not know.' },
    mistyped: {
      status: 'fail',
      code: 'SA-09',
      title: 'The annotation key is mistyped',
      says: 'Service account {name} has annotation {key} instead of azure.workload.identity/client-id, so the webhook finds no client id.',
      aadsts: [900144],
      whatIf: 'With key azure.workload.identity/client-id',
      fix: [
        annotate('client-id', 'sets the key that the webhook reads'),
        {
          command: 'kubectl annotate serviceaccount {name} -n {namespace} {removal}',
          why: 'takes the mistyped key away',
          actor: 'developer',
          restarts: false,
        },
        RESTART_FOR_ANNOTATION,
      ],
    },
    ignored: {
      status: 'warn',
      code: 'SA-09',
      title: 'The annotation key is unknown',
      says: 'Annotation {key} of {kind} {holder} is none that the webhook knows, so its value {value} has no effect.',
    },
  },
  run({ workload, injection, serviceAccount }, say) {
    const name = workload.serviceAccountName;
    const aside = setAside(injection);
    if (aside !== null) return say.skip(aside);
    const accountKeys = strangeKeys(serviceAccount.metadata?.annotations ?? {}, {
      kind: 'ServiceAccount',
      name,
      fact: 'serviceAccount',
    });
    const podKeys = strangeKeys(workload.annotations, {
      kind: workload.object.kind,
      name: workload.object.name,
      fact: 'workload',
    });
    const about = { kind: 'ServiceAccount', name };
    const typo = accountKeys.find(({ meaning }) => meaning === 'client-id');
    const wanting = clientsIn(workload).some((container) => clientIdSource(container) === 'none');
    if (typo && wanting && !namesClientId(serviceAccount)) {
      const meant = typo.value.trim();
      const words = {
        name,
        ...accountWords(workload),
        key: typo.key,
        wanted: isGuid(meant) ? meant : blank('client id'),
        removal: `${typo.key}-`,
      };
      const evidence = {
        fact: 'serviceAccount',
        path: 'metadata.annotations',
        observed: typo.key,
        expected: 'azure.workload.identity/client-id',
        labels: { observed: 'annotation', expected: 'webhook' },
      } as const;
      const change = isGuid(meant)
        ? { change: { annotations: { [CLIENT_ID_KEY]: meant, [typo.key]: null } } }
        : {};
      return say('mistyped', words, { about, ...change, evidence: [evidence] });
    }
    // A client id typo on the pod is answered, like a right key on the pod, where keys in the wrong place are.
    const ignored = [...accountKeys, ...podKeys.filter(({ meaning }) => meaning === 'other')].find(
      (one) =>
        !isMet(one, workload) &&
        annotationOf(serviceAccount, `azure.workload.identity/${one.meaning}`) !== one.value.trim(),
    );
    if (!ignored) return say('known', { name });
    const { kind, name: holder, key, value, fact } = ignored;
    return say(
      'ignored',
      { kind, holder, key, value },
      {
        about: { kind, name: holder },
        evidence: [{ fact, path: 'metadata.annotations', observed: `${key}: ${value}` }],
      },
    );
  },
});
export default check;
