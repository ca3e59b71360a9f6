import type { Report } from '../report.ts';

/** The members of an explained error that a line about it needs. */
interface Brought {
  readonly code?: unknown;
  readonly kind?: unknown;
  readonly meaning?: unknown;
  readonly decides?: unknown;
}

function lineOf({ code, kind, meaning }: Brought): string {
  const name =
    typeof code === 'number' ? `AADSTS${code}` : typeof kind === 'string' ? kind : 'not recognised';
  const first = typeof meaning === 'string' ? meaning.replace(/(?<=[.!?])\s.*$/su, '') : '';
  return first === '' ? name : `${name}: ${first}`;
}

/** The errors that the user brought and that decide, each as its name and what it means in one sentence. */
export function broughtErrors({ errors }: Report): string[] {
  return errors
    .filter((error): error is Brought => typeof error === 'object' && error !== null)
    .filter(({ decides }) => decides !== false)
    .map(lineOf);
}
