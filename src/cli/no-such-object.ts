import { diagnosisCommand } from '../diagnosis-command.ts';
import { WiDoctorError } from '../errors.ts';
import { shellQuote } from '../fill.ts';
import { adaptCommand, type Invocation } from '../invocation.ts';
import type { KubernetesClient } from '../kubernetes/answers.ts';
import { kindWords } from '../kubernetes/kind-words.ts';
import { nearestObjects } from '../kubernetes/nearest.ts';
import { pathOf, type ResourceRef } from '../kubernetes/resources.ts';
import type { KubernetesObject } from '../kubernetes/types.ts';
import { printable } from '../printable.ts';

/** The object that was asked for. */
export interface Wanted {
  readonly ref: ResourceRef;
  readonly namespace: string;
  readonly name: string;
  /** False when the namespace itself is known not to exist. */
  readonly namespaceExists: boolean;
}

/** Names that its user may have meant, as commands. */
export function didYouMean(
  { kind }: ResourceRef,
  near: readonly { namespace: string; name: string }[],
  invocation: Invocation,
): string {
  const commands = near.map((object) => adaptCommand(diagnosisCommand({ kind, ...object }), invocation));
  return ['Did you mean one of these?', ...commands.map((command) => `  ${command}`)].join('\n');
}

/** The error for an object that does not exist, with the names its user may have meant. */
export async function noSuchObject(
  client: KubernetesClient,
  wanted: Wanted,
  invocation: Invocation,
): Promise<WiDoctorError> {
  const { ref, namespace, name, namespaceExists } = wanted;
  const everywhere = await client.list<KubernetesObject>(pathOf(ref));
  // Without the right to list all namespaces, the user's own is still worth a look.
  const list =
    everywhere.kind === 'ok' ? everywhere : await client.list<KubernetesObject>(pathOf(ref, { namespace }));
  const objects = list.kind === 'ok' ? list.body.items : [];
  const named = objects.map(({ metadata }) => ({
    namespace: metadata?.namespace ?? namespace,
    name: metadata?.name ?? '',
  }));
  const near = nearestObjects({ namespace, name }, named);
  const kind = kindWords(ref.kind);
  const message = namespaceExists
    ? `There is no ${kind} ${name} in namespace ${namespace}.`
    : `There is no namespace ${namespace}, and so no ${kind} ${name} in it.`;
  const hint =
    near.length > 0
      ? didYouMean(ref, near, invocation)
      : `See what there is: ${adaptCommand(`kubectl get ${ref.resource} -n ${shellQuote(namespace)}`, invocation)}`;
  return new WiDoctorError('NOT_FOUND', printable(message), { hint });
}
