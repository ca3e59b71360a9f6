import { afterEach, expect, test } from 'vitest';

import { type ApiServer, startApiServer } from '../support/api-server.ts';
import { kubeconfigFor } from '../support/kubeconfig.ts';
import { type Proxy, startProxy } from '../support/proxy.ts';
import { runProgram } from '../support/run-cli.ts';
import { CLUSTER } from './cluster.ts';
import { kubectlAvailable } from './kubectl-available.ts';

let server: ApiServer;
let proxy: Proxy;
afterEach(() => Promise.all([server?.close(), proxy?.close()]));

test.skipIf(!kubectlAvailable())('tunnels to where a name leads, and closes with open tunnels', async () => {
  server = await startApiServer({ objects: CLUSTER });
  proxy = await startProxy({ hosts: { 'cluster.example': server.address } });
  const { path } = kubeconfigFor(
    { url: 'https://cluster.example', token: server.token },
    { namespace: 'demo', proxyUrl: proxy.url, tlsServerName: 'localhost' },
  );
  const { stdout, stderr } = await runProgram('kubectl', ['get', 'pod', 'app', '-o', 'name'], {
    kubeconfig: path,
  });
  expect({ stdout, stderr }).toEqual({ stdout: 'pod/app\n', stderr: '' });
  expect(proxy.tunnels[0]).toBe('cluster.example:443');
});

test.skipIf(!kubectlAvailable())('asks for credentials, and refuses what it does not know', async () => {
  server = await startApiServer({ objects: CLUSTER });
  proxy = await startProxy({ credentials: 'jane:secret' });
  const get = async (proxyUrl: string, url = server.url): Promise<string> => {
    const { path } = kubeconfigFor({ url, token: server.token }, { proxyUrl });
    return (await runProgram('kubectl', ['get', 'pods', '-A', '-o', 'name'], { kubeconfig: path })).stderr;
  };
  expect(await get(proxy.url)).toContain('Proxy Authentication Required');
  const withCredentials = proxy.url.replace('//', '//jane:secret@');
  expect(await get(withCredentials)).toBe('');
  expect(await get(withCredentials, 'https://elsewhere.invalid')).toContain('Forbidden');
});
