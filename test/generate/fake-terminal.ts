import { Readable, Writable } from 'node:stream';
import type { Terminal } from '../../src/cli/terminal.ts';

/** A terminal of 80 columns without colour that keeps what is written to it. */
export interface FakeTerminal extends Terminal {
  out(): string;
}

function sink(chunks: string[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk.toString());
      done();
    },
  });
}

export function fakeTerminal(program: Terminal['program'] = 'wi-doctor'): FakeTerminal {
  const chunks: string[] = [];
  const stdout = sink(chunks);
  return {
    stdin: Readable.from([]),
    stdout,
    stderr: sink([]),
    env: {},
    columns: 80,
    color: false,
    progress: false,
    program,
    out: () => chunks.join(''),
  };
}
