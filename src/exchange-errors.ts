import { explainEpisode } from './aadsts/explain-episode.ts';
import type { Fields } from './aadsts/explanation.ts';
import { mergeValues } from './aadsts/read/literal.ts';
import type { FactSet } from './collected-facts.ts';
import type { ReportError } from './report.ts';
import type { ExchangeAttempt } from './sources/exchange/types.ts';

/** Ids and time tell one answer from the next; of answers alike, all are kept. */
function idsOf({ traceId, correlationId, time, fields = {} }: ExchangeAttempt): Fields {
  return {
    ...(traceId === null ? {} : { traceId }),
    ...(correlationId === null ? {} : { correlationId }),
    ...(time === null ? {} : { timestamp: fields.timestamp ?? time }),
  };
}

function explained(code: number, attempts: readonly ExchangeAttempt[], host: string): ReportError {
  const ids = attempts.map(idsOf);
  const merged = (name: 'traceId' | 'correlationId' | 'timestamp'): Fields =>
    ids.some((one) => one[name] !== undefined)
      ? { [name]: ids.map((one) => one[name]).reduce((all, next) => mergeValues(all, next)) }
      : {};
  const [first] = attempts;
  const error = explainEpisode({
    code,
    kind: undefined,
    fields: { ...first?.fields, ...merged('traceId'), ...merged('correlationId'), ...merged('timestamp') },
    oauthError: first?.error ?? null,
    httpStatus: first?.status ?? null,
    // Entra said it to this very sign-in.
    unrelated: false,
    decides: true,
    count: attempts.length,
    words: '',
    hints: new Set(),
    order: 0,
  });
  return { ...error, origin: `exchange with ${host}` };
}

/** What Entra answered to the exchanges of a run where it gave no token: one error for each number and sign-in. */
export function exchangeErrors({ facts }: FactSet): ReportError[] {
  const { exchanges } = facts;
  if (exchanges?.state !== 'present') return [];
  return exchanges.value.flatMap((record) => {
    if (record.state !== 'sent') return [];
    const byCode = new Map<number, ExchangeAttempt[]>();
    for (const attempt of record.attempts) {
      const [code] = attempt.codes;
      if (attempt.kind === 'accepted' || code === undefined) continue;
      byCode.set(code, [...(byCode.get(code) ?? []), attempt]);
    }
    return [...byCode].map(([code, attempts]) => explained(code, attempts, record.host));
  });
}
