import type { ProxyAgent } from '../proxy-agent.ts';
import type { FetchOutcome, Unreachable } from './types.ts';

/** Answers that proxies give themselves, to requests they refuse or cannot pass on. */
const OF_PROXIES: ReadonlySet<number> = new Set([401, 403, 407, 429, 451]);

/** What is doubtful about an outcome, if the proxy itself may have answered; null for one that is the host's own. */
function doubtIn(outcome: FetchOutcome): string | null {
  const { kind } = outcome;
  if (kind === 'tls') return `shows a certificate that is not trusted here (${outcome.code})`;
  if (kind === 'not-json') return 'answered with something else than JSON';
  if (kind === 'redirect') return 'redirects';
  if (kind !== 'http') return null;
  return OF_PROXIES.has(outcome.status) || outcome.status >= 500 ? `answered ${outcome.status}` : null;
}

/** An outcome as far as it can be laid to the host: what a proxy in between may have made is no observation. */
export function throughProxy(proxy: ProxyAgent | null, outcome: FetchOutcome): FetchOutcome {
  const doubt = proxy === null ? null : doubtIn(outcome);
  if (proxy === null || doubt === null || !('url' in outcome)) return outcome;
  const { host } = new URL(outcome.url);
  const unreachable: Unreachable = {
    kind: 'unreachable',
    url: outcome.url,
    cause: 'proxy',
    reason: `${host} ${doubt} through the proxy ${proxy.name}, and that may be the proxy's doing`,
  };
  return unreachable;
}
