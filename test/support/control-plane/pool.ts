import { setTimeout as sleep } from 'node:timers/promises';

import type { Assets } from './assets.ts';
import type { ServerConfig } from './kube-apiserver.ts';
import { Plane } from './plane.ts';

/** As many as tests of one file run side by side with profit, and the most that a failed test may have kept. */
const USUAL = 2;
const MOST = 6;
/** A test that failed may never give its control plane back. */
const PATIENCE_MS = 30_000;

const idle: Plane[] = [];
let started = 0;
let waiting: (() => void)[] = [];

/** A control plane that nobody else uses until it is given back; started when there is none. */
export async function takePlane(assets: Assets, config: ServerConfig): Promise<Plane> {
  const plane = takeIdle(config, started < USUAL) ?? (await startOrWait(assets, config));
  await plane.configure(config);
  return plane;
}

export function giveBack(plane: Plane): void {
  idle.push(plane);
  const all = waiting;
  waiting = [];
  for (const wake of all) wake();
}

/** An idle one that runs as wanted already, else any, unless a new one may be started in its place. */
function takeIdle(config: ServerConfig, onlyAlike: boolean): Plane | undefined {
  const alike = idle.findIndex((plane) => plane.serves(config));
  if (alike < 0 && onlyAlike) return undefined;
  return idle.splice(Math.max(alike, 0), 1)[0];
}

async function startOrWait(assets: Assets, config: ServerConfig): Promise<Plane> {
  const end = Date.now() + PATIENCE_MS;
  let most = USUAL;
  for (;;) {
    if (started < most) {
      started += 1;
      return Plane.start(assets);
    }
    const given = new Promise<void>((resolve) => waiting.push(resolve));
    await Promise.race([given, sleep(Math.max(end - Date.now(), 0), undefined, { ref: false })]);
    const plane = takeIdle(config, false);
    if (plane) return plane;
    if (Date.now() >= end) most = MOST;
    if (started >= MOST) throw new Error(`all ${MOST} control planes are in use by tests that never ended`);
  }
}
