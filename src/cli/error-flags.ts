import type { Argv } from 'yargs';

/** What went wrong, as the user or the logs tell it. */
export function errorFlags(argv: Argv): Argv {
  return argv
    .option('error', {
      type: 'string',
      requiresArg: true,
      describe: 'TEXT, FILE or -: the error you see; what cannot cause it steps back',
    })
    .option('logs', {
      type: 'boolean',
      default: false,
      describe: 'Look for such errors in recent logs of the containers and of the webhook',
    });
}
