import type { Controller } from './derive/controller.ts';
import { shellQuote } from './fill.ts';
import { shortKind } from './commands.ts';
import { printable } from './printable.ts';

type Manager = NonNullable<Controller['managedBy']>;

/** An object that a tool writes, and would write again over a direct change. */
export interface ManagedObject {
  readonly kind: string;
  readonly name: string;
  readonly by: Manager;
}

const PLACES: Readonly<Record<Manager['tool'], string>> = {
  Helm: 'in the values of Helm release',
  'Argo CD': 'in the source of Argo CD application',
  Flux: 'in the source of Flux',
  Terraform: 'in the Terraform configuration',
};

const REVERTS: Readonly<Record<Manager['tool'], string>> = {
  Helm: 'the next helm upgrade undoes a direct patch',
  'Argo CD': 'its next sync reverts a direct patch',
  Flux: 'its next reconciliation reverts a direct patch',
  Terraform: 'the next terraform apply reverts a direct patch',
};

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/** Whether a command changes what an object says of itself; a restart changes nothing that anyone reverts. */
function changes(command: string, { kind, name }: ManagedObject): boolean {
  const kinds = kind === 'ServiceAccount' ? 'serviceaccount|sa' : escaped(shortKind(kind));
  const object = new RegExp(`(?:^| )(?:${kinds})[ /]${escaped(shellQuote(name))}(?: |$)`);
  return /^kubectl (?:patch|edit|annotate|label|set) /.test(command) && object.test(command);
}

/**
 * Where a change belongs that a fix makes by hand, as a clause; null when no tool would revert it.
 *
 * @param command The fix, before the user's own connection flags are added.
 */
export function sourceOfChange(command: string, managed: readonly ManagedObject[]): string | null {
  const object = managed.find((one) => changes(command, one));
  if (!object) return null;
  const { tool, name } = object.by;
  const place = name === '' ? PLACES[tool].replace(/ (release|application)$/, '') : `${PLACES[tool]} ${name}`;
  return printable(`make it last ${place}, because ${REVERTS[tool]}`);
}
