import type { CheckStatus } from '../define-check.ts';
import type { Report, ReportCheck, ReportContainer, ReportValue } from '../report.ts';
import { INDENT, proseWidth } from './block.ts';
import type { Ink } from './ink.ts';
import type { Screen } from './screen.ts';
import { wrap } from './wrap.ts';

const MARKS: Readonly<Record<CheckStatus, readonly [string, keyof Ink]>> = {
  pass: ['✔', 'good'],
  fail: ['✖', 'bad'],
  warn: ['!', 'unsure'],
  info: ['·', 'faint'],
  skip: ['·', 'faint'],
  unknown: ['?', 'unsure'],
  error: ['✖', 'bad'],
};

/** What is wrong or open comes first, what was not asked last. */
const ORDER: readonly CheckStatus[] = ['fail', 'error', 'unknown', 'warn', 'info', 'pass', 'skip'];

const VALUES: readonly (readonly [keyof ReportContainer['effective'], string])[] = [
  ['clientId', 'client id'],
  ['tenantId', 'tenant id'],
  ['tokenFile', 'token file'],
  ['authorityHost', 'authority host'],
  ['audience', 'audience'],
  ['expirationSeconds', 'lifetime'],
];
const VALUE_COLUMN = 16;

function checkText({ title, status, reason, unseeable }: ReportCheck): string {
  switch (status) {
    case 'skip':
      return `${title}: skipped, ${reason ?? 'not asked'}`;
    case 'unknown':
      return `${title}: ${unseeable ? 'cannot be seen from outside' : 'could not be checked'}, ${reason ?? 'no reason given'}`;
    case 'error':
      return `${title}: ${reason ?? 'the check crashed'} (bug, please report)`;
    case 'pass':
    case 'fail':
    case 'warn':
    case 'info':
      return title;
  }
}

function checkLines(check: ReportCheck, { columns, ink }: Screen): string[] {
  const [mark, color] = MARKS[check.status];
  return wrap(checkText(check), proseWidth(columns) - INDENT.length - 2).map((line, index) =>
    index === 0 ? `${INDENT}${ink[color](mark)} ${line}` : `${INDENT}${INDENT}${line}`,
  );
}

function valueText({ value, from, reason }: ReportValue, unit: string): string {
  if (value !== null) return `${value}${unit}${from === null ? '' : ` (${from})`}`;
  return from === null ? 'not set' : `unknown: ${reason ?? 'it cannot be seen'}`;
}

function containerLines({ name, effective }: ReportContainer, { columns, ink }: Screen): string[] {
  const indent = INDENT + INDENT;
  return [
    ...wrap(`Container ${name}`, proseWidth(columns) - INDENT.length).map(
      (line) => INDENT + ink.strong(line),
    ),
    ...VALUES.flatMap(([member, label]) =>
      wrap(
        valueText(effective[member], member === 'expirationSeconds' ? ' s' : ''),
        columns - indent.length - VALUE_COLUMN,
      ).map((line, index) => indent + (index === 0 ? label : '').padEnd(VALUE_COLUMN) + line),
    ),
  ];
}

/** What `-v` adds: every check with its answer, and what each container's SDK will use and who set it. */
export function detailLines({ checks, containers }: Report, screen: Screen): string[][] {
  const ordered = checks.toSorted((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
  return [
    ...(checks.length > 0
      ? [[INDENT + screen.ink.strong('Checks'), ...ordered.flatMap((check) => checkLines(check, screen))]]
      : []),
    ...containers.map((container) => containerLines(container, screen)),
  ];
}
