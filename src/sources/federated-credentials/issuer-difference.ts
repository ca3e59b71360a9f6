import type { Classification } from './types.ts';

/** The parts of an AKS issuer that tell clusters apart. */
interface AksIssuer {
  readonly host: string;
  /** Null in the old form `https://oidc.prod-aks.azure.com/<guid>/`. */
  readonly tenant: string | null;
  readonly guid: string;
}

const GUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const AKS = new RegExp(
  `^https://([a-z0-9-]+\\.oic|oidc)(\\.prod-aks\\.azure\\.(?:com|us|cn))/(?:(${GUID})/)?(${GUID})/*$`,
  'i',
);
/** Names a managed identity, not a cluster, in its last part. */
const IDENTITY_BINDING = /^https:\/\/ib\.oic\./i;
const WELL_KNOWN = '/.well-known/openid-configuration';

/** Classifies two issuers that differ in more than slips (AKS has used several forms over the years). */
export function issuerDifference(expected: string, observed: string): Classification {
  const malformed = malformation(expected, observed);
  if (malformed !== null) return ['malformed', malformed];
  const [ours, theirs] = [aksIssuer(expected), aksIssuer(observed)];
  if (ours !== null && theirs !== null) return aksDifference(ours, theirs);
  if (IDENTITY_BINDING.test(observed)) return ['other', 'belongs to an identity binding'];
  const [left, right] = [clusterPath(expected), clusterPath(observed)];
  if (left !== null && right !== null && left.guid === right.guid && left.host !== right.host) {
    return ['host-form', `has the host ${right.host} instead of ${left.host}`];
  }
  return ['other', 'belongs to something else than this cluster'];
}

function malformation(expected: string, observed: string): string | null {
  const bare = (text: string): string =>
    text
      .replace(/^[a-z][a-z0-9+.-]*:\/*/i, '')
      .replace(/\/+$/, '')
      .toLowerCase();
  if (/^http:\/\//i.test(observed)) {
    return bare(observed) === bare(expected)
      ? 'has http:// instead of https://'
      : 'begins with http://, not https://';
  }
  if (observed.toLowerCase().includes(WELL_KNOWN)) {
    return `contains ${WELL_KNOWN}, which is where the issuer's document is, not its name`;
  }
  if (/\/openid\/v1\/jwks\/?$/i.test(observed)) return 'is the address of the key set, not the issuer';
  if (!/^https:\/\//i.test(observed) || !URL.canParse(observed)) {
    return bare(observed) === bare(expected) ? 'lacks https:// at the beginning' : 'is not an https URL';
  }
  return null;
}

function aksDifference(ours: AksIssuer, theirs: AksIssuer): Classification {
  const otherHost = ours.host !== theirs.host;
  if (ours.guid === theirs.guid) {
    if (otherHost)
      return ['host-form', `names the same cluster by host ${theirs.host} instead of ${ours.host}`];
    return ['other', 'has another tenant in its path'];
  }
  const where = otherHost ? `, at ${theirs.host} instead of ${ours.host}` : '';
  const tenant = ours.tenant !== theirs.tenant && ours.tenant !== null && theirs.tenant !== null;
  return ['other-cluster', `belongs to another AKS cluster${where}${tenant ? ', in another tenant' : ''}`];
}

function aksIssuer(text: string): AksIssuer | null {
  const [, label, domain, tenant, guid] = AKS.exec(text)?.map((part) => part?.toLowerCase()) ?? [];
  if (label === undefined || domain === undefined || guid === undefined) return null;
  if (IDENTITY_BINDING.test(text)) return null;
  return { host: label + domain, tenant: tenant ?? null, guid };
}

/** Host and guid of an issuer in a form that is not known: AKS may add one, as it did before. */
function clusterPath(text: string): { readonly host: string; readonly guid: string } | null {
  if (!URL.canParse(text)) return null;
  const { host, pathname } = new URL(text);
  const guid = new RegExp(`/(${GUID})/*$`, 'i').exec(pathname)?.[1]?.toLowerCase();
  return guid === undefined ? null : { host, guid };
}
