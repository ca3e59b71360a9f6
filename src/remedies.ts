import type { Change } from './derive/change.ts';
import { CLIENT_ID_KEY } from './derive/annotation-keys.ts';
import { USE_LABEL, type EffectiveValue, type Workload } from './derive/workload.ts';

/** A remedy as the beginning of a sentence, and as a change of facts. */
export interface Remedy {
  readonly remedy: string;
  readonly change: Change;
}

/**
 * What `mendEnvCommand` comes to: where the webhook sets the variables, the manifest's own entries only have to go;
 * elsewhere the values have to be written.
 */
export function envRemedy(
  { labels }: Pick<Workload, 'labels'>,
  container: string,
  variables: Readonly<Record<string, string>>,
): Remedy {
  const unset = labels[USE_LABEL] === 'true';
  const written = Object.entries(variables).map(([name, value]) => (unset ? name : `${name}=${value}`));
  const values = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, unset ? null : value]),
  );
  return {
    remedy: `${unset ? 'Without' : 'With'} ${written.join(' and ')} in container ${container}`,
    change: { template: { env: { container, values } } },
  };
}

/**
 * Another client id where the present one comes from; nothing where that cannot be told.
 *
 * @param knownAs Another id by which the same identity was looked up.
 */
export function clientIdChange(
  { clientId, containers }: { readonly clientId: EffectiveValue; readonly containers: readonly string[] },
  value: string,
  knownAs?: string,
): { readonly change?: Change } {
  if (clientId.state !== 'known') return {};
  const identity = knownAs === undefined ? {} : { identity: { clientId: value, knownAs } };
  const [container] = containers;
  if (clientId.from === 'webhook' || clientId.from === 'annotation')
    return { change: { ...identity, annotations: { [CLIENT_ID_KEY]: value } } };
  return clientId.from === 'env' && container !== undefined
    ? { change: { ...identity, template: { env: { container, values: { AZURE_CLIENT_ID: value } } } } }
    : {};
}
