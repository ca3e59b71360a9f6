import { appendFileSync } from 'node:fs';

import type { ApiServerOptions, ClusterWorld } from '../support/api-server.ts';
import { ASSETS, whyNotReal } from '../support/control-plane.ts';

/** Where it is counted what ran on a real control plane and what did not; print-tally.ts reads it in the end. */
const TALLY = process.env['WI_DOCTOR_TEST_TALLY'];

/** Whether a cluster runs on the real control plane of KUBEBUILDER_ASSETS, which is so wherever it can. */
export function isReal(world: ClusterWorld, options: ApiServerOptions, ours?: string): boolean {
  if (!ASSETS) return false;
  const reason = ours ?? whyNotReal(world, options);
  if (TALLY !== undefined) appendFileSync(TALLY, `${JSON.stringify({ reason })}\n`);
  return reason === null;
}
