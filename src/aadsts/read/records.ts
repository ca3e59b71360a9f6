/** How log lines begin: klog, logfmt, JSON lines, ISO or bracketed dates, syslog, level words, boxes. */
const RECORD_START = new RegExp(
  [
    '[IWEF]\\d{4} \\d\\d:\\d\\d',
    '(?:time|ts|level|t)=["\\d\\w]',
    '\\{"(?!error)[^"\\n]{1,40}":',
    '\\[?\\d{4}[-/]\\d\\d[-/]\\d\\d[T ]\\d\\d:\\d\\d',
    '\\d\\d:\\d\\d:\\d\\d[.,]\\d{3} ',
    '[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d ',
    '(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR(?! CODE:)|FATAL|CRITICAL)[ :\\t]',
    '  (?:Normal|Warning)  ',
  ]
    .map((start) => `^${start}`)
    .join('|'),
  'gm',
);

/** Where the records of a piece of log begin. Text without any such beginning is one record. */
export class Records {
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.#starts = Array.from(text.matchAll(RECORD_START), (match) => match.index);
  }

  /** Number of the record that holds a position; 0 for text before the first beginning. */
  at(position: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] as number) <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Where the record that holds a position begins. */
  startOf(position: number): number {
    return this.#starts[this.at(position) - 1] ?? 0;
  }

  /** Where the record that holds a position ends, exclusive. */
  endOf(position: number, length: number): number {
    return this.#starts[this.at(position)] ?? length;
  }
}

/** `INFO: ` alone is the prefix azcopy gives to its failures as well. */
const INFORMATIONAL =
  /^I\d{4} |\blevel=(?:info|debug)\b|"(?:level|severity)":"(?:info|debug)"|^(?!INFO: )\S{0,40} ?\[?(?:INFO|DEBUG)\b/i;

/** True if the program itself logged the record as information, so that the failure did not stop it. */
export function isInformational(record: string): boolean {
  return INFORMATIONAL.test(record.slice(0, 300));
}
