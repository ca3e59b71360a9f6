import { BlockList, isIP, isIPv6 } from 'node:net';
import type { Environment } from './kubeconfig.ts';

/**
 * The proxy that the environment wants for a server, as Go programs such as kubectl read it: `HTTPS_PROXY` or
 * `HTTP_PROXY` (lower case too) by scheme, unless `NO_PROXY` names the host. The loopback never goes through one.
 *
 * @param server URL of the API server.
 * @returns URL of the proxy, or undefined for a direct connection.
 */
export function proxyFromEnvironment(server: string, env: Environment): string | undefined {
  const url = new URL(server);
  const variable = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxy = set(env[variable]) ?? set(env[variable.toLowerCase()]);
  if (proxy === undefined) return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  if (isLoopback(host)) return undefined;
  const exceptions = set(env['NO_PROXY']) ?? env['no_proxy'] ?? '';
  const excepted = exceptions.split(',').some((entry) => covers(entry.trim().toLowerCase(), host, port));
  return excepted ? undefined : proxy;
}

function set(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Whether one entry of NO_PROXY means this host: `*`, a name, `.domain`, an address or a range, with or without port. */
function covers(entry: string, host: string, port: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  const range = /^(?<address>[0-9a-f.:]+)\/(?<bits>\d{1,3})$/.exec(entry)?.groups;
  if (range !== undefined)
    return isIP(host) !== 0 && inRange(host, range['address'] ?? '', Number(range['bits']));
  const { name, only } = withoutPort(entry);
  if (only !== undefined && only !== port) return false;
  if (isIP(name) !== 0 || isIP(host) !== 0) return name === host;
  const domain = name.replace(/^\*?\./, '');
  return host.endsWith(`.${domain}`) || (host === domain && !name.startsWith('.') && !name.startsWith('*'));
}

function withoutPort(entry: string): { name: string; only: string | undefined } {
  const match = /^(?:\[(?<v6>[^\]]+)\]|(?<name>[^:]+))(?::(?<port>\d+))?$/.exec(entry)?.groups;
  if (match === undefined) return { name: entry, only: undefined };
  return { name: match['v6'] ?? match['name'] ?? '', only: match['port'] };
}

function inRange(host: string, address: string, bits: number): boolean {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  if (isIP(address) === 0 || bits > (family === 'ipv6' ? 128 : 32)) return false;
  const range = new BlockList();
  range.addSubnet(address, bits, family);
  return range.check(host, isIPv6(host) ? 'ipv6' : 'ipv4');
}
