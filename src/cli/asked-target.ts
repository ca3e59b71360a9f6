import type { Target } from '../facts.ts';
import { resourceNamed } from '../kubernetes/resources.ts';

const NAMESPACE = /^(?:-n=?|--namespace(?:=|$))(.*)$/;
const CONTEXT = /^--context(?:=|$)(.*)$/;

function valueOf(argv: readonly string[], flag: RegExp): string | null {
  const index = argv.findIndex((word) => flag.test(word));
  if (index === -1) return null;
  const value = flag.exec(argv[index] ?? '')?.[1] ?? '';
  return (value === '' ? argv[index + 1] : value) ?? null;
}

/**
 * What a command line asks about, as far as it can be told from one that may be wrong.
 *
 * @param argv With `TYPE/NAME` split already.
 */
export function askedTarget(argv: readonly string[]): Target {
  const [command = '', name = ''] = argv;
  const context = valueOf(argv, CONTEXT);
  if (command === 'cluster') return { kind: 'Cluster', namespace: '', name: '', context };
  if (command === 'token') {
    const file = name === '-' ? 'standard input' : name.startsWith('-') ? '' : name;
    return { kind: 'Token', namespace: '', name: file, context: null };
  }
  const resource = resourceNamed(command);
  if (!resource) return { kind: '', namespace: '', name: '', context: null };
  const isName = name !== '' && !name.startsWith('-');
  return {
    kind: resource.kind,
    namespace: valueOf(argv, NAMESPACE) ?? '',
    name: isName ? name : '',
    context,
  };
}
