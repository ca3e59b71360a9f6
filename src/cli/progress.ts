import { printable } from '../printable.ts';
import type { Terminal } from './terminal.ts';

/** What is shown while waiting; on stderr, and only on a terminal. */
export interface Progress {
  /** Says that a request takes long. @param seconds How long it has been under way. */
  slow(what: string, seconds: number): void;
  /** Replaces what is shown. */
  show(text: string): void;
  /** Says in a line of its own what the user must know, on a terminal or not. */
  note(text: string): void;
  stop(): void;
}

/** Milliseconds before anything is drawn: an answer that is quick needs no spinner, nor the time to load one. */
const DELAY = 400;

/** Shows a spinner once a run takes noticeably long. Off a terminal, only slow requests are told, as plain lines. */
export function startProgress(terminal: Terminal, text: string, quiet: boolean): Progress {
  const note = (words: string): unknown => terminal.stderr.write(`wi-doctor: ${printable(words)}\n`);
  const nothing = (): void => undefined;
  if (quiet) return { slow: nothing, show: nothing, note, stop: nothing };
  const slowLine = (what: string, seconds: number): string =>
    `still waiting for ${what} (${seconds} s so far)`;
  if (!terminal.progress) {
    return {
      slow: (what, seconds) => terminal.stderr.write(`${slowLine(what, seconds)}\n`),
      show: nothing,
      note,
      stop: nothing,
    };
  }
  let stopped = false;
  let current = text;
  let spinner: { text: string; clear: () => unknown; stop: () => unknown } | undefined;
  const draw = async (): Promise<void> => {
    const { default: ora } = await import('ora');
    // The run may have ended while the library was loading.
    if (stopped) return;
    const stream = terminal.stderr as NodeJS.WritableStream;
    spinner = ora({ text: current, stream, discardStdin: false }).start();
  };
  const timer = setTimeout(() => {
    void draw();
  }, DELAY);
  timer.unref();
  const show = (words: string): void => {
    current = words;
    if (spinner) spinner.text = words;
  };
  return {
    slow: (what, seconds) => show(slowLine(what, seconds)),
    show,
    note(words) {
      // The spinner draws itself again below the line.
      spinner?.clear();
      note(words);
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      spinner?.stop();
    },
  };
}
