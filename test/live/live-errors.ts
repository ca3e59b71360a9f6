import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FactSet } from '../../src/facts.ts';
import type { Scenario } from '../../src/scenario.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** What a scenario brings, as flags of the user and as logs of the cluster. */
export interface LiveErrors {
  readonly flags: readonly string[];
  readonly logs: Record<string, string>;
}

/** The texts of a scenario, where the program finds them: with `--error`, or in logs that `--logs` reads. */
export function liveErrors({ brought = [] }: Scenario, { facts }: FactSet): LiveErrors {
  const pod = facts.pod?.state === 'present' ? facts.pod.value.metadata : undefined;
  const [webhookPod] = facts.webhookPods?.state === 'present' ? facts.webhookPods.value : [];
  const logs: Record<string, string> = {};
  for (const { text, container, webhook } of brought) {
    const place =
      webhook === true
        ? `${webhookPod?.metadata?.namespace}/${webhookPod?.metadata?.name}/manager`
        : `${pod?.namespace}/${pod?.name}/${container}`;
    if (webhook === true || container !== undefined) logs[place] = `${logs[place] ?? ''}${text}\n`;
  }
  const said = brought.filter(({ container, webhook }) => container === undefined && webhook !== true);
  const file = join(temporaryFolder('error'), 'error.txt');
  if (said.length > 0) writeFileSync(file, said.map(({ text }) => text).join('\n\n'));
  return {
    flags: [
      ...(said.length > 0 ? ['--error', file] : []),
      ...(Object.keys(logs).length > 0 ? ['--logs'] : []),
    ],
    logs,
  };
}
