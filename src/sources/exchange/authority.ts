import { cloudOfAuthority } from '../../authority-hosts.ts';
import { WiDoctorError } from '../../errors.ts';

/** Where a token may go. */
export interface Authority {
  readonly hostname: string;
  readonly port: number;
  /** Scope that every tenant of that cloud has. */
  readonly defaultScope: string;
}

const GRAPH: Readonly<Record<string, string>> = {
  public: 'https://graph.microsoft.com/.default',
  usgov: 'https://graph.microsoft.us/.default',
  china: 'https://microsoftgraph.chinacloudapi.cn/.default',
};
const PUBLIC_GRAPH = 'https://graph.microsoft.com/.default';
const HTTPS = 443;

function httpsUrl(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const plain = url.protocol === 'https:' && url.username === '' && url.password === '';
  return plain && url.hostname !== '' ? url : null;
}

/**
 * `--authority-host HOST`: a host name, with a port if need be, or its https URL.
 *
 * @throws {WiDoctorError} `USAGE` for anything else.
 */
export function parseAuthorityHost(text: string): Authority {
  const url = httpsUrl(text.includes('://') ? text : `https://${text}`);
  if (url === null || !['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '') {
    throw new WiDoctorError('USAGE', '--authority-host takes the name of a host that is asked over https.', {
      hint: 'Write it as login.example.com, or login.example.com:8443.',
    });
  }
  const cloud = cloudOfAuthority(url.hostname);
  return {
    hostname: url.hostname,
    port: url.port === '' ? HTTPS : Number(url.port),
    defaultScope: GRAPH[cloud ?? ''] ?? PUBLIC_GRAPH,
  };
}

/**
 * Where the token of a pod with this AZURE_AUTHORITY_HOST may be sent: a variable of a pod is data, so only a
 * host of Entra's will do.
 *
 * @returns The reason, one clause, when it may not.
 */
export function authorityOf(authorityHost: string): Authority | string {
  const shown = authorityHost === '' ? 'empty' : authorityHost;
  const url = httpsUrl(authorityHost);
  if (url === null)
    return `AZURE_AUTHORITY_HOST of the pod is ${shown}, which is no https URL, so no token was sent`;
  const cloud = url.port === '' ? cloudOfAuthority(url.hostname) : null;
  if (cloud === null)
    return `AZURE_AUTHORITY_HOST of the pod is ${shown}, no sign-in host of Microsoft Entra ID, so no token was sent there`;
  return { hostname: url.hostname, port: HTTPS, defaultScope: GRAPH[cloud] ?? PUBLIC_GRAPH };
}
