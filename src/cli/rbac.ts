import { CHECKS } from '../../checks/index.ts';
import { WiDoctorError } from '../errors.ts';
import { azureRole, graphPermissions, kubernetesManifests, type Holder } from '../manifests.ts';
import { EXTRA_RIGHTS, rightsFor, type Extra, type Right } from '../rights.ts';
import type { ExitCode, Terminal } from './terminal.ts';

export interface RbacOptions {
  readonly output: 'yaml' | 'json';
  /** `--with`, each; several in one by comma. */
  readonly extras: readonly string[];
  readonly namespace: string | null;
  readonly webhookNamespace: string;
  readonly holder: Holder;
}

function extrasOf(words: readonly string[]): Extra[] {
  const known = Object.keys(EXTRA_RIGHTS) as Extra[];
  const wanted = words.flatMap((word) => word.split(',')).filter((word) => word !== '');
  const strange = wanted.find((word) => !known.includes(word as Extra));
  if (strange !== undefined) {
    throw new WiDoctorError('USAGE', `--with knows no right called ${strange}.`, {
      hint: `It knows: ${known.join(', ')}.`,
    });
  }
  return known.filter((extra) => wanted.includes(extra));
}

/** The rights that the checks need, from what they declare to read. */
export function neededRights(extras: readonly Extra[]): Right[] {
  const facts = CHECKS.flatMap(({ needs, orAbsent, orUnknown }) => [...needs, ...orAbsent, ...orUnknown]);
  return rightsFor([...new Set(facts)], extras);
}

function commented(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `# ${line}`.trimEnd())
    .join('\n');
}

function azureNotes(rights: readonly Right[]): string {
  const role = JSON.stringify(azureRole(rights), null, 2);
  return commented(`
Azure, if look-ups there are wanted: save this as role.json and fill in the subscription, then
az role definition create --role-definition role.json

${role}

App registrations are read with permission ${graphPermissions(rights).join(', ')} of Microsoft Graph.
`);
}

/** `wi-doctor rbac`: roles with exactly the rights that the checks need. */
export async function rbac(options: RbacOptions, terminal: Terminal): Promise<ExitCode> {
  const rights = neededRights(extrasOf(options.extras));
  const items = kubernetesManifests(rights, options);
  if (options.output === 'json') {
    const document = {
      kubernetes: { apiVersion: 'v1', kind: 'List', items },
      azure: { roleDefinition: azureRole(rights), graphPermissions: graphPermissions(rights) },
    };
    terminal.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    return 0;
  }
  const { stringify } = await import('../kubernetes/yaml-library.ts');
  const documents = items.map((item) => stringify(item)).join('---\n');
  terminal.stdout.write(`${documents}${azureNotes(rights)}\n`);
  return 0;
}
