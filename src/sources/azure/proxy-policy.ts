import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { outboundProxy, UnusableProxy, type Environment } from '../outbound-proxy.ts';
import { isProxyFailure } from '../proxy-failure.ts';

/**
 * Sends requests over https through the proxy of the environment, by the same rules as everything else here: the
 * SDK's own policy takes no proxy without a scheme, and reads `NO_PROXY` more narrowly than kubectl does.
 *
 * @param onTrouble Called with one clause when it is the proxy that fails: the SDK keeps no cause of its errors.
 */
export function proxyPolicy(
  env: Environment,
  onTrouble: (reason: string) => void = () => undefined,
): PipelinePolicy {
  return {
    name: 'wi-doctor proxy',
    async sendRequest(request, next) {
      const url = new URL(request.url);
      try {
        const proxy = url.protocol === 'https:' ? await outboundProxy(url, env) : null;
        if (proxy !== null) request.agent = proxy;
        return await next(request);
      } catch (error) {
        if (error instanceof UnusableProxy || isProxyFailure(error)) onTrouble((error as Error).message);
        throw error;
      }
    },
  };
}
