import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ASSETS } from './control-plane/assets.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Counts what runs on a real control plane and what does not, and says so when all tests are over. */
export default function setup(): (() => void) | undefined {
  if (!ASSETS) return undefined;
  const { version } = ASSETS;
  const file = join(temporaryFolder('tally'), 'clusters.jsonl');
  process.env['WI_DOCTOR_TEST_TALLY'] = file;
  return () => {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const reasons = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { reason: string | null }).reason);
    const left = reasons.filter((reason) => reason !== null);
    process.stdout.write(`\n${reasons.length - left.length} clusters ran on kube-apiserver ${version}`);
    process.stdout.write(left.length === 0 ? '\n' : `, ${left.length} on the API server of test/support:\n`);
    for (const reason of new Set(left)) {
      process.stdout.write(`  ${left.filter((one) => one === reason).length} because ${reason}\n`);
    }
  };
}
