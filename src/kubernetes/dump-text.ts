/** The text of a file, or what kind of file it is instead, in words behind "not read, ". */
export type Content = { readonly text: string } | { readonly problem: string };

/** What stands at the beginning of files that hold no text. */
const PACKED: readonly (readonly number[])[] = [
  [0x1f, 0x8b],
  [0x50, 0x4b, 0x03, 0x04],
  [0x42, 0x5a, 0x68],
  [0xfd, 0x37, 0x7a, 0x58],
];

/** Decodes a file: UTF-8, or UTF-16 as PowerShell writes it when output is redirected with `>`. */
export function textOf(bytes: Buffer): Content {
  if (PACKED.some((magic) => magic.every((byte, index) => bytes[index] === byte)))
    return { problem: 'it is packed: unpack it first' };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: bytes.subarray(2).toString('utf16le') };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    const even = bytes.subarray(2, bytes.length - (bytes.length % 2));
    return { text: Buffer.from(even).swap16().toString('utf16le') };
  }
  // No other text has a NUL in it.
  if (bytes.includes(0)) return { problem: 'it is no text file' };
  const text = bytes.toString('utf8');
  return { text: text.startsWith('\uFEFF') ? text.slice(1) : text };
}

const LONGEST_QUOTE = 120;

/**
 * What a text is that people send in the place of a dump; undefined for anything else.
 *
 * The words go behind the name of the file: `pod.yaml: is a table, …`.
 */
export function mistakenFor(text: string): string | undefined {
  const begin = text.trimStart();
  if (begin === '') return 'is empty';
  const [line = ''] = begin.split(/\r?\n/, 1);
  if (
    /^(?:Error from server|error:|Error:|Unable to connect to the server|The connection to the server)/.test(
      line,
    )
  )
    return `is what kubectl said instead: ${line.slice(0, LONGEST_QUOTE)}`;
  if (/^No resources found\b/.test(line))
    return `is what kubectl said instead: ${line.slice(0, LONGEST_QUOTE)}`;
  if (/^Name: {2,}\S/.test(line) && /^(?:Namespace|Labels|Annotations): /m.test(begin))
    return 'is the output of kubectl describe, which leaves too much out; dump it with kubectl get -o yaml';
  if (/^(?:NAMESPACE +)?NAME +[A-Z]/.test(line)) return 'is a table of kubectl get; dump it with -o yaml';
  if (/^[[{]/.test(line) && ['"issuer"', '"subject"', '"audiences"'].every((name) => begin.includes(name)))
    if (!begin.includes('"apiVersion"'))
      return 'looks like federated credentials; give it with --federated-credentials';
  if (/^<(?:!DOCTYPE|html|\?xml)/i.test(line)) return 'is a web page';
  return undefined;
}

const LOG = /^==== START logs for container .*\n[\s\S]*?^==== END logs for container .*$/gm;

/** The objects of `kubectl cluster-info dump` without the logs between them; lines keep their numbers. */
export function withoutLogs(text: string): string {
  if (!text.includes('==== START logs for container ')) return text;
  return text.replaceAll(LOG, (log) => '\n'.repeat(log.split('\n').length - 1));
}
