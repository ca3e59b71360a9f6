import {
  defineCheck,
  withoutUserInfo,
  type Check,
  type ContainerView,
  type EnvView,
} from '../../src/check.ts';

const DEFAULT_HOST = 'login.microsoftonline.com';

/** A variable in either spelling; programs differ in which they read. One that cannot be seen may be any. */
function either({ env }: ContainerView, name: string): EnvView {
  const views = [name, name.toLowerCase()].map((spelling) => env(spelling));
  const known = views.find((view) => view.state === 'value' && view.value !== '');
  return known ?? views.find(({ state }) => state === 'hidden') ?? { state: 'unset' };
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
    const views = [either(container, 'HTTPS_PROXY'), either(container, 'ALL_PROXY')];
    const proxy = views.find(({ state }) => state !== 'unset') ?? { state: 'unset' };
    const exceptions = either(container, 'NO_PROXY');
    const covered = exceptions.state === 'value' && covers(exceptions.value, host);
    if (proxy.state === 'unset' || covered) return say('direct', { container: name, host });
    // Such a source is common, and seldom holds a proxy.
    if (proxy.state === 'hidden')
      return say.unseeable(`a proxy of container ${name}, if any: ${proxy.reason}`);
    if (exceptions.state === 'hidden')
      return say.unseeable(`what container ${name} does not send through its proxy: ${exceptions.reason}`);
    return say('proxied', { container: name, host, proxy: withoutUserInfo(proxy.value) });
  },
});
export default check;
