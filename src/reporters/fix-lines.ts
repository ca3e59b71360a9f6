import type { FixPlan, PlannedFix } from '../fix-plan.ts';
import { labelledBlock, TEXT_COLUMN, textBlock } from './block.ts';
import type { Ink } from './ink.ts';

/** What one person runs in one go. */
export interface FixGroup {
  readonly label: 'Fix' | 'Then' | 'Or';
  /** `developer, restarts pods`. */
  readonly who: string;
  readonly steps: readonly PlannedFix[];
}

function groupsOf(steps: readonly PlannedFix[], first: 'Fix' | 'Or'): FixGroup[] {
  const groups: PlannedFix[][] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (last?.[0]?.actor === step.actor) last.push(step);
    else groups.push([step]);
  }
  return groups.map((group, index) => {
    const restart = group.some(({ restarts }) => restarts) ? 'restarts pods' : 'no restart needed';
    return { label: index === 0 ? first : 'Then', who: `${group[0]?.actor ?? ''}, ${restart}`, steps: group };
  });
}

/** A plan by who runs what: the sequence, then each other way. */
export function fixGroups({ steps, otherWays }: FixPlan): FixGroup[] {
  return [...groupsOf(steps, 'Fix'), ...otherWays.flatMap((way) => groupsOf(way, 'Or'))];
}

/** Why a step is taken, behind the findings it mends where there are several; empty where nothing is said. */
export function reasonOf({ why, codes }: PlannedFix, several: boolean): string {
  const reason = why.replace(/\.$/, '');
  return several && reason !== '' ? `${codes.join(', ')}: ${reason}` : reason;
}

/**
 * Commands to paste: one per line, whole, without prompt; only blanks stand before them. Never folded, because
 * a folded command breaks.
 *
 * @param several True when the plan mends several findings, which are then named.
 */
export function fixLines(plan: FixPlan, several: boolean, columns: number, ink: Ink): string[] {
  return fixGroups(plan).flatMap(({ label, who, steps }) => [
    ...labelledBlock(label, who, columns, ink.strong),
    ...steps.flatMap((step) => {
      const reason = reasonOf(step, several);
      return [
        TEXT_COLUMN + ink.command(step.command),
        ...(reason === '' ? [] : textBlock(`(${reason})`, columns).map((line) => ink.faint(line))),
      ];
    }),
  ]);
}
