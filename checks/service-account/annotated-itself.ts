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
import type { Fact, FactTypes } from '../../src/facts.ts';

interface Misplaced {
  readonly kind: string;
  readonly name: string;
  readonly fact: 'workload' | 'owners' | 'namespace' | 'serviceAccount';
  readonly path: 'metadata.annotations' | 'metadata.labels';
  readonly key: string;
  readonly value: string;
  readonly meaning: 'client-id' | 'tenant-id';
}

type Place = Pick<Misplaced, 'kind' | 'name' | 'fact'>;
type Meta = FactTypes['namespace']['metadata'];

function keysIn(metadata: Meta, place: Place, paths: readonly Misplaced['path'][]): Misplaced[] {
  return paths.flatMap((path) =>
    Object.entries((path === 'metadata.labels' ? metadata?.labels : metadata?.annotations) ?? {}).flatMap(
      ([key, value]) => {
        const known = keyMeaning(key);
        const meaning = known === 'known' ? key.slice(key.indexOf('/') + 1) : known;
        return meaning === 'client-id' || meaning === 'tenant-id'
          ? [{ ...place, path, key, value, meaning }]
          : [];
      },
    ),
  );
}

const BOTH = ['metadata.annotations', 'metadata.labels'] as const;

/** The keys that only count as annotations of the service account, found anywhere else. */
function misplacedKeys(
  workload: FactTypes['workload'],
  serviceAccount: FactTypes['serviceAccount'],
  owners: Fact<FactTypes['owners']>,
  namespace: Fact<FactTypes['namespace']>,
): Misplaced[] {
  const { object, metadata } = workload;
  const above = owners.state === 'present' ? owners.value.toReversed() : [];
  return [
    ...keysIn(metadata, { kind: object.kind, name: object.name, fact: 'workload' }, BOTH),
    ...above.flatMap((owner) =>
      keysIn(
        owner.metadata,
        { kind: owner.kind ?? '', name: owner.metadata?.name ?? '', fact: 'owners' },
        BOTH,
      ),
    ),
    ...keysIn(
      serviceAccount.metadata,
      { kind: 'ServiceAccount', name: workload.serviceAccountName, fact: 'serviceAccount' },
      ['metadata.labels'],
    ),
    ...(namespace.state === 'present'
      ? keysIn(
          namespace.value.metadata,
          { kind: 'Namespace', name: object.namespace, fact: 'namespace' },
          BOTH,
        )
      : []),
  ];
}

const check: Check = defineCheck({
  id: 'service-account/annotated-itself',
  title: 'client id and tenant id are annotations of the service account',
  link: 'serviceAccount',
  stage: 'values',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload', 'injection', 'serviceAccount'],
  orUnknown: ['owners', 'namespace'],
  sources: [
    'https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html',
    'https://github.com/kubernetes-sigs/external-dns/issues/5199',
  ],
  outcomes: {
    inPlace: {
      status: 'pass',
      says: 'No client id or tenant id is written where the webhook does not look.',
    },
    elsewhere: {
      status: 'fail',
      code: 'SA-08',
      title: 'The identity is named on the wrong object',
      says: 'The key {key} is on {kind} {holder}, but the webhook reads it on service account {name} only, and there it is missing.',
      aadsts: [900144],
      explainedBy: ['SA-09'],
      whatIf: 'With the key on service account {name}',
      fix: [annotate('client-id', 'puts the annotation where the webhook reads it'), RESTART_FOR_ANNOTATION],
    },
    ignored: {
      status: 'warn',
      code: 'SA-08',
      title: 'The identity is also named where nobody reads it',
      says: 'The key {key} on {kind} {holder} has no effect with its value {value}; the webhook reads it on service account {name} only.',
    },
  },
  run({ workload, injection, serviceAccount, owners, namespace }, say) {
    const aside = setAside(injection);
    if (aside !== null) return say.skip(aside);
    const name = workload.serviceAccountName;
    const found = misplacedKeys(workload, serviceAccount, owners, namespace);
    const wanting = clientsIn(workload).some((container) => clientIdSource(container) === 'none');
    const clientId = found.find(({ meaning }) => meaning === 'client-id');
    const fails = clientId && wanting && !namesClientId(serviceAccount);
    const ignored = fails
      ? clientId
      : found.find(
          ({ meaning, value }) =>
            annotationOf(serviceAccount, `azure.workload.identity/${meaning}`) !== value.trim() &&
            workload.judged.some(({ effective }) => {
              const seen = effective[meaning === 'client-id' ? 'clientId' : 'tenantId'];
              return seen.state !== 'known' || seen.value.toLowerCase() !== value.trim().toLowerCase();
            }),
        );
    if (!ignored) return say('inPlace', {});
    const { kind, name: holder, key, value, fact, path } = ignored;
    const options = {
      about: { kind, name: holder },
      evidence: [
        { fact, path, observed: `${key}: ${value}`, expected: `the same on service account ${name}` },
      ],
    } as const;
    if (!fails) return say('ignored', { kind, holder, key, value, name }, options);
    return say(
      'elsewhere',
      {
        kind,
        holder,
        key,
        name,
        ...accountWords(workload),
        wanted: isGuid(value.trim()) ? value.trim() : blank('client id'),
      },
      isGuid(value.trim())
        ? { ...options, change: { annotations: { [CLIENT_ID_KEY]: value.trim() } } }
        : options,
    );
  },
});
export default check;
