import { shellQuote } from '../../fill.ts';
import type { Right } from '../../kubernetes/answers.ts';

/** Where `wi-doctor rbac` looks for the webhook when it is not told. */
const USUAL_WEBHOOK_NAMESPACE = 'kube-system';
/** Rights to these are only asked for in the namespace of the webhook. */
const OF_THE_WEBHOOK: readonly string[] = ['configmaps', 'endpointslices'];

/**
 * The command with which whoever administers the cluster grants a missing right, with all others that a diagnosis
 * needs.
 *
 * @returns Undefined where no role would help: nothing is to be granted to those who are not signed in, and to act as
 * somebody else is no right of reading.
 */
export function grantCommand(right: Right | undefined): string | undefined {
  const { user, verb, resource, namespace } = right ?? {};
  if (user === undefined || user === 'system:anonymous' || verb === 'impersonate') return undefined;
  const elsewhere =
    OF_THE_WEBHOOK.includes(resource ?? '') &&
    namespace !== undefined &&
    namespace !== USUAL_WEBHOOK_NAMESPACE;
  const flags = [...(elsewhere ? ['--webhook-namespace', namespace] : []), '--user', user];
  return `wi-doctor rbac ${flags.map(shellQuote).join(' ')} | kubectl apply -f -`;
}
