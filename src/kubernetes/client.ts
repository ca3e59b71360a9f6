import {
  unknown,
  type Answer,
  type Items,
  type KubernetesClient,
  type ListQuery,
  type Query,
  type RequestRecord,
} from './answers.ts';
import { exchange, ExchangeFailure, type HttpAnswer } from './exchange.ts';
import { failureReason, notLetIn, unreachable, type Endpoint } from './failures.ts';
import type { ExecOutput } from './exec.ts';
import { secondsAhead } from '../http-date.ts';
import { judge, judgeRefusal, judgeText, type Question } from './judgement.ts';
import type { Limits } from './limits.ts';
import { olderPath } from './older-version.ts';
import { listAll } from './pages.ts';
import { isPassing, pause, retryAfter } from './retry.ts';
import type { Carried, Credentials } from './credentials.ts';

export interface ClientOptions {
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
  readonly limits: Limits;
  readonly signal?: AbortSignal;
  /** Called once for each request that takes longer than `limits.slowMs`. */
  readonly onSlow?: (path: string, seconds: number) => void;
}

/** The only paths that anything is posted to. None of them changes what is stored in the cluster. */
const POSTABLE: readonly RegExp[] = [
  /^\/api\/v1\/namespaces\/[^/]+\/serviceaccounts\/[^/]+\/token$/,
  /^\/apis\/authorization\.k8s\.io\/v1\/self(?:subjectaccess|subjectrules)reviews$/,
];

/** Where commands may be run. */
const EXECUTABLE = /^\/api\/v1\/namespaces\/[^/]+\/pods\/[^/]+\/exec$/;
const MOST_OUTPUT = 64 * 1024;
const SWITCHING_PROTOCOLS = 101;

interface Call extends Question {
  readonly query?: Query;
  readonly body?: string;
  readonly tailBytes?: number;
}

/** The live client. Sends nothing before the first question. */
export function createClient(options: ClientOptions): KubernetesClient {
  return new LiveClient(options);
}

class LiveClient implements KubernetesClient {
  readonly requests: RequestRecord[] = [];
  clockAhead: number | undefined;
  readonly #options: ClientOptions;
  /** Whether the API server has ever answered: before that a failure is the end, afterwards one unknown fact. */
  #inTouch = false;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  async get<T>(path: string, query: Query = {}): Promise<Answer<T>> {
    return (await this.#read({ verb: 'get', path, query })) as Answer<T>;
  }

