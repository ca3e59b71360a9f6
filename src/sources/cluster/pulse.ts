import type { KubernetesClient } from '../../kubernetes/answers.ts';
import { pathOf, RESOURCES } from '../../kubernetes/resources.ts';
import type { KubernetesObject } from '../../kubernetes/types.ts';
import { answerFact, type Facts } from './answer-fact.ts';
import { pruneObject } from './prune.ts';

type Known = Facts['pod'] | Facts['serviceAccount'];

async function isSame(client: KubernetesClient, path: string, known: Known): Promise<boolean> {
  const now = answerFact(await client.get<KubernetesObject>(path), path);
  // What cannot be seen now is taken to be as it was.
  if (now.state === 'unknown') return true;
  if (now.state === 'absent' || known?.state !== 'present') return now.state === known?.state;
  return JSON.stringify(pruneObject(now.value)) === JSON.stringify(known.value);
}

/**
 * Whether a pod and its service account are still what they were: two requests in place of all that a pod leads to.
 *
 * Rights: get pods and serviceaccounts.
 */
export async function isUnchanged(
  client: KubernetesClient,
  namespace: string,
  { pod, serviceAccount }: Facts,
): Promise<boolean> {
  if (pod?.state !== 'present') return false;
  const { metadata, spec } = pod.value;
  const account = spec?.serviceAccountName || spec?.serviceAccount || 'default';
  const answers = await Promise.all([
    isSame(client, pathOf(RESOURCES.pods, { namespace, name: metadata?.name ?? '' }), pod),
    isSame(client, pathOf(RESOURCES.serviceaccounts, { namespace, name: account }), serviceAccount),
  ]);
  return !answers.includes(false);
}
