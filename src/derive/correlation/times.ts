import type { Fields } from '../../aadsts/explanation.ts';
import { valuesOf } from '../../aadsts/read/literal.ts';
import type { ContainerStatus } from '../../kubernetes/types.ts';
import { durationWords, epochSeconds } from '../../sources/token/time-words.ts';
import type { Live, Match } from './match.ts';

/** The kubelet renews a token after this share of its life, so no older one lies in the file. */
const RENEWED_AT = 0.8;
/** Seconds by which the clocks of node, API server and Entra may differ. */
const SLACK = 120;

interface Start {
  readonly container: string;
  readonly at: number;
}

function statusesOf({ workload, set }: Live): readonly ContainerStatus[] {
  const { pod } = set.facts;
  if (workload.kind !== 'pod' || pod?.state !== 'present') return [];
  const { containerStatuses = [], initContainerStatuses = [] } = pod.value.status ?? {};
  return [...containerStatuses, ...initContainerStatuses];
}

/** When the containers that can have logged the error were started: now running, and before their last restart. */
function startsOf(live: Live, container: string | null): Start[] {
  const judged = live.workload.judged.map(({ name }) => name);
  return statusesOf(live)
    .filter(({ name }) => (container === null ? judged.includes(name) : name === container))
    .flatMap(({ name, state, lastState }) =>
      [state?.running?.startedAt, state?.terminated?.startedAt, lastState?.terminated?.startedAt].flatMap(
        (moment) => (moment === undefined ? [] : [{ container: name, at: epochSeconds(moment) }]),
      ),
    );
}

/** The latest of the moments a field holds; not a number when it holds none. */
function latest(...fields: readonly Fields['timestamp'][]): { readonly text: string; readonly at: number } {
  const moments = fields
    .flatMap(valuesOf)
    .map((text) => ({
      text,
      at: epochSeconds(/^\d{4}-\d\d-\d\d \S+$/.test(text) ? text.replace(' ', 'T') : text),
    }))
    .filter(({ at }) => !Number.isNaN(at));
  return moments.toSorted((a, b) => b.at - a.at)[0] ?? { text: '', at: Number.NaN };
}

/** The window of the token began when a container started: it was read then and kept. */
function windowMatch(fields: Fields, live: Live, container: string | null): Match[] {
  const from = latest(fields.validFrom);
  const to = latest(fields.validTo);
  if (Number.isNaN(from.at) || Number.isNaN(to.at) || from.at <= 0) return [];
  const life = to.at - from.at;
  const start = startsOf(live, container).find(
    ({ at }) => from.at <= at + SLACK && at - from.at <= life * RENEWED_AT + SLACK,
  );
  if (!start) return [];
  const gap = Math.round(start.at - from.at);
  const when = Math.abs(gap) < SLACK ? 'as' : `${durationWords(Math.abs(gap))} before`;
  return [
    {
      field: 'validFrom',
      value: from.text,
      relation: 'same',
      with: `container ${start.container}`,
      note: `The token of the error became valid ${when} container ${start.container} started, so it is the one that was in the file then.`,
    },
  ];
}

function happened(fields: Fields): { readonly text: string; readonly at: number } {
  return latest(fields.timestamp, fields.currentTime);
}

/** The error is older than what it is held against, so it may tell of a state that is gone. */
function ageMatches(fields: Fields, { workload, signIns, set }: Live): Match[] {
  const { text, at } = happened(fields);
  if (Number.isNaN(at)) return [];
  const field = valuesOf(fields.timestamp).includes(text) ? 'timestamp' : 'currentTime';
  const older = (what: string, moment: string | null | undefined): Match[] => {
    const since = epochSeconds(moment ?? '');
    if (Number.isNaN(since) || at >= since) return [];
    const gap = durationWords(since - at);
    const note = `The error is ${gap} older than ${what}, which was created at ${moment}.`;
    return [{ field, value: text, relation: 'other', with: what, note }];
  };
  const { namespace, name } = workload.object;
  const credentials = signIns.flatMap(({ clientId }) => {
    const list = clientId.state === 'known' ? set.clients[clientId.value]?.federatedCredentials : undefined;
    return list?.state === 'present' ? list.value.items : [];
  });
  return [
    ...(workload.kind === 'pod' ? older(`pod ${namespace}/${name}`, workload.created) : []),
    ...credentials.flatMap((credential) =>
      older(`federated credential ${credential.name}`, credential.created),
    ),
  ];
}

/** Holds the times of one error against the pod, its containers and its credentials. */
export function matchTimes(fields: Fields, live: Live, container: string | null): Match[] {
  return [...windowMatch(fields, live, container), ...ageMatches(fields, live)];
}