  async list<T>(path: string, query: ListQuery = {}): Promise<Answer<Items<T>>> {
    const page = (pageQuery: Query): Promise<Answer> => this.#read({ verb: 'list', path, query: pageQuery });
    return (await listAll(page, query, this.#options.limits.pages)) as Answer<Items<T>>;
  }

  async create<T>(path: string, body: unknown): Promise<Answer<T>> {
    if (!POSTABLE.some((allowed) => allowed.test(path))) {
      throw new TypeError(`wi-doctor is read-only: nothing may be posted to ${path}.`);
    }
    return (await this.#ask({ verb: 'create', path, body: JSON.stringify(body) }, judge)) as Answer<T>;
  }

  async text(path: string, query: Query = {}, { maxBytes = 1024 * 1024 } = {}): Promise<Answer<string>> {
    return this.#ask({ verb: 'get', path, query, tailBytes: maxBytes }, judgeText);
  }

  async exec(path: string, container: string, command: readonly string[]): Promise<Answer<ExecOutput>> {
    if (!EXECUTABLE.test(path)) throw new TypeError(`${path} is no container to run a command in.`);
    const { limits, credentials, endpoint, signal } = this.#options;
    const { exec } = await import('./exec.ts');
    const search = new URLSearchParams([
      ['container', container],
      ...command.map((word): [string, string] => ['command', word]),
      ['stdout', 'true'],
      ['stderr', 'true'],
    ]).toString();
    const url = urlOf(endpoint.server, { verb: 'get', path });
    url.search = `?${search}`;
    const carried = await credentials.current();
    const started = performance.now();
    let status: number | null = null;
    try {
      const answer = await exec({
        url,
        agent: carried.agent,
        headers: { ...carried.headers, 'user-agent': 'wi-doctor' },
        timeoutMs: limits.requestMs,
        maxBytes: MOST_OUTPUT,
        ...(signal === undefined ? {} : { signal }),
      });
      status = 'stdout' in answer ? SWITCHING_PROTOCOLS : answer.status;
      return 'stdout' in answer
        ? { kind: 'ok', body: answer }
        : judgeRefusal({ verb: 'create', path }, answer);
    } catch (failure) {
      if (!(failure instanceof ExchangeFailure)) throw failure;
      return unknown(failureReason(failure, endpoint));
    } finally {
      const milliseconds = Math.round(performance.now() - started);
      this.requests.push({ method: 'GET', path: `${path}?${search}`, status, milliseconds });
    }
  }

  close(): void {
    this.#options.credentials.close();
  }

  /** Asks an API server that does not serve the kind as it is now for what it had instead. */
  async #read(call: Call): Promise<Answer> {
    const answer = await this.#ask(call, judge);
    const older = answer.kind === 'unknown' && answer.status === 404 ? olderPath(call.path) : undefined;
    if (older === undefined) return answer;
    const instead = await this.#ask({ ...call, path: older }, judge);
    // What neither version has is told by the name that people know.
    return instead.kind === 'unknown' && instead.status === 404 ? answer : instead;
  }

  async #ask<T>(
    call: Call,
    judgement: (question: Question, answer: HttpAnswer) => Answer<T>,
  ): Promise<Answer<T>> {
    const { limits, credentials, endpoint, signal } = this.#options;
    const started = performance.now();
    const left = (): number => limits.retryMs - (performance.now() - started);
    let repeated = false;
    let renewed = false;
    for (let attempt = 0; ; attempt++) {
      const carried = await credentials.current();
      const patience = attempt === 0 ? limits.requestMs : Math.min(limits.requestMs, Math.max(left(), 1));
      let answer: HttpAnswer;
      try {
        answer = await this.#send(call, carried, patience);
      } catch (failure) {
        if (!(failure instanceof ExchangeFailure)) throw failure;
        if (failure.stage === 'body') this.#inTouch = true;
        if (failure.brokenOff && !repeated) {
          repeated = true;
          continue;
        }
        if (!this.#inTouch) throw unreachable(failure, endpoint);
        return unknown(failureReason(failure, endpoint));
      }
      this.#inTouch = true;
      this.clockAhead ??= secondsAhead(answer, Date.now());
      if (answer.status === 401) {
        if (renewed || !(await credentials.renew(carried))) throw notLetIn(endpoint);
        renewed = true;
        continue;
      }
      if (!isPassing(answer.status)) return judgement(call, answer);
      const wait = retryAfter(answer.retryAfter, Date.now()) ?? limits.backoffMs * 2 ** attempt;
      if (wait >= left()) return judgement(call, answer);
      await pause(wait, signal);
    }
  }

  async #send(call: Call, carried: Carried, timeoutMs: number): Promise<HttpAnswer> {
    const { limits, endpoint, signal, onSlow } = this.#options;
    const url = urlOf(endpoint.server, call);
    const path = call.path + searchOf(call.query, false);
    const method = call.verb === 'create' ? 'POST' : 'GET';
    const started = performance.now();
    const slow = setTimeout(() => onSlow?.(path, Math.round(limits.slowMs / 1_000)), limits.slowMs);
    slow.unref();
    let status: number | null = null;
    try {
      const answer = await exchange({
        method,
        url,
        agent: carried.agent,
        headers: {
          ...carried.headers,
          // As kubectl: key sets have a type of their own, and who takes JSON only is answered 406 there.
          accept: call.tailBytes === undefined ? 'application/json, */*' : '*/*',
          // Unpacking costs more than it saves next to the cluster, and an archive may unpack to anything.
          'accept-encoding': 'identity',
          'user-agent': 'wi-doctor',
        },
        timeoutMs,
        maxBytes: limits.bodyBytes,
        ...(call.body === undefined ? {} : { body: call.body }),
        ...(call.tailBytes === undefined ? {} : { tailBytes: call.tailBytes }),
        ...(signal === undefined ? {} : { signal }),
      });
      status = answer.status;
      return answer;
    } finally {
      clearTimeout(slow);
      this.requests.push({ method, path, status, milliseconds: Math.round(performance.now() - started) });
    }
  }
}

/** The URL of a path below the API server's own, which has a path of its own behind Rancher and other gateways. */
function urlOf(server: string, { path, query }: Call): URL {
  const url = new URL(server);
  url.pathname = url.pathname.replace(/\/$/, '') + path;
  // A dot segment would be resolved into another path than the one that was asked for and recorded.
  if (!url.pathname.endsWith(path)) throw new TypeError(`${path} is no path of an API server.`);
  url.search = searchOf(query, true);
  return url;
}

function searchOf(query: Query = {}, whole: boolean): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    // Continue tokens are long and mean nothing to a reader of the request list.
    if (value !== undefined && (whole || key !== 'continue')) search.set(key, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}
