import type { Fact } from '../../fact.ts';
import type { CollectedFacts } from '../../collected-facts.ts';
import type { KubernetesClient } from '../../kubernetes/answers.ts';
import { pathOf, RESOURCES } from '../../kubernetes/resources.ts';
import type { ContainerView, Workload } from '../../derive/workload.ts';
import type { RawToken } from '../token-facts.ts';
import { readFileInContainer } from './read-token-file.ts';

const OS_LABEL = 'kubernetes.io/os';

function isWindows({ spec }: Workload, node: Fact<CollectedFacts['node']> | undefined): boolean {
  const named = (spec as { readonly os?: { readonly name?: string } }).os?.name;
  const label = node?.state === 'present' ? node.value.metadata?.labels?.[OS_LABEL] : undefined;
  const selected = (spec as { readonly nodeSelector?: Readonly<Record<string, string>> }).nodeSelector?.[
    OS_LABEL
  ];
  return (named ?? label ?? selected) === 'windows';
}

/**
 * Reads the token that a container really has, through pods/exec: minting shows a fresh one, and so never that
 * the file is no longer renewed.
 */
export async function execToken(
  client: KubernetesClient,
  workload: Workload,
  container: ContainerView,
  node: Fact<CollectedFacts['node']> | undefined,
): Promise<RawToken> {
  const { kind, object } = workload;
  if (kind !== 'pod') return { kind: 'unknown', reason: 'there is no pod to read a token file in' };
  if (client.exec === undefined)
    return { kind: 'unknown', reason: 'there is no cluster to read a token file in' };
  const { tokenFile } = container.effective;
  if (tokenFile.state !== 'known' || tokenFile.value === '') {
    const reason = tokenFile.state === 'unknown' ? tokenFile.reason : 'AZURE_FEDERATED_TOKEN_FILE is not set';
    return { kind: 'unknown', reason };
  }
  const { namespace, name } = object;
  const path = pathOf(RESOURCES.pods, { namespace, name, subresource: 'exec' });
  const run = client.exec.bind(client, path, container.name);
  const read = await readFileInContainer(run, {
    file: tokenFile.value,
    windows: isWindows(workload, node),
    where: `container ${container.name}`,
  });
  if ('reason' in read)
    return { kind: 'unknown', reason: `${read.reason}; --mint shows what a new one says` };
  return { kind: 'raw', text: read.text, origin: `exec: ${tokenFile.value} in container ${container.name}` };
}
