import { cloudOfAuthority } from '../../authority-hosts.ts';

/** The Azure clouds whose hosts are known. */
export type Cloud = 'public' | 'usgov' | 'china';

/** Where one cloud answers. */
export interface CloudHosts {
  /** Host at which the caller signs in. */
  readonly authority: string;
  /** Azure Resource Manager. */
  readonly arm: string;
  /** Microsoft Graph. */
  readonly graph: string;
}

const HOSTS: Readonly<Record<Cloud, CloudHosts>> = {
  public: {
    authority: 'login.microsoftonline.com',
    arm: 'management.azure.com',
    graph: 'graph.microsoft.com',
  },
  usgov: {
    authority: 'login.microsoftonline.us',
    arm: 'management.usgovcloudapi.net',
    graph: 'graph.microsoft.us',
  },
  china: {
    authority: 'login.chinacloudapi.cn',
    arm: 'management.chinacloudapi.cn',
    graph: 'microsoftgraph.chinacloudapi.cn',
  },
};

export function hostsOf(cloud: Cloud): CloudHosts {
  return HOSTS[cloud];
}

/** The cloud of an authority host or URL; null for a host that is none of Entra's. */
export function cloudOfUrl(authority: string): Cloud | null {
  const url = /^https?:\/\//i.test(authority) ? authority : `https://${authority}`;
  return URL.canParse(url) ? cloudOfAuthority(new URL(url).hostname) : null;
}

/**
 * The cloud to look in: the one whose Entra the pod signs in at, else the one asked for, else the one of the
 * caller's own `AZURE_AUTHORITY_HOST`, else the public one.
 *
 * @param podAuthority The authority host that the pod was given; null where it was given none.
 * @returns Null when the caller's own authority host belongs to a cloud whose other hosts are not known.
 */
export function chooseCloud(
  podAuthority: string | null,
  asked: Cloud | null,
  env: Readonly<Record<string, string | undefined>>,
): Cloud | null {
  const ofPod = podAuthority === null ? null : cloudOfUrl(podAuthority);
  if (ofPod !== null) return ofPod;
  if (asked !== null) return asked;
  const own = env['AZURE_AUTHORITY_HOST'] ?? '';
  return own === '' ? 'public' : cloudOfUrl(own);
}
