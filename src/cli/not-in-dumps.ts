import { diagnosisCommand } from '../diagnosis-command.ts';
import { WiDoctorError } from '../errors.ts';
import { adaptCommand, type Invocation } from '../invocation.ts';
import type { DumpReader } from '../kubernetes/dumps.ts';
import { kindWords } from '../kubernetes/kind-words.ts';
import { nearestObjects, type Named } from '../kubernetes/nearest.ts';
import { listed } from '../kubernetes/not-dumped.ts';
import { printable } from '../printable.ts';
import { didYouMean, type Wanted } from './no-such-object.ts';

const MOST_NAMES = 6;

/**
 * The error for an object that dumps do not hold, where they show what its user may have meant: the same name in
 * another namespace, or a name alike.
 *
 * @param proven Whether a list in them shows that the object does not exist.
 * @returns Undefined where nothing is proven and nothing shows what was meant: it may just not have been dumped.
 */
export function notInDumps(
  dumps: DumpReader,
  wanted: Wanted,
  proven: boolean,
  invocation: Invocation,
): WiDoctorError | undefined {
  const { ref, namespace, name } = wanted;
  const all = dumps.objects(ref).map(({ metadata }) => ({
    namespace: metadata?.namespace ?? namespace,
    name: metadata?.name ?? '',
  }));
  const kind = kindWords(ref.kind);
  const elsewhere = all
    .filter((object) => object.name === name)
    .toSorted((a, b) => a.namespace.localeCompare(b.namespace));
  if (elsewhere.length > 0) return inOtherNamespace(wanted, elsewhere, invocation);
  const near = nearestAnywhere(wanted, all);
  if (near.length === 0 && !proven) return undefined;
  const message = proven
    ? `There is no ${kind} ${name} in namespace ${namespace}.`
    : `The dump holds no ${kind} ${name} of namespace ${namespace}.`;
  const names = all.filter((object) => object.namespace === namespace).map((object) => object.name);
  const hint =
    near.length > 0
      ? didYouMean(ref, near, invocation)
      : `The dump has ${names.length === 0 ? 'none there at all' : listed(names.toSorted(), MOST_NAMES)}.`;
  return new WiDoctorError('NOT_FOUND', printable(message), { hint });
}

function inOtherNamespace(
  { ref, namespace, name }: Wanted,
  elsewhere: readonly Named[],
  invocation: Invocation,
): WiDoctorError {
  const namespaces = elsewhere.map((object) => object.namespace);
  const [first] = namespaces;
  const several = namespaces.length > 1;
  const where = `namespace${several ? 's' : ''} ${listed(namespaces)}`;
  const advice = several ? 'say which with -n' : `add -n ${first}`;
  const message = `The dump has ${kindWords(ref.kind)} ${name} in ${where}, not in ${namespace}: ${advice}.`;
  const commands = elsewhere.map((found) => {
    const object = { kind: ref.kind, ...found };
    // It is the object that was meant, so whatever was said of it still holds.
    return `  ${adaptCommand(diagnosisCommand(object), invocation, { names: [object], as: object })}`;
  });
  return new WiDoctorError('NOT_FOUND', printable(message), { hint: commands.join('\n') });
}

/** Names alike in the namespace, else in any other: who forgets a namespace may also misspell a name. */
function nearestAnywhere({ namespace, name }: Wanted, all: readonly Named[]): readonly Named[] {
  const near = nearestObjects({ namespace, name }, all);
  if (near.length > 0) return near;
  const anywhere = all.map((object) => ({ name: object.name, namespace, object }));
  return nearestObjects({ namespace, name }, anywhere).map(({ object }) => object);
}
