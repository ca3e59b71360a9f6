import { resolve } from 'node:path';
import { printable } from '../printable.ts';
import { splitCredentialsArgument } from '../credentials-argument.ts';
import type { DumpNote } from '../kubernetes/dump-store.ts';
import type { DiagnosisOptions } from './options.ts';
import type { Terminal } from './terminal.ts';

/** Notes beyond these are only counted. */
const MOST_NOTES = 5;

/** Says on stderr what of a dump was passed over and why: what is missing in the report must not be a riddle. */
export function tellNotes(
  notes: readonly DumpNote[],
  { federatedCredentials, tokenFile, verbosity }: DiagnosisOptions,
  { stderr }: Terminal,
): void {
  const files = federatedCredentials.map((value) => splitCredentialsArgument(value).file);
  // What another flag reads was not passed over.
  const read = new Set([...files, ...(tokenFile === null ? [] : [tokenFile])].map((file) => resolve(file)));
  const telling = notes.filter(({ file }) => !read.has(resolve(file)));
  const shown = verbosity > 0 ? telling : telling.slice(0, MOST_NOTES);
  const left = telling.length - shown.length;
  for (const { file, line, why } of shown) {
    const where = line === undefined ? file : `${file}:${line}`;
    stderr.write(`wi-doctor: ${printable(`${where}: ${why}`)}\n`);
  }
  if (left > 0) stderr.write(`wi-doctor: ${left} more such ${left === 1 ? 'note' : 'notes'} with -v\n`);
}
