import { defineCheck, withoutUserInfo, type Check, type ContainerView } from '../../src/check.ts';

const DEFAULT_HOST = 'login.microsoftonline.com';

/** A variable in either spelling; programs differ in which they read. */
function either({ env }: ContainerView, name: string): string | null {
  const values = [name, name.toLowerCase()].map((spelling) => env(spelling));
  return (
    values.flatMap((view) => (view.state === 'value' && view.value !== '' ? [view.value] : []))[0] ?? null
  );
}

/** Whether a NO_PROXY list covers a host: the name itself, a domain above it, or everything. */
function covers(list: string, host: string): boolean {
  return list
    .split(/[\s,]+/)
    .map((entry) =>
      entry
        .toLowerCase()
        .replace(/:\d+$/, '')
        .replace(/^\*?\./, ''),
    )
    .some((entry) => entry === '*' || (entry !== '' && (host === entry || host.endsWith(`.${entry}`))));
}

const check: Check = defineCheck({
  id: 'pod/proxy-variables',
  title: 'sign-ins of the container go out directly',
  link: 'pod',
  stage: 'egress',
  per: 'container',
  restsOn: 'never',
  needs: ['container'],
  sources: ['https://learn.microsoft.com/azure/aks/http-proxy'],
  outcomes: {
    direct: { status: 'pass', says: 'Container {container} sends its sign-in to {host} directly.' },
    proxied: {
      status: 'info',
      code: 'NET-02',
      title: 'The sign-in goes through an HTTP proxy',
      says: 'Container {container} sends its sign-in through the proxy {proxy}, since NO_PROXY does not name {host}.',
      aadsts: [500021, 500022],
    },
  },
  run({ container }, say) {
    const { name, wiring, effective } = container;
    if (wiring.state !== 'wired') return say.skip('the container has no token');
    const { authorityHost } = effective;
    const url = authorityHost.state === 'known' ? authorityHost.value : '';
    const host = URL.canParse(url) ? new URL(url).hostname : DEFAULT_HOST;
    const proxy = either(container, 'HTTPS_PROXY') ?? either(container, 'ALL_PROXY');
    if (proxy === null || covers(either(container, 'NO_PROXY') ?? '', host))
      return say('direct', { container: name, host });
    return say('proxied', { container: name, host, proxy: withoutUserInfo(proxy) });
  },
});
export default check;
