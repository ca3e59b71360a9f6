import type { FaultRule } from '../support/faults.ts';
import { worldOf } from '../scenarios.ts';

/** Azure answers 405 where the region of an identity has no federated credentials. */
export function faultsOf(name: string): FaultRule[] {
  const unsupported = Object.values(worldOf(name).clients).some(
    ({ federatedCredentials: list }) => list?.state === 'present' && list.value.unsupported,
  );
  const fault = { kind: 'error', status: 405 } as const;
  return unsupported ? [{ match: { path: /federatedIdentityCredentials/ }, fault }] : [];
}
