import { absent, present, unknown, type Fact } from '../../fact.ts';
import type { AksCluster, IdentityBinding } from '../../collected-facts.ts';
import { shellQuote } from '../../fill.ts';
import { objectOf, textOf, type Json, type Right } from './answers.ts';
import type { AzureClient } from './request.ts';

const AKS = 'Microsoft.ContainerService/managedClusters';
const CLUSTER_VERSION = 'api-version=2025-05-01';
const BINDINGS_VERSION = 'api-version=2025-10-02-preview';
const CLUSTER_ID =
  /^\/subscriptions\/([\w-]+)\/resourcegroups\/([^/?#%\\\s.][^/?#%\\\s]*)\/providers\/Microsoft\.ContainerService\/managedClusters\/([\w-]+)$/i;
const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/**
 * The query that finds the AKS cluster of a token issuer: by the guid in it, or by the API server's own name, which
 * is the issuer while the OIDC issuer is off. Null when the issuer is none of AKS.
 */
function clusterQuery(issuer: string): string | null {
  if (!URL.canParse(issuer)) return null;
  const { hostname, pathname } = new URL(issuer);
  const table = `resources | where type =~ '${AKS.toLowerCase()}'`;
  // The last guid is the cluster's own; the one before it is the tenant's.
  const guid = [...pathname.matchAll(GUID)].at(-1)?.[0];
  if (/\.oic\.prod-aks\.azure\.|^oidc\.prod-aks\./.test(hostname) && guid !== undefined)
    return `${table} | where tostring(properties.oidcIssuerProfile.issuerUrl) contains '${guid}' | project id`;
  if (!/^[a-z0-9.-]+\.azmk8s\.(io|us)$|^[a-z0-9.-]+\.azmk8s\.cn$/.test(hostname)) return null;
  return `${table} | where tostring(properties.fqdn) =~ '${hostname}' or tostring(properties.privateFQDN) =~ '${hostname}' | project id`;
}

function clusterOf(id: string, resource: Json): AksCluster {
  const [, subscription = '', resourceGroup = '', name = ''] = CLUSTER_ID.exec(id) ?? [];
  const properties = objectOf(resource, 'properties');
  const issuer = objectOf(properties, 'oidcIssuerProfile');
  const workloadIdentity = objectOf(objectOf(properties, 'securityProfile'), 'workloadIdentity');
  const access = objectOf(properties, 'apiServerAccessProfile');
  return {
    id,
    name,
    resourceGroup,
    subscription,
    created: textOf(objectOf(resource, 'systemData'), 'createdAt') ?? null,
    kubernetesVersion:
      textOf(properties, 'currentKubernetesVersion') ?? textOf(properties, 'kubernetesVersion') ?? null,
    oidcIssuer: { enabled: issuer['enabled'] === true, url: textOf(issuer, 'issuerUrl') ?? null },
    workloadIdentity: workloadIdentity['enabled'] === true,
    vnetIntegration: access['enableVnetIntegration'] === true,
  };
}

const HINT = 'az aks list --query "[].id" -o tsv';

async function clusterIdFor(client: AzureClient, issuer: Fact<string>): Promise<Fact<string>> {
  if (issuer.state !== 'present') return issuer;
  const kql = clusterQuery(issuer.value);
  if (kql === null) return absent('not asked for: the token issuer is none of AKS');
  const rows = await client.query(kql);
  if (rows.kind === 'unknown') return unknown(rows.reason);
  const ids = rows.kind === 'ok' ? rows.body.items.flatMap((row) => textOf(row, 'id') ?? []) : [];
  const [id] = ids;
  // Resource Graph only shows what the caller may read, so an empty answer says nothing about the cluster.
  if (id === undefined || ids.length > 1)
    return unknown('the AKS cluster is not among those that the sign-in sees; --cluster-id names it', HINT);
  return present(id, 'azure: Resource Graph');
}

/**
 * The AKS cluster that `--cluster-id` names, else the one whose issuer signs the pod's tokens.
 *
 * Rights: `Microsoft.ContainerService/managedClusters/read` on the cluster.
 */
export async function findCluster(
  client: AzureClient,
  asked: string | null,
  issuer: Fact<string>,
): Promise<Fact<AksCluster>> {
  const id = asked === null ? await clusterIdFor(client, issuer) : present(asked, '--cluster-id');
  if (id.state !== 'present') return id;
  const right: Right = { name: `${AKS}/read`, scope: id.value };
  const answer = await client.get('arm', `${encodeURI(id.value)}?${CLUSTER_VERSION}`, right);
  if (answer.kind === 'unknown') return unknown(answer.reason);
  if (answer.kind === 'absent') return unknown(`there is no AKS cluster ${id.value}`, HINT);
  return present(clusterOf(id.value, answer.body), `azure: ${id.value}`);
}

function bindingOf(resource: Json): IdentityBinding {
  const properties = objectOf(resource, 'properties');
  const identity = objectOf(properties, 'managedIdentity');
  return {
    name: textOf(resource, 'name') ?? '',
    identityId: textOf(identity, 'resourceId') ?? null,
    clientId: textOf(identity, 'clientId')?.toLowerCase() ?? null,
    issuer: textOf(objectOf(properties, 'oidcIssuer'), 'oidcIssuerUrl') ?? null,
    provisioningState: textOf(properties, 'provisioningState') ?? null,
  };
}

/** All identity bindings of a cluster. Rights: `…/managedClusters/identityBindings/read` on it. */
export async function readBindings(
  client: AzureClient,
  cluster: Fact<AksCluster>,
): Promise<Fact<readonly IdentityBinding[]>> {
  if (cluster.state === 'absent') return cluster;
  if (cluster.state === 'unknown') return unknown(cluster.reason, cluster.settle);
  const { id, name, resourceGroup } = cluster.value;
  const list = await client.list('arm', `${encodeURI(id)}/identityBindings?${BINDINGS_VERSION}`, {
    name: `${AKS}/identityBindings/read`,
    scope: id,
  });
  const settle = `az aks identity-binding list -g ${shellQuote(resourceGroup)} --cluster-name ${shellQuote(name)} -o table`;
  if (list.kind === 'unknown') return unknown(list.reason, settle);
  if (list.kind === 'absent') return unknown('the AKS cluster was not found', settle);
  return present(list.body.items.map(bindingOf), `azure: identity bindings of ${name}`);
}
