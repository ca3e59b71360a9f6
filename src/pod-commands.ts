import { shellCommands } from './shell-commands.ts';

/** What a command does to the pods of a template. */
export interface PodCommand {
  /** `restart` makes pods anew from whatever is written by then; `change` writes something else for them. */
  readonly does: 'restart' | 'change' | 'other';
  /** What it makes pods of: `deploy/web -n shop`, a manifest; null where it replaces none by itself. */
  readonly template: string | null;
}

/** Controllers that replace their pods as soon as their template changes. */
const ROLLING = /^(?:deploy|sts|ds)\//;

function wordsOf(line: string): string[][] {
  return (shellCommands(line) ?? []).map(({ words }) => words.map(({ text }) => text));
}

function namespaceOf(words: readonly string[]): string {
  return words[words.indexOf('-n') + 1] ?? '';
}

/** Reads a command of kubectl as fixes are written; anything else is `other`. */
export function podCommand(line: string): PodCommand {
  const commands = wordsOf(line);
  const last = commands.at(-1) ?? [];
  if (last.slice(0, 3).join(' ') === 'kubectl replace --force') {
    const template = `manifest -n ${namespaceOf(last)}`;
    return { does: commands.length > 1 ? 'change' : 'restart', template };
  }
  const [first = []] = commands;
  const [program, verb = '', next = '', name = ''] = first;
  if (program !== 'kubectl') return { does: 'other', template: null };
  if ((verb === 'delete' && next === 'pod') || (verb === 'create' && next === 'job'))
    return { does: 'restart', template: null };
  const object = verb === 'patch' ? `${next}/${name}` : (first.find((word) => ROLLING.test(word)) ?? '');
  const template = ROLLING.test(object) ? `${object} -n ${namespaceOf(first)}` : null;
  if (verb === 'rollout') return { does: 'restart', template };
  return { does: ['patch', 'edit', 'set'].includes(verb) ? 'change' : 'other', template };
}

/** The parts of a manifest's change on its way to the cluster: `kubectl patch --local … | kubectl replace …`. */
interface LocalEdit {
  readonly edit: string;
  readonly replace: string;
}

function localEdit(line: string): LocalEdit | null {
  const commands = shellCommands(line) ?? [];
  const [edit, replace] = commands;
  const start = replace?.words[0]?.start;
  if (!edit || start === undefined || commands.length !== 2) return null;
  if (!edit.words.some(({ text }) => text === '--local')) return null;
  return { edit: line.slice(0, edit.words.at(-1)?.end), replace: line.slice(start) };
}

/**
 * One command that makes two changes of the same manifest; null where they are no such changes. Run one after the
 * other, the second would start from the manifest as it was and undo the first.
 */
export function joinLocalEdits(first: string, second: string): string | null {
  const one = localEdit(first);
  const two = localEdit(second);
  if (!one || !two || one.replace !== two.replace) return null;
  return `${one.edit} | ${two.edit.replace(/ -f \S+/, ' -f -')} | ${one.replace}`;
}
