import { execFileSync } from 'node:child_process';

/** Whether this machine has kubectl; without it the proofs that need it are skipped. */
export function kubectlAvailable(): boolean {
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
