import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeUrl } from '../../../src/sources/issuer/fetchable-url.ts';

test.each([
  ['https://eastus.oic.prod-aks.azure.com/t/g/', 'https://eastus.oic.prod-aks.azure.com/t/g/'],
  ['HTTPS://Example.com:443', 'https://example.com/'],
  ['https://20.1.2.3/', 'https://20.1.2.3/'],
  ['https://[2603:1000::1]/', 'https://[2603:1000::1]/'],
  ['https://xn--bcher-kva.example/', 'https://xn--bcher-kva.example/'],
  ['https://svc.example/', 'https://svc.example/'],
  ['https://local.example./a', 'https://local.example./a'],
])('%s may be fetched', (text, href) => {
  expect(judgeUrl(text, false)).toMatchObject({ href });
});

test.each([
  ['https://kubernetes.default.svc.cluster.local', 'cluster-internal'],
  ['https://kubernetes.default.svc', 'cluster-internal'],
  ['https://kubernetes.default.svc.corp.example/', 'cluster-internal'],
  ['https://kubernetes.default', 'cluster-internal'],
  ['https://KUBERNETES', 'cluster-internal'],
  ['https://oidc.infra.svc./', 'cluster-internal'],
  ['https://oidc.infra.svc.cluster.local.', 'cluster-internal'],
  ['https://intranet/', 'cluster-internal'],
  ['https://localhost', 'loopback'],
  ['https://localhost.:8443/', 'loopback'],
  ['https://a.localhost/', 'loopback'],
  ['https://printer.local/', 'private'],
  ['https://ip-10-0-0-1.ec2.internal/', 'private'],
  ['https://nas.home.arpa/', 'private'],
  ['https://127.0.0.1', 'loopback'],
  ['https://0x7f.1/', 'loopback'],
  ['https://2130706433/', 'loopback'],
  ['https://017700000001/', 'loopback'],
  ['https://127.1./', 'loopback'],
  ['https://①②⑦.⓪.⓪.①/', 'loopback'],
  ['https://%31%32%37.0.0.1/', 'loopback'],
  ['https://[::1]/', 'loopback'],
  ['https://[::ffff:127.0.0.1]/', 'loopback'],
  ['https://[::127.0.0.1]/', 'reserved'],
  ['https://[64:ff9b::7f00:1]/', 'loopback'],
  ['https://[64:ff9b:1::1]/', 'private'],
  ['https://[2002:a00:1::]/', 'private'],
  ['https://[2002:1401:203::]/', 'reserved'],
  ['https://10.1.2.3:6443', 'private'],
  ['https://172.31.0.1', 'private'],
  ['https://192.168.1.1', 'private'],
  ['https://100.64.0.1', 'private'],
  ['https://[fd00::1]/', 'private'],
  ['https://[fec0::1]/', 'private'],
  ['https://169.254.1.1/', 'link-local'],
  ['https://[fe80::1]/', 'link-local'],
  ['https://[::ffff:a9fe:1]/', 'link-local'],
  ['https://169.254.169.254/', 'metadata'],
  ['https://2852039166/', 'metadata'],
  ['https://[::ffff:169.254.169.254]/', 'metadata'],
  ['https://168.63.129.16/', 'metadata'],
  ['https://100.100.100.200/', 'metadata'],
  ['https://[fd00:ec2::254]/', 'metadata'],
  ['https://0.0.0.0/', 'reserved'],
  ['https://0/', 'reserved'],
  ['https://[::]/', 'reserved'],
  ['https://255.255.255.255/', 'reserved'],
  ['https://224.0.0.1/', 'reserved'],
  ['https://192.0.2.1/', 'reserved'],
  ['https://198.18.0.1/', 'reserved'],
  ['https://[2001:db8::1]/', 'reserved'],
  ['https://[2001::1]/', 'reserved'],
  ['https://[ff02::1]/', 'reserved'],
  ['https://[4000::1]/', 'reserved'],
])('%s is not public: %s', (text, why) => {
  expect(judgeUrl(text, false)).toMatchObject({ kind: 'not-public', url: text, why });
  const opened = judgeUrl(text, true);
  const allowed = ['cluster-internal', 'loopback', 'private'].includes(why);
  expect(opened instanceof URL ? 'opened' : opened).toEqual(allowed ? 'opened' : judgeUrl(text, false));
});

