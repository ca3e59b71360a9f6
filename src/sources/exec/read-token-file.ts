import type { ExecOutput } from '../../kubernetes/exec.ts';
import type { Answer } from '../../kubernetes/answers.ts';

/** Runs one command in the container. */
export type Run = (command: readonly string[]) => Promise<Answer<ExecOutput>>;

/** What the file holds, or why it could not be read: one clause. The text is a secret. */
export type FileText = { readonly text: string } | { readonly reason: string };

/** A shell's own means, for images that have a shell and nothing else. */
const SHELL_READ = 'while IFS= read -r line || [ -n "$line" ]; do printf "%s\\n" "$line"; done < "$1"';

/** Ways of printing a file, the commonest first; images lack one or the other, and some lack all. */
function linuxCommands(file: string): readonly (readonly string[])[] {
  return [
    ['cat', file],
    ['sh', '-c', SHELL_READ, 'sh', file],
    ['/busybox/cat', file],
    ['python3', '-c', 'import sys; sys.stdout.write(open(sys.argv[1]).read())', file],
    ['node', '-e', 'process.stdout.write(require("fs").readFileSync(process.argv[1], "utf8"))', file],
  ];
}

/** Windows containers are given the same path; it lies on the drive of the container. */
function windowsCommands(file: string): readonly (readonly string[])[] {
  const path = /^[/\\]/.test(file) ? `C:${file.replaceAll('/', '\\')}` : file;
  return [
    ['cmd.exe', '/c', 'type', path],
    [
      'powershell.exe',
      '-NoProfile',
      '-NonInteractive',
      '-Command',
      `Get-Content -Raw -LiteralPath '${path}'`,
    ],
  ];
}

// On Windows the command line is parsed again, so only names that mean nothing to a shell are passed on.
const PLAIN_WINDOWS_PATH = /^[\w.\-/\\: ]+$/;
const NOT_STARTED = /executable file not found|no such file or directory|not found in|cannot find the file/i;
const LONGEST_REASON = 160;

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().replace(/\.$/, '').slice(0, LONGEST_REASON);
}

function complaint({ stderr, message, exitCode }: ExecOutput): string {
  const said = oneLine(stderr) || oneLine(message);
  return said === '' ? `the command ended with ${exitCode}` : said;
}

/**
 * Reads a file of a container with whatever the image has.
 *
 * @param where What to call the container in a reason: `container app`.
 */
export async function readFileInContainer(
  run: Run,
  { file, windows, where }: { readonly file: string; readonly windows: boolean; readonly where: string },
): Promise<FileText> {
  if (windows && !PLAIN_WINDOWS_PATH.test(file))
    return { reason: `the token file of ${where} has a name that is not passed to a Windows shell` };
  for (const command of windows ? windowsCommands(file) : linuxCommands(file)) {
    const answer = await run(command);
    if (answer.kind === 'absent') return { reason: `${where} is not there any more` };
    if (answer.kind === 'unknown')
      return { reason: `the token file of ${where} could not be read: ${answer.reason}` };
    const { stdout, exitCode, message } = answer.body;
    if (exitCode === 0) {
      const text = stdout.toString('utf8');
      return text.trim() === '' ? { reason: `the token file of ${where} is empty` } : { text };
    }
    // A program that is missing is not started (some runtimes give 126 or 127); any other failure is about the file.
    const missing = exitCode === null ? NOT_STARTED.test(message) : exitCode === 126 || exitCode === 127;
    if (!missing)
      return { reason: `the token file of ${where} could not be read: ${complaint(answer.body)}` };
  }
  return {
    reason: windows
      ? `${where} (Windows) has neither cmd nor PowerShell, so its token file cannot be read`
      : `${where} has no program that prints a file, as distroless images have none, so its token file cannot be read`,
  };
}
