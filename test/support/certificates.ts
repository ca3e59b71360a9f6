import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';

import { temporaryFolder } from './temporary-folder.ts';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A good certificate, or the one thing that is wrong with it. */
export type CertificateKind = 'trusted' | 'untrusted' | 'self-signed' | 'expired' | 'wrong-name';

interface Authority extends Certificate {
  readonly file: string;
}

/** Every name a server of these tests answers to, so that one certificate serves them all. */
export const PRODUCTION_HOSTS: readonly string[] = [
  'eastus.oic.prod-aks.azure.com',
  'westeurope.oic.prod-aks.azure.com',
  'oidc.prod-aks.azure.com',
  'usgovvirginia.oic.prod-aks.azure.us',
  'chinaeast2.oic.prod-aks.azure.cn',
  'login.microsoftonline.com',
  'login.microsoft.com',
  'login.windows.net',
  'sts.windows.net',
  'login.microsoftonline.us',
  'login.partner.microsoftonline.cn',
  'login.chinacloudapi.cn',
  'management.azure.com',
  'management.usgovcloudapi.net',
  'management.chinacloudapi.cn',
  'graph.microsoft.com',
  'graph.microsoft.us',
  'microsoftgraph.chinacloudapi.cn',
];

const LOCAL_NAMES = ['localhost', '127.0.0.1', '::1'];
const GOOD = { from: '20200101000000Z', to: '20490101000000Z' };
const OVER = { from: '20200101000000Z', to: '20200201000000Z' };

const made = new Map<string, Certificate>();
const authorities = new Map<string, Authority>();

/** The CA file to hand to a process as NODE_EXTRA_CA_CERTS, or to a kubeconfig. */
export function authorityFile(): string {
  return authority('trusted').file;
}

/** The same CA as PEM text. */
export function authorityPem(): string {
  return authority('trusted').cert;
}

/** A certificate for a server; `names` are added to the loopback names and the production hosts. */
export function serverCertificate(kind: CertificateKind = 'trusted', names: string[] = []): Certificate {
  return once(`server ${kind} ${names.join(' ')}`, () => {
    const all =
      kind === 'wrong-name' ? ['elsewhere.invalid'] : [...LOCAL_NAMES, ...PRODUCTION_HOSTS, ...names];
    const extensions = [
      'basicConstraints=CA:FALSE',
      'keyUsage=digitalSignature',
      'extendedKeyUsage=serverAuth',
      `subjectAltName=${all.map((name) => `${isIP(name) ? 'IP' : 'DNS'}:${name}`).join(',')}`,
    ];
    return issue({
      authority: kind === 'self-signed' ? null : authority(kind === 'untrusted' ? 'untrusted' : 'trusted'),
      subject: '/CN=wi-doctor test server',
      extensions,
      validity: kind === 'expired' ? OVER : GOOD,
    });
  });
}

/** A client certificate as a kubeconfig carries it: the common name is the user, organisations its groups. */
export function clientCertificate(
  user: string,
  groups: string[] = [],
  kind: 'trusted' | 'untrusted' | 'expired' = 'trusted',
): Certificate {
  return once(`client ${kind} ${user} ${groups.join(' ')}`, () =>
    issue({
      authority: authority(kind === 'untrusted' ? 'untrusted' : 'trusted'),
      subject: `${groups.map((group) => `/O=${escapeName(group)}`).join('')}/CN=${escapeName(user)}`,
      extensions: ['basicConstraints=CA:FALSE', 'keyUsage=digitalSignature', 'extendedKeyUsage=clientAuth'],
      validity: kind === 'expired' ? OVER : GOOD,
    }),
  );
}

function once(name: string, make: () => Certificate): Certificate {
  const known = made.get(name);
  if (known) return known;
  const certificate = make();
  made.set(name, certificate);
  return certificate;
}

function authority(name: 'trusted' | 'untrusted'): Authority {
  const known = authorities.get(name);
  if (known) return known;
  const folder = temporaryFolder('ca');
  const certificate = issue({
    authority: null,
    subject: `/CN=wi-doctor ${name} test CA`,
    extensions: ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'],
    validity: GOOD,
  });
  const file = join(folder, 'ca.pem');
  writeFileSync(file, certificate.cert);
  const authority = { ...certificate, file };
  authorities.set(name, authority);
  return authority;
}

interface Order {
  authority: Authority | null;
  subject: string;
  extensions: string[];
  validity: { from: string; to: string };
}

/** `openssl ca` rather than `openssl x509`: every version of it takes both ends of the validity. */
function issue({ authority, subject, extensions, validity }: Order): Certificate {
  const folder = temporaryFolder('certificate');
  const path = (name: string): string => join(folder, name);
  // A P-256 key takes a millisecond, an RSA key up to a second.
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  writeFileSync(path('key.pem'), key, { mode: 0o600 });
  writeFileSync(path('index.txt'), '');
  writeFileSync(path('ca.key'), authority?.key ?? key, { mode: 0o600 });
  if (authority) writeFileSync(path('ca.pem'), authority.cert);
  writeFileSync(
    path('openssl.cnf'),
    [
      '[req]',
      'distinguished_name=empty',
      '[empty]',
      '[ca]',
      'default_ca=throw_away',
      '[throw_away]',
      `database=${path('index.txt')}`,
      `new_certs_dir=${folder}`,
      'default_md=sha256',
      'policy=anything',
      'rand_serial=yes',
      'unique_subject=no',
      '[anything]',
      'organizationName=optional',
      'commonName=supplied',
      '[extensions]',
      ...extensions,
      '',
    ].join('\n'),
  );
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', [...args, '-config', path('openssl.cnf')], { stdio: 'pipe' });
  };
  openssl('req', '-new', '-utf8', '-key', path('key.pem'), '-subj', subject, '-out', path('request.pem'));
  openssl(
    'ca',
    '-batch',
    '-notext',
    '-utf8',
    '-preserveDN',
    '-in',
    path('request.pem'),
    '-out',
    path('cert.pem'),
    '-startdate',
    validity.from,
    '-enddate',
    validity.to,
    '-extensions',
    'extensions',
    '-keyfile',
    path('ca.key'),
    ...(authority ? ['-cert', path('ca.pem')] : ['-selfsign']),
  );
  return { key, cert: readFileSync(path('cert.pem'), 'utf8') };
}

/** Slashes and plus signs separate parts of a name on openssl's command line. */
function escapeName(name: string): string {
  return name.replace(/[/+\\]/g, String.raw`\$&`);
}
