import { main } from './main.ts';
import type { Terminal } from './terminal.ts';

function wantsColor(argv: readonly string[], env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (argv.includes('--no-color') || (env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0';
  return isTerminal && env['TERM'] !== 'dumb';
}

/**
 * Runs wi-doctor as a process: the only place that knows `process`.
 *
 * @param program How the user called it, for usage text and suggested commands.
 */
export async function run(program: Terminal['program']): Promise<void> {
  const argv = process.argv.slice(2);
  const { stdin, stdout, stderr, env } = process;
  // A terminal that tells no width, as some build machines have, is none to draw on.
  const progress = stderr.isTTY && stderr.columns > 0 && env['TERM'] !== 'dumb' && (env['CI'] ?? '') === '';
  // A reader that goes away (`| head`) is no failure of ours.
  stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));
  process.once('SIGINT', () => {
    if (progress) stderr.write('\u001b[?25h\n');
    process.exit(130);
  });
  process.exitCode = await main(argv, {
    stdin,
    stdout,
    stderr,
    env,
    columns: (stdout.isTTY && stdout.columns) || 80,
    color: wantsColor(argv, env, stdout.isTTY),
    progress,
    program,
  });
  // Standard input left open by the caller must not keep a finished run alive.
  stdin.unref?.();
  // Nor must a connection that a library began and does not know how to give up.
  setInterval(() => {
    if (stdout.writableLength === 0 && stderr.writableLength === 0) process.exit();
  }, 100).unref();
}
