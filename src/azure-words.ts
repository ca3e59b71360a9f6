import { blank, type CommandText } from './word.ts';
import type { AksCluster } from './collected-facts.ts';
import type { Fact } from './fact.ts';
import { shellQuote } from './fill.ts';

/** Where an Azure resource lies; null for what is not known. */
export interface Place {
  readonly resourceGroup: string | null;
  readonly subscription: string | null;
}

/** A user-assigned identity, as far as it is known. */
export interface NamedIdentity {
  readonly name: string | null;
  readonly place: Place;
}

const NOWHERE: Place = { resourceGroup: null, subscription: null };

/** An identity that nothing is known of. */
export const UNNAMED: NamedIdentity = { name: null, place: NOWHERE };

function wordOr(value: string | null, what: string): string {
  return value === null ? blank(what).command : shellQuote(value);
}

/**
 * The options of the Azure CLI that say where a resource lies, and which one it is: `-g shop-rg -n prod`. With the
 * subscription they fit whatever subscription the reader has selected.
 *
 * @param name Quoted already; left out where the command names its object otherwise.
 */
export function placeWords({ resourceGroup, subscription }: Place, name?: string): CommandText {
  const words = [
    `-g ${wordOr(resourceGroup, 'resource group')}`,
    ...(name === undefined ? [] : [`-n ${name}`]),
    ...(subscription === null ? [] : [`--subscription ${shellQuote(subscription)}`]),
  ];
  return { command: words.join(' ') };
}

/** The options that say which AKS cluster is meant, as far as Azure was seen. */
export function aksWords(cluster: Fact<AksCluster>): CommandText {
  return cluster.state === 'present'
    ? placeWords(cluster.value, shellQuote(cluster.value.name))
    : placeWords(NOWHERE, blank('cluster name').command);
}

const RESOURCE_ID =
  /^\/subscriptions\/([\w-]+)\/resourcegroups\/([^/]+)\/providers\/microsoft\.managedidentity\/userassignedidentities\/([^/]+)\/?$/i;

/** What the resource id of a user-assigned identity says; null for any other text. */
export function identityOfResourceId(text: string): NamedIdentity | null {
  const [, subscription, resourceGroup, name] = RESOURCE_ID.exec(text) ?? [];
  if (subscription === undefined || resourceGroup === undefined || name === undefined) return null;
  return { name, place: { subscription, resourceGroup } };
}

/** A client id as a part of a command line: Azure is asked for it as the command runs. */
export function askedClientId({ name, place }: NamedIdentity): CommandText {
  const named = placeWords(place, wordOr(name, 'identity name')).command;
  return { command: `"$(az identity show ${named} --query clientId -o tsv)"` };
}

/** A JSON document as one word of a command line, with one value that is asked for as the command runs. */
export function jsonAround(document: (hole: string) => unknown, asked: CommandText): CommandText {
  // A character that stands for nothing anywhere.
  const hole = '\ue000';
  const [before = '', after = ''] = JSON.stringify(document(hole)).split(hole);
  // The quotation ends before the command, and begins anew behind it.
  return { command: `${shellQuote(before)}${asked.command}${shellQuote(after)}` };
}

/** The same for a text that stands where a client id should: a resource id, the name of an identity, or neither. */
export function askedClientIdBehind(text: string): CommandText {
  const identity = identityOfResourceId(text);
  if (identity !== null || !/^[A-Za-z0-9][\w-]{2,127}$/.test(text)) return askedClientId(identity ?? UNNAMED);
  return { command: `"$(az identity list --query "[?name=='${text}'].clientId | [0]" -o tsv)"` };
}

/** The same by any other id that Entra knows a client by: its object id, or that of its service principal. */
export function askedAppId(id: string): CommandText {
  return { command: `"$(az ad sp show --id ${shellQuote(id)} --query appId -o tsv)"` };
}