test.each([
  ['', 'the URL is empty'],
  ['kubernetes/serviceaccount', 'it is not a URL'],
  ['issuer.example/a', 'it is not a URL'],
  ['https://', 'it is not a URL'],
  ['https://issuer.example:99999/', 'it is not a URL'],
  ['https:issuer.example', 'the URL does not begin with https:// and a host'],
  ['https:///issuer.example', 'the URL does not begin with https:// and a host'],
  ['https:\\\\issuer.example', 'the URL contains a backslash'],
  [' https://issuer.example', 'the URL contains white space or control characters'],
  ['https://issuer.example/\n', 'the URL contains white space or control characters'],
  ['ht\ttps://issuer.example/', 'the URL contains white space or control characters'],
  ['https://issuer.example/\u0000', 'the URL contains white space or control characters'],
  ['https://issuer\u200b.example/', 'the URL contains white space or control characters'],
  ['https://user@issuer.example/', 'the URL contains a user name or password'],
  ['http://user:geheim@issuer.example/', 'the URL contains a user name or password'],
  ['https://issuer.example@127.0.0.1/', 'the URL contains a user name or password'],
  [`https://issuer.example/${'a'.repeat(10_000)}`, 'the URL is longer than 2048 characters'],
])('refused: %#', (text, reason) => {
  expect(judgeUrl(text, true)).toEqual({ kind: 'bad-url', reason });
});

test.each([
  'http://issuer.example/',
  'ftp://issuer.example',
  'file:///etc/passwd',
  'data:application/json,{}',
])('%s is not https', (url) => expect(judgeUrl(url, true)).toEqual({ kind: 'not-https', url }));

test('a public host may serve on any port, a private one on none', () => {
  expect(judgeUrl('https://k8s.example:6443', false)).toBeInstanceOf(URL);
  expect(judgeUrl('https://10.0.0.4:6443', false)).toMatchObject({ kind: 'not-public', why: 'private' });
});

test('every IPv4 address of a private block is caught in every notation', () => {
  const privates = fc.oneof(
    fc.integer({ min: 0x0a000000, max: 0x0affffff }),
    fc.integer({ min: 0x7f000000, max: 0x7fffffff }),
    fc.integer({ min: 0xa9fe0000, max: 0xa9feffff }),
    fc.integer({ min: 0xac100000, max: 0xac1fffff }),
    fc.integer({ min: 0xc0a80000, max: 0xc0a8ffff }),
  );
  fc.assert(
    fc.property(privates, (address) => {
      const hex = address.toString(16).padStart(8, '0');
      const dotted = [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
      const v6 = `${hex.slice(0, 4)}:${hex.slice(4)}`;
      for (const host of [
        String(address),
        `0x${hex}`,
        `0${address.toString(8)}`,
        dotted,
        `[::ffff:${v6}]`,
        `[64:ff9b::${v6}]`,
      ]) {
        expect(judgeUrl(`https://${host}/`, false)).toMatchObject({ kind: 'not-public' });
      }
    }),
  );
});

const CLEAN = { protocol: 'https:', username: '', password: '' };

test('no text makes it throw or lets a credential or another scheme through', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.webUrl(),
        fc.string({ unit: 'binary' }).map((s) => `https://${s}`),
      ),
      (text) => {
        const judged = judgeUrl(text, true);
        const { protocol, username, password } = judged instanceof URL ? judged : CLEAN;
        expect({ protocol, username, password }).toEqual(CLEAN);
      },
    ),
  );
});
