import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { worldOf } from '../scenarios.ts';

/** What a run on the first thing that most customers send prints: one pod, and nothing else. */
export async function dumpScreen(): Promise<string> {
  const folder = temporaryFolder('readme');
  const { pod } = worldOf('healthy').facts;
  if (pod?.state !== 'present') throw new Error('the healthy world has a pod');
  mkdirSync(join(folder, 'dump'));
  writeFileSync(join(folder, 'dump', 'pod.json'), JSON.stringify(pod.value));
  const args = ['pod', 'web-7d9f-x2k4q', '-n', 'shop', '--bundle', 'dump'];
  const { stdout, stderr } = await runCli(args, { cwd: folder });
  if (stderr !== '') throw new Error(stderr);
  return `\`\`\`console\n$ wi-doctor ${args.join(' ')}\n${stdout.trimEnd()}\n\`\`\``;
}
