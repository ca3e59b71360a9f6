import type { Report } from '../../src/report.ts';
import { reportIn } from '../live/diagnose-live.ts';
import { startScenario, type LiveOptions } from '../live/start-scenario.ts';
import type { KubernetesObject, ServedCluster } from '../support/api-server.ts';
import { runCli, type RunResult } from '../support/run-cli.ts';
import { findingLine } from '../scenarios.ts';

/** What came of one run, in the notation of the fixtures. */
export interface Outcome {
  readonly verdict: Report['verdict'];
  readonly exit: number | null;
  readonly findings: readonly string[];
}

/** A cluster in which namespace shop, its service account and the webhook are in order, with objects of one's own. */
export interface Shop {
  readonly api: ServedCluster;
  /** Runs wi-doctor with the credentials of the identity at hand; connection flags are added. */
  run(...args: string[]): Promise<RunResult>;
  diagnose(...args: string[]): Promise<RunResult & { report: Report; outcome: Outcome }>;
  close(): Promise<void>;
}

const REMOVED: readonly (readonly [apiVersion: string, kind: string, name: string])[] = [
  ['v1', 'Pod', 'web-7d9f-x2k4q'],
  ['apps/v1', 'ReplicaSet', 'web-7d9f'],
  ['apps/v1', 'Deployment', 'web'],
];

/** Starts the cluster of the healthy scenario without its pods and controllers, and with these objects. */
export async function startShop(
  objects: readonly KubernetesObject[],
  options: LiveOptions & { scenario?: string } = {},
): Promise<Shop> {
  const { scenario = 'healthy', ...live } = options;
  const cluster = await startScenario(scenario, live);
  for (const [apiVersion, kind, name] of REMOVED)
    await cluster.api.remove({ apiVersion, kind, metadata: { name, namespace: 'shop' } });
  for (const object of objects) await cluster.api.patch(object);
  const run = (...args: string[]): Promise<RunResult> =>
    runCli([...args, ...cluster.flags], {
      kubeconfig: cluster.kubeconfig,
      hosts: { ...cluster.hosts },
      env: { ...cluster.env },
    });
  return {
    api: cluster.api,
    run,
    async diagnose(...args) {
      const result = await run(...args, '-o', 'json');
      const report = reportIn(result);
      const { verdict, findings } = report;
      return {
        ...result,
        report,
        outcome: { verdict, exit: result.code, findings: findings.map(findingLine) },
      };
    },
    close: () => cluster.close(),
  };
}
