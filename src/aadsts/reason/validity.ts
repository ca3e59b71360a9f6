import { valuesOf } from '../read/literal.ts';
import type { Conclusion, Said } from './conclusion.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** 700024: the three times of the message tell an old copy from a CI token and from a wrong clock. */
export function validity({ code, fields, hints }: Said): Conclusion | undefined {
  if (code !== 700024 && code !== 50012) return undefined;
  const now = seconds(fields.currentTime);
  const from = seconds(fields.validFrom);
  const to = seconds(fields.validTo);
  if (from === undefined || to === undefined || now === undefined) return undefined;
  if (from <= 0) return withoutStart(hints.has('msal4j'));
  if (now < from) return tooEarly(from - now);
  const life = to - from;
  if (isAbout(life, 300) || isAbout(life, 600)) return continuousIntegration(life, now - to);
  if (now < to) return undefined;
  return expired(life, now - to, hints.has('rust'));
}

function withoutStart(msal4j: boolean): Conclusion {
  return {
    observation:
      'The assertion carries no start of validity (1970), so it is no Kubernetes token but one a library made itself from a certificate.',
    judgements: [
      { code: 'SDK-02', likelihood: 'likely' },
      {
        code: 'SDK-10',
        likelihood: 'likely',
        confirm: msal4j
          ? 'The stack names msal4j; release 1.23.0 is known to keep the signed assertion beyond its life.'
          : 'The library signed the assertion once and used it again after its expiry.',
        fix: msal4j
          ? 'Move off msal4j 1.23.0 to a release that signs an assertion per request.'
          : 'Upgrade the authentication library.',
      },
      { code: 'POD-10', likelihood: 'unlikely' },
      { code: 'TOK-07', likelihood: 'unlikely' },
      { code: 'TOK-05', likelihood: 'unlikely' },
    ],
  };
}

function tooEarly(early: number): Conclusion {
  return {
    observation: `The token becomes valid only ${span(early)} after Entra received it: the clock of the API server that signed it runs ahead.`,
    judgements: [
      {
        code: 'TOK-06',
        likelihood: 'certain',
        confirm: `The message proves it: start of validity minus current time is ${span(early)}.`,
      },
      { code: 'SDK-10', likelihood: 'unlikely' },
      { code: 'TOK-05', likelihood: 'unlikely' },
      { code: 'TOK-07', likelihood: 'unlikely' },
      { code: 'POD-10', likelihood: 'unlikely' },
    ],
  };
}

function continuousIntegration(life: number, late: number): Conclusion {
  const who = isAbout(life, 300) ? 'GitHub Actions' : 'Azure DevOps';
  return {
    observation: `The token was made to live ${span(life)}, which is what ${who} issues, and was used ${span(late)} after its end; a Kubernetes token lives at least ten minutes, by default an hour.`,
    judgements: [
      {
        code: 'TOK-05',
        likelihood: 'certain',
        confirm: `Validity in the message: ${life} s. The sign-in of the job is older than that.`,
        fix: 'Sign in again right before the step that fails (a second login step), or let the tool ask the CI system for a fresh token.',
      },
      { code: 'SDK-10', likelihood: 'possible' },
      { code: 'POD-10', likelihood: 'unlikely' },
      { code: 'TOK-07', likelihood: 'unlikely' },
    ],
  };
}

function expired(life: number, late: number, rust: boolean): Conclusion {
  const known = rust
    ? ' The text names a Rust stack: azure_identity 0.20/0.21 and reqsign before its fix of 2024 read the file once.'
    : ' Known for it: Rust azure_identity 0.20/0.21, reqsign before its fix of 2024, hand-written MSAL code.';
  // The kubelet renews at 80 % of the life, so a client that reads the file is never late.
  return {
    observation: `The token had expired ${span(late)} before it was sent; it had lived ${span(life)}, and the kubelet renews the file well before the end.`,
    judgements: [
      {
        code: 'SDK-10',
        likelihood: 'likely',
        confirm: `The pod started about when the token's validity begins, and a restart helps for one token life.${known}`,
      },
      {
        code: 'TOK-05',
        likelihood: 'likely',
        confirm:
          'The message proves that the token sent was expired. If the file on disk is fresh, the program keeps a copy:\nkubectl exec POD -n {namespace} -c CONTAINER -- sh -c \'cat "$AZURE_FEDERATED_TOKEN_FILE"\' | wi-doctor token -',
      },
    ],
  };
}

function isAbout(life: number, wanted: number): boolean {
  return Math.abs(life - wanted) <= 5;
}

/** Seconds since the Unix epoch. */
function seconds(field: Said['fields']['currentTime']): number | undefined {
  const text = valuesOf(field)[0];
  const milliseconds = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}

/** `3 d 4 h`, `1 h 20 min`, `5 min`, `40 s`. */
function span(total: number): string {
  const parts = [
    [Math.floor(total / (24 * HOUR)), 'd'],
    [Math.floor(total / HOUR) % 24, 'h'],
    [Math.floor(total / MINUTE) % 60, 'min'],
  ] as const;
  const said = parts.filter(([number]) => number > 0).slice(0, 2);
  return said.length === 0
    ? `${Math.round(total)} s`
    : said.map(([number, unit]) => `${number} ${unit}`).join(' ');
}
