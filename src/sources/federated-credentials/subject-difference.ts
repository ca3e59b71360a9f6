import type { Classification } from './types.ts';

const SUBJECT = /^system:serviceaccount:([^:/]+):([^:/]+)$/;
/** Subjects of GitHub, GitLab, Bitbucket, Terraform Cloud, Azure DevOps and identity bindings: meant for others. */
const FOREIGN =
  /^(repo:|project_path:|organization:|repository:|sc:\/\/|p:\/\/|\/eid\/|\{)|^aks-identity-binding$/i;

/** Classifies two subjects that differ in more than slips. */
export function subjectDifference(expected: string, observed: string): Classification {
  const [, namespace, account] = SUBJECT.exec(expected) ?? [];
  if (namespace === undefined || account === undefined) return ['other', 'is another subject'];
  const [, otherNamespace, otherAccount] = SUBJECT.exec(observed) ?? [];
  if (otherNamespace !== undefined && otherAccount !== undefined) {
    const malformed = malformedName(otherNamespace) ?? malformedName(otherAccount);
    if (malformed !== null) return ['malformed', malformed];
    return nameDifference(namespace, account, otherNamespace, otherAccount);
  }
  if (FOREIGN.test(observed)) return ['other', 'is not a subject of a Kubernetes service account'];
  return malformation(namespace, account, observed);
}

function nameDifference(
  namespace: string,
  account: string,
  otherNamespace: string,
  otherAccount: string,
): Classification {
  const names = `${otherAccount} in namespace ${otherNamespace}`;
  if (namespace === otherAccount && account === otherNamespace) {
    return ['namespace-and-service-account', 'has namespace and service account the wrong way round'];
  }
  if (account === otherAccount) {
    return ['namespace', `is for namespace ${otherNamespace} instead of ${namespace}`];
  }
  if (namespace === otherNamespace) {
    return ['service-account', `is for service account ${otherAccount} instead of ${account}`];
  }
  return ['namespace-and-service-account', `is for service account ${names}`];
}

function malformation(namespace: string, account: string, observed: string): Classification {
  const lower = observed.toLowerCase();
  const form = 'the form is system:serviceaccount:NAMESPACE:NAME';
  if (/^system:serviceaccounts(:|$)/.test(lower)) {
    return ['malformed', `begins with system:serviceaccounts, the name of a group; ${form}`];
  }
  if (observed.includes('%')) return ['malformed', `is percent-encoded or has a stray %; ${form}`];
  if (observed.includes('*')) return ['malformed', 'contains *, and Entra knows no wildcards'];
  if (/^system[:/.]service-?account/.test(lower)) {
    if (observed.endsWith('/')) return ['malformed', 'has a slash at the end'];
    if (observed.includes('/')) return ['malformed', `has a slash where a colon belongs; ${form}`];
    if (/service-account/.test(lower)) return ['malformed', `spells serviceaccount with a hyphen; ${form}`];
    const parts = observed.split(':');
    if (parts.length < 4)
      return ['malformed', `names no ${parts.length < 3 ? 'namespace' : 'service account'}; ${form}`];
    if (parts.length > 4) return ['malformed', `has ${parts.length} parts instead of 4; ${form}`];
    return ['malformed', `has an empty part or wrong capitals; ${form}`];
  }
  if (/^(system:)?serviceaccount[:/]/.test(lower))
    return ['malformed', `lacks system: at the beginning; ${form}`];
  if (/^([^:/\s]+)[:/]([^:/\s]+)$/.test(observed)) {
    return ['malformed', `lacks system:serviceaccount: at the beginning; ${form}`];
  }
  if (lower === account.toLowerCase() || lower === namespace.toLowerCase()) {
    return ['malformed', `is a bare name; ${form}`];
  }
  if (lower.includes('serviceaccount')) return ['malformed', `is no subject of a service account; ${form}`];
  return ['other', 'is not a subject of a Kubernetes service account'];
}

/** Kubernetes names are lower-case DNS names; anything else in their place cannot be a real one. */
function malformedName(name: string): string | null {
  if (name.includes('*')) return 'contains *, and Entra knows no wildcards';
  if (name.includes('%')) return 'is percent-encoded or has a stray %';
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name))
    return `${JSON.stringify(name)} cannot be a Kubernetes name`;
  return null;
}
