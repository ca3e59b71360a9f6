import { WiDoctorError } from './errors.ts';
import type { Fact } from './fact.ts';
import type { ClientFactSet, CollectedFacts, FactSet } from './collected-facts.ts';
import { VERSION } from './version.ts';

export const BUNDLE_SCHEMA_VERSION = 'wi-doctor.bundle/v1';

/** A bundle on disk: everything one run looked at, so that it can be judged again anywhere. */
export interface Bundle extends FactSet {
  readonly schemaVersion: typeof BUNDLE_SCHEMA_VERSION;
  readonly tool: { readonly name: 'wi-doctor'; readonly version: string };
}

/** Serialises facts; the same facts give the same bytes. */
export function writeBundle({ facts, clients }: FactSet): string {
  const bundle: Bundle = {
    schemaVersion: BUNDLE_SCHEMA_VERSION,
    tool: { name: 'wi-doctor', version: VERSION },
    facts,
    clients,
  };
  return `${JSON.stringify(bundle, null, 2)}\n`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a parsed JSON document says that it is a bundle, of whatever version. */
export function isBundle(document: unknown): document is { schemaVersion: string } {
  return (
    isRecord(document) &&
    typeof document['schemaVersion'] === 'string' &&
    document['schemaVersion'].startsWith('wi-doctor.bundle/')
  );
}

function checkedFact(value: unknown, name: string): Fact<never> {
  const states = ['present', 'absent', 'unknown'];
  if (!isRecord(value) || !states.includes(String(value['state']))) {
    throw new WiDoctorError('BUNDLE', `Fact "${name}" of the bundle has no state present, absent or unknown`);
  }
  if (value['state'] === 'present' && !('value' in value)) {
    throw new WiDoctorError('BUNDLE', `Fact "${name}" of the bundle is present but has no value`);
  }
  if (value['state'] === 'unknown') return { state: 'unknown', reason: 'no reason given', ...value };
  return { origin: 'bundle', ...value } as Fact<never>;
}

function checkedFacts(value: unknown, where: string): Record<string, Fact<never>> {
  if (!isRecord(value)) throw new WiDoctorError('BUNDLE', `The bundle has no object "${where}"`);
  return Object.fromEntries(Object.entries(value).map(([name, fact]) => [name, checkedFact(fact, name)]));
}

/**
 * Takes the facts out of a parsed bundle.
 *
 * @throws {WiDoctorError} `BUNDLE` for another schema version or a fact without a state.
 */
export function readBundle(document: { schemaVersion: string }): FactSet {
  if (document.schemaVersion !== BUNDLE_SCHEMA_VERSION) {
    throw new WiDoctorError(
      'BUNDLE',
      `The bundle is of schema ${document.schemaVersion}; this wi-doctor reads ${BUNDLE_SCHEMA_VERSION}`,
      {
        hint: 'Read it with the version of wi-doctor that wrote it, or collect it again.',
      },
    );
  }
  const parts = document as { facts?: unknown; clients?: unknown };
  const facts = checkedFacts(parts.facts, 'facts') as {
    readonly [Name in keyof CollectedFacts]?: Fact<CollectedFacts[Name]>;
  };
  const clients = isRecord(parts.clients) ? parts.clients : {};
  return {
    facts,
    clients: Object.fromEntries(
      Object.entries(clients).map(([clientId, known]) => [
        clientId,
        checkedFacts(known, `clients.${clientId}`) as Partial<ClientFactSet>,
      ]),
    ),
  };
}
