import type { Report } from '../report.ts';

/** What stands above the commands that only those can run who sent a dump. */
export function askingTitle({ verdict }: Pick<Report, 'verdict'>): string {
  return verdict === 'problem' ? 'To be sure of the cause, ask the customer for' : 'Ask the customer for';
}
