/** Layers of finding codes in causal order, with what they are about. */
export const CODE_LAYERS: Readonly<Record<string, string>> = {
  CL: 'cluster',
  WH: 'webhook',
  SA: 'service account',
  POD: 'pod',
  TOK: 'token',
  ISS: 'issuer',
  FIC: 'federated credential',
  ENT: 'Entra',
  NET: 'network',
  SDK: 'SDK and its settings',
  RBAC: 'roles on resources',
  IB: 'identity bindings',
  OP: 'operators',
};

/** `FIC` of `FIC-05`. */
export function layerOfCode(code: string): string {
  return code.slice(0, Math.max(0, code.indexOf('-')));
}

/** A number by which codes sort: by layer in causal order, then by their own number. */
export function codeOrder(code: string): number {
  const layer = Object.keys(CODE_LAYERS).indexOf(layerOfCode(code));
  return (layer === -1 ? Object.keys(CODE_LAYERS).length : layer) * 1000 + Number(code.split('-')[1] ?? 0);
}
