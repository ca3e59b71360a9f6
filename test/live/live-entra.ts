import type { FactSet } from '../../src/facts.ts';
import type { ExchangeAttempt } from '../../src/sources/exchange/types.ts';
import { startHttpsServer, type LoopbackServer } from '../support/https-server.ts';

function answerFor({ kind, status, codes, error, traceId, correlationId, time }: ExchangeAttempt): {
  status: number;
  body: object;
} {
  if (kind === 'accepted')
    return { status: 200, body: { token_type: 'Bearer', expires_in: 3599, access_token: 'of no use' } };
  const [code] = codes;
  const timestamp = (time ?? '').replace('T', ' ');
  const ids = `Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`;
  return {
    status: status ?? 500,
    body: {
      error,
      error_description: `AADSTS${code}: As the scenario saw it. ${ids}`,
      error_codes: codes,
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
    },
  };
}

export interface LiveEntra {
  readonly hosts: Readonly<Record<string, string>>;
  readonly flags: readonly string[];
  readonly server: LoopbackServer;
}

/** A token endpoint that answers just as the scenario saw it; nothing where the scenario has no exchange. */
export async function startLiveEntra({ facts }: FactSet, now: () => Date): Promise<LiveEntra | null> {
  const { exchanges } = facts;
  const records = exchanges?.state === 'present' ? exchanges.value : [];
  const [record] = records;
  if (record?.state !== 'sent') return null;
  const pending = [...record.attempts];
  const server = await startHttpsServer({
    now,
    describe: (status) => ({ status }),
    handle: (request) => {
      const attempt = request.method === 'POST' ? pending.shift() : undefined;
      if (!attempt) return { status: 404 };
      const { status, body } = answerFor(attempt);
      return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    },
  });
  const reachable = record.attempts.every(({ status }) => status !== null);
  return {
    server,
    hosts: { [record.host]: reachable ? server.address : 'ECONNREFUSED' },
    flags: [
      '--exchange',
      '--attempts',
      String(record.attempts.length),
      '--interval',
      '0',
      '--scope',
      record.scope,
    ],
  };
}
