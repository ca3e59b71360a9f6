import { USE_LABEL, type ContainerView, type Workload } from './workload.ts';

/** The proxy sidecar that answers calls for managed identity tokens: what asks for it, and what is there. */
export interface TokenProxy {
  /** Value of the annotation that asks for it; the webhook only looks whether there is one. Null without it. */
  readonly annotation: string | null;
  /** The proxy in the pod; null in a template, and where the webhook has not run. */
  readonly sidecar: ContainerView | null;
  /** The port as the annotation has it, `8000` without one. */
  readonly port: string;
}

export const INJECT_PROXY_KEY = 'azure.workload.identity/inject-proxy-sidecar';
export const PROXY_PORT_KEY = 'azure.workload.identity/proxy-sidecar-port';
const DEFAULT_PORT = '8000';

/** The proxy sidecar of a workload; null when nothing asks for it and none is there. */
export function tokenProxyOf({ annotations, labels, containers }: Workload): TokenProxy | null {
  const annotation = annotations[INJECT_PROXY_KEY] ?? null;
  const sidecar = containers.find(({ name }) => name === 'azwi-proxy') ?? null;
  // The webhook is only asked about labelled pods.
  if (sidecar === null && (annotation === null || labels[USE_LABEL] !== 'true')) return null;
  return { annotation, sidecar, port: annotations[PROXY_PORT_KEY] || DEFAULT_PORT };
}
