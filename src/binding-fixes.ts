import { placeWords, UNNAMED } from './azure-words.ts';
import { blank, type CommandText, type Word } from './word.ts';
import type { Workload } from './derive/workload.ts';
import type { AksCluster, Identity } from './collected-facts.ts';
import type { Fact } from './fact.ts';
import { shellQuote } from './fill.ts';

/** Binds an identity to a cluster; Azure makes the federated credential for it. */
export interface BindIdentity<Why extends string> {
  readonly command: 'az aks identity-binding create {inCluster} --name {binding} --managed-identity-resource-id {identityId}';
  readonly why: Why;
  readonly actor: 'Azure admin';
  readonly restarts: false;
}

/** The command that makes an identity binding. */
export function bindIdentity<const Why extends string>(why: Why): BindIdentity<Why> {
  return {
    command:
      'az aks identity-binding create {inCluster} --name {binding} --managed-identity-resource-id {identityId}',
    why,
    actor: 'Azure admin',
    restarts: false,
  };
}

function identityId(identity: Fact<Identity>): Word {
  const known = identity.state === 'present' ? identity.value : null;
  if (known?.name && known.resourceGroup && known.subscription)
    return `/subscriptions/${known.subscription}/resourceGroups/${known.resourceGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${known.name}`;
  const name = known?.name ? shellQuote(known.name) : blank('identity name').command;
  return {
    command: `"$(az identity show ${placeWords(known ?? UNNAMED.place, name).command} --query id -o tsv)"`,
  };
}

/**
 * The words of commands about identity bindings.
 *
 * @param binding The name of the one that is there; null for a new one.
 */
export function bindingWords(
  { object, serviceAccountName }: Workload,
  identity: Fact<Identity>,
  aksCluster: Fact<AksCluster>,
  binding: string | null,
): { readonly inCluster: CommandText; readonly binding: string; readonly identityId: Word } {
  const cluster = aksCluster.state === 'present' ? aksCluster.value : null;
  const name = cluster ? shellQuote(cluster.name) : blank('cluster name').command;
  const place = placeWords(cluster ?? UNNAMED.place).command;
  return {
    inCluster: { command: `${place} --cluster-name ${name}` },
    binding: binding ?? `${object.namespace}-${serviceAccountName}`.replaceAll('.', '-'),
    identityId: identityId(identity),
  };
}
