import { blank, type Word } from './word.ts';
import { aksWords } from './azure-words.ts';
import { blobPlace } from './derive/issuer.ts';
import { shellQuote } from './fill.ts';
import type { AksCluster, Target } from './collected-facts.ts';
import type { Fact } from './fact.ts';

/** The commands that publish an issuer; a check picks by id what is missing. */
export const PUBLISH_ISSUER = [
  {
    id: 'find',
    command: 'az aks list --query {withIssuer} -o table',
    why: 'finds the cluster of this issuer and its resource group; signed in to its subscription',
    actor: 'Azure admin',
    restarts: false,
  },
  {
    id: 'ask',
    command: 'wi-doctor cluster',
    why: 'where the cluster is reached: looks at its issuer from both sides, and says how to publish it',
    actor: 'cluster admin',
    restarts: false,
  },
  {
    id: 'aks',
    command: 'az aks update {aks}',
    why: 'reconciles the cluster, which publishes its issuer again; if it does not, ask Microsoft support',
    actor: 'Azure admin',
    restarts: false,
  },
  {
    id: 'flag',
    command:
      "sudo sed -i '/--service-account-issuer=/i\\    - --service-account-issuer='{newIssuer} /etc/kubernetes/manifests/kube-apiserver.yaml",
    why: 'on each control plane node of a kubeadm cluster: the first issuer signs, the old one stays accepted',
    actor: 'cluster admin',
    restarts: false,
  },
  {
    id: 'document',
    command:
      "kubectl get --raw /.well-known/openid-configuration | jq --arg issuer {issuer} --arg keys {keysUrl} '.issuer = $issuer | .jwks_uri = $keys' > openid-configuration.json",
    why: 'makes the discovery document, with the public address of the keys in it',
    actor: 'cluster admin',
    restarts: false,
  },
  {
    id: 'keys',
    command: 'kubectl get --raw /openid/v1/jwks > jwks.json',
    why: 'fetches the public keys that the API server signs with now',
    actor: 'cluster admin',
    restarts: false,
  },
  {
    id: 'upload-document',
    command:
      'az storage blob upload --account-name {account} -c {container} -n .well-known/openid-configuration -f openid-configuration.json --content-type application/json --overwrite',
    why: 'publishes the document, if the issuer is on blob storage; elsewhere, upload it in the way that place has',
    actor: 'Azure admin',
    restarts: false,
  },
  {
    id: 'upload-keys',
    command:
      'az storage blob upload --account-name {account} -c {container} -n openid/v1/jwks -f jwks.json --content-type application/json --overwrite',
    why: 'publishes the keys, if the issuer is on blob storage; elsewhere, upload them in the way that place has',
    actor: 'Azure admin',
    restarts: false,
  },
] as const;

/** Ids of the commands that publish a part of a self-managed issuer. */
export const PUBLISH_DOCUMENT: readonly string[] = ['document', 'upload-document'];
export const PUBLISH_KEYS: readonly string[] = ['keys', 'upload-keys'];

type PublishWord = 'withIssuer' | 'aks' | 'newIssuer' | 'issuer' | 'keysUrl' | 'account' | 'container';

/**
 * Which of them fit: AKS publishes by itself, and whoever has no more than a token first has to reach the cluster.
 *
 * @param parts Ids of the commands for what is missing of a self-managed issuer.
 */
export function publishFix(
  target: Fact<Target>,
  isAks: boolean,
  parts: readonly string[],
): readonly string[] {
  const alone = target.state === 'present' && target.value.kind === 'Token';
  if (isAks) return alone ? ['find', 'aks'] : ['aks'];
  return alone ? ['ask'] : parts;
}

/** The command that shows what an address answers. */
export function fetchCommand(url: string): string {
  return `curl -sS ${shellQuote(url)}`;
}

/**
 * The words of those commands.
 *
 * @param keysUrl Where the key set is to be, if it has a place already.
 */
export function publishWords(
  issuer: string,
  aksCluster: Fact<AksCluster>,
  keysUrl?: string,
): Readonly<Record<PublishWord, Word>> {
  const place = blobPlace(issuer);
  return {
    withIssuer: `[?oidcIssuerProfile.issuerUrl=='${issuer}'].[name, resourceGroup]`,
    aks: aksWords(aksCluster),
    newIssuer: blank('issuer url'),
    issuer,
    keysUrl: keysUrl ?? `${issuer.replace(/\/$/, '')}/openid/v1/jwks`,
    account: place?.account ?? blank('storage account'),
    container: place?.container ?? blank('container'),
  };
}
