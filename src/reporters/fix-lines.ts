import type { ReportFix } from '../report.ts';
import { labelledBlock, TEXT_COLUMN, textBlock } from './block.ts';
import type { Ink } from './ink.ts';

/** Fixes that one person runs in one go. */
function byActor(fixes: readonly ReportFix[]): ReportFix[][] {
  const groups: ReportFix[][] = [];
  for (const fix of fixes) {
    const last = groups.at(-1);
    if (last?.[0]?.actor === fix.actor) last.push(fix);
    else groups.push([fix]);
  }
  return groups;
}

/**
 * Commands to paste: one per line, whole, without prompt; only blanks stand before them. Never folded, because
 * a folded command breaks.
 */
export function fixLines(fixes: readonly ReportFix[], columns: number, ink: Ink): string[] {
  return byActor(fixes).flatMap((group, index) => {
    const restart = group.some(({ restarts }) => restarts) ? 'restarts pods' : 'no restart needed';
    const who = `${group[0]?.actor ?? ''}, ${restart}`;
    return [
      ...labelledBlock(index === 0 ? 'Fix' : 'Then', who, columns, ink.strong),
      ...group.flatMap(({ command, why }) => [
        TEXT_COLUMN + ink.command(command),
        ...(why === ''
          ? []
          : textBlock(`(${why.replace(/\.$/, '')})`, columns).map((line) => ink.faint(line))),
      ]),
    ];
  });
}
