import { WiDoctorError } from '../errors.ts';
import type { Origin } from './answers.ts';
import type { DumpFile } from './dump-files.ts';
import { withoutLogs } from './dump-text.ts';

/** One document of a file. */
export interface DumpDocument {
  readonly value: Readonly<Record<string, unknown>>;
  readonly origin: Origin;
  /** Where an item of the list in it begins, when that is known. */
  readonly lineOfItem: (index: number) => number | undefined;
}

/**
 * The documents of a dump: JSON, several JSON documents one after the other, or YAML with `---` in between.
 * A bare list counts as its objects, one by one; documents that are neither are left out.
 *
 * @throws WiDoctorError BUNDLE with file and line for text that is neither, and for aliases that multiply.
 */
export async function documentsOf({ file, text: whole }: DumpFile): Promise<DumpDocument[]> {
  const text = withoutLogs(whole);
  if (/^\s*[{[]/.test(text)) {
    const documents = jsonDocuments(file, text);
    if (documents !== undefined) return documents;
    // YAML has a JSON-like notation of its own (`{a: b}`) and tells better where an error is.
  }
  return yamlDocuments(file, text);
}

function jsonDocuments(file: string, text: string): DumpDocument[] | undefined {
  try {
    return mappings([{ value: JSON.parse(text) as unknown, line: 1 }], file);
  } catch {
    // Perhaps several of them: the outer braces of what kubectl prints stand at the beginning of a line.
  }
  try {
    let line = 1;
    // What stands between two of them is kept, for its lines.
    const parts = text.split(/(?<=^\})(\s*\n)(?=\{)/m).map((part) => {
      const begin = line;
      line += part.split('\n').length - 1;
      return { part, begin };
    });
    const values = parts.filter(({ part }) => part.trim() !== '');
    return mappings(
      values.map(({ part, begin }) => ({ value: JSON.parse(part) as unknown, line: begin })),
      file,
    );
  } catch {
    return undefined;
  }
}

function mappings(values: readonly { value: unknown; line: number }[], file: string): DumpDocument[] {
  return values.flatMap(({ value, line }) =>
    mappingsIn(value).map((one) => ({ value: one, origin: { file, line }, lineOfItem: () => undefined })),
  );
}

/** What a document holds: itself, or the objects of a bare list such as `jq .items` prints. */
function mappingsIn(value: unknown): Readonly<Record<string, unknown>>[] {
  return (Array.isArray(value) ? (value as unknown[]) : [value]).filter(isMapping);
}

async function yamlDocuments(file: string, text: string): Promise<DumpDocument[]> {
  const { isMap, isNode, isSeq, LineCounter, parseAllDocuments } = await import('./yaml-library.ts');
  const lineCounter = new LineCounter();
  const documents: DumpDocument[] = [];
  const parsed = parseAllDocuments(text, { lineCounter, prettyErrors: false, logLevel: 'silent' });
  for (const document of Array.isArray(parsed) ? parsed : []) {
    const { contents, errors } = document;
    const [error] = errors;
    if (error !== undefined) {
      const { line, col } = lineCounter.linePos(error.pos[0]);
      throw new WiDoctorError('BUNDLE', `${file} is not valid YAML at line ${line}, column ${col}.`, {
        hint: 'Dump it again with kubectl get -o yaml, or take the file out of the folder.',
      });
    }
    let value: unknown;
    try {
      value = document.toJS({ maxAliasCount: 100 });
    } catch {
      throw new WiDoctorError('BUNDLE', `${file} uses more YAML aliases than a dump ever would.`);
    }
    const lineOf = (node: unknown): number | undefined =>
      isNode(node) && node.range ? lineCounter.linePos(node.range[0]).line : undefined;
    const items = isMap(contents) ? contents.get('items') : undefined;
    const line = lineOf(contents);
    for (const one of mappingsIn(value)) {
      documents.push({
        value: one,
        origin: { file, ...(line === undefined ? {} : { line }) },
        lineOfItem: (index) => (isSeq(items) ? lineOf(items.items[index]) : undefined),
      });
    }
  }
  return documents;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
