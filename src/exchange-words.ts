import { blank, type CommandText, type Word } from './word.ts';
import type { Evidence } from './define-check.ts';
import { credentialFix, listCredentialsCommand } from './credential-fixes.ts';
import { matchCredentials } from './derive/credential-match.ts';
import { diagnosisCommand } from './diagnosis-command.ts';
import { exchangeVerdict, rateWords } from './derive/exchange.ts';
import type { SignIn } from './derive/sign-ins.ts';
import type { Workload } from './derive/workload.ts';
import type { Fact } from './fact.ts';
import type { Identity, Target } from './collected-facts.ts';
import type { Exchange, ExchangeAttempt } from './sources/exchange/types.ts';

/** `AADSTS700213`, or what came instead of a number. */
function codeWord({ codes, error, status }: ExchangeAttempt): string {
  return codes[0] === undefined ? (error ?? `HTTP ${status}`) : `AADSTS${codes[0]}`;
}

/** What checks of an exchange say about it. */
export interface ExchangeWords {
  /** `AADSTS700213`; empty when nothing was refused. */
  readonly code: string;
  readonly host: string;
  readonly scope: string;
  /** Name or id of the client, as it was sent. */
  readonly clientId: string;
  readonly tenant: string;
  readonly rate: string;
}

export function exchangeWords({ clientId, tenantId }: SignIn, exchange: Exchange): ExchangeWords {
  const { refusal, rate } = exchangeVerdict(exchange);
  return {
    code: refusal === null ? '' : codeWord(refusal),
    host: exchange.host,
    scope: exchange.scope,
    clientId: clientId.state === 'known' ? clientId.value : 'the client',
    tenant: tenantId.state === 'known' ? tenantId.value : 'of the sign-in',
    rate: rateWords(rate),
  };
}

/** What Entra answered, with the ids that Microsoft support asks for. */
export function answerEvidence(exchange: Exchange): Evidence[] {
  const { refusal, rate } = exchangeVerdict(exchange);
  if (refusal === null) return [];
  const { status, traceId, correlationId, time } = refusal;
  const ids = [
    ...(traceId === null ? [] : [`trace ${traceId}`]),
    ...(correlationId === null ? [] : [`correlation ${correlationId}`]),
    ...(time === null ? [] : [time]),
  ];
  const counted = rate.answered > 1 ? [`${rateWords(rate)} accepted`] : [];
  return [
    {
      fact: 'exchange',
      path: 'attempts',
      observed: [
        status === null ? codeWord(refusal) : `${codeWord(refusal)} (HTTP ${status})`,
        ...ids,
        ...counted,
      ].join(', '),
      expected: 'a token',
      labels: { observed: 'Entra', expected: 'wanted' },
    },
  ];
}

/** The command that exchanges once more, with flags of its own behind it. */
export function exchangeAgain(target: Fact<Target>, more = ''): CommandText {
  const tail = more === '' ? '' : ` ${more}`;
  if (target.state !== 'present') return { command: `wi-doctor pod POD --exchange${tail}` };
  return { command: `${diagnosisCommand(target.value)} --exchange${tail}` };
}

/** The words for making a credential that nobody could look up: its name must not be one that is taken. */
export function unseenCredentialWords(
  signIn: SignIn,
  workload: Workload,
  identity: Fact<Identity>,
  issuer: string,
): {
  readonly words: ReturnType<typeof credentialFix>['words'] & { readonly list: Word };
  readonly fix: readonly string[];
} {
  const audience = signIn.audience.state === 'known' ? signIn.audience.value : null;
  const unseen = { items: [], complete: false, anyClientId: true };
  const credentialMatch = matchCredentials(unseen, issuer, signIn.subject, audience);
  const facts = { signIn, workload, credentialMatch, identity };
  const { words, fix } = credentialFix(facts);
  return {
    words: {
      ...words,
      newName: blank('free name'),
      list: { command: listCredentialsCommand(facts) },
    },
    fix: ['list', ...fix],
  };
}
