import { rightWords, isJson, type AzureAnswer, type AzureUnknown, type Json, type Right } from './answers.ts';
import { hostsOf } from './clouds.ts';
import type { Send, Sent } from './send.ts';
import type { AzureSignIn, Service } from './sign-in.ts';

/** Reads from Azure Resource Manager and Microsoft Graph with the caller's sign-in. Nothing rejects. */
export interface AzureClient {
  /** One object. */
  get(service: Service, path: string, right: Right): Promise<AzureAnswer<Json>>;
  /** All items of a list, page by page; a page that fails makes the whole list unknown. */
  list(service: Service, path: string, right: Right, pace?: Pace): Promise<AzureAnswer<AzureList>>;
  /** All rows of a Resource Graph query. What the caller may not read is silently not among them. */
  query(kql: string): Promise<AzureAnswer<AzureList>>;
  /** The tenant that ARM or Graph are asked in; null when not known. */
  readonly tenantId: (service: Service) => Promise<string | null>;
}

export interface AzureList {
  readonly items: readonly Json[];
  /** `@odata.context` of Graph, which names the object that holds the items. */
  readonly context: string | null;
}

/** Called before each request of a list, for answers that Azure rations. */
export type Pace = () => Promise<void>;

const NAMES: Readonly<Record<Service, string>> = { arm: 'Azure Resource Manager', graph: 'Microsoft Graph' };
/** 404s that speak of the object itself; others speak of a subscription or a type the caller does not see. */
const NOT_THERE = new Set([
  'ResourceNotFound',
  'ResourceGroupNotFound',
  'Request_ResourceNotFound',
  'NotFound',
]);
const MOST_PAGES = 50;

function unknown(reason: string, status: number | null = null, login = false): AzureUnknown {
  return { kind: 'unknown', reason, status, login };
}

function documentIn({ contentType, text }: Extract<Sent, { kind: 'answer' }>): Json | null {
  if (!/\bjson\b/i.test(contentType)) return null;
  try {
    const document: unknown = JSON.parse(text);
    return isJson(document) ? document : null;
  } catch {
    return null;
  }
}

function errorCode(document: Json): string | null {
  const error = document['error'];
  return isJson(error) && typeof error['code'] === 'string' ? error['code'] : null;
}

function judge(service: Service, sent: Sent, right: Right): AzureAnswer<Json> {
  if (sent.kind === 'failed') return unknown(sent.reason);
  const name = NAMES[service];
  const { status } = sent;
  const document = documentIn(sent);
  const code = document === null ? null : errorCode(document);
  if (status === 429) return unknown(`${name} limits requests (429)`, status);
  if (status >= 500) return unknown(`${name} answers with an error of its own (${status})`, status);
  // A proxy or a login page in between answers with pages; nothing follows from what they say.
  if (document === null)
    return unknown(`${name} answered with something else than its own JSON (${status})`, status);
  if (status === 200)
    return code === null ? { kind: 'ok', body: document } : unknown(`${name} answers ${code}`, status);
  if (status === 401) return unknown(`${name} does not accept the sign-in (401)`, status, true);
  if (status === 403) return unknown(`the sign-in lacks ${rightWords(right)} (403)`, status);
  if (status === 404 && code !== null && NOT_THERE.has(code)) return { kind: 'absent' };
  return unknown(
    `${name} answers ${status}${code === null || !/^\w{1,60}$/.test(code) ? '' : ` ${code}`}`,
    status,
  );
}

function nextOf(body: Json): string | null {
  const next = body['nextLink'] ?? body['@odata.nextLink'];
  return typeof next === 'string' && next !== '' ? next : null;
}

/**
 * @param tenant The tenant to look in; null for the sign-in's own.
 */
export function azureClient(signIn: AzureSignIn, tenant: string | null, send: Send): AzureClient {
  const hosts = hostsOf(signIn.cloud);
  async function ask(service: Service, url: URL, right: Right, body?: string): Promise<AzureAnswer<Json>> {
    const access = await signIn.token(service, tenant);
    if (access.kind === 'failed') return unknown(access.reason, null, access.login);
    const method = body === undefined ? 'GET' : 'POST';
    const sent = await send({ method, url, token: access.token, ...(body === undefined ? {} : { body }) });
    return judge(service, sent, right);
  }
  async function list(
    service: Service,
    path: string,
    right: Right,
    pace?: Pace,
  ): Promise<AzureAnswer<AzureList>> {
    const items: Json[] = [];
    let context: string | null = null;
    let url = new URL(path, `https://${hosts[service]}`);
    for (let page = 0; page < MOST_PAGES; page += 1) {
      await pace?.();
      const answer = await ask(service, url, right);
      if (answer.kind !== 'ok') return answer;
      const { value } = answer.body;
      if (!Array.isArray(value) || !value.every(isJson))
        return unknown(`${NAMES[service]} answered with something else than a list`);
      items.push(...value);
      const named = answer.body['@odata.context'];
      if (typeof named === 'string') context = named;
      const next = nextOf(answer.body);
      if (next === null) return { kind: 'ok', body: { items, context } };
      // The token must not follow a link to wherever an answer points.
      if (!URL.canParse(next) || new URL(next).origin !== url.origin)
        return unknown(`${NAMES[service]} names a next page on another host`);
      url = new URL(next);
    }
    return unknown(`${NAMES[service]} names more pages than a list of this kind can have`);
  }
  async function query(kql: string): Promise<AzureAnswer<AzureList>> {
    const items: Json[] = [];
    const url = new URL(
      `https://${hosts.arm}/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01`,
    );
    const right: Right = { name: 'Microsoft.ResourceGraph/resources/read', scope: '' };
    let skipToken: string | null = null;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const options = {
        resultFormat: 'objectArray',
        ...(skipToken === null ? {} : { $skipToken: skipToken }),
      };
      const answer = await ask('arm', url, right, JSON.stringify({ query: kql, options }));
      if (answer.kind !== 'ok') return answer;
      const { data } = answer.body;
      if (!Array.isArray(data) || !data.every(isJson))
        return unknown('Azure Resource Graph answered with something else than a table');
      items.push(...data);
      const next = answer.body['$skipToken'];
      if (typeof next !== 'string' || next === '') return { kind: 'ok', body: { items, context: null } };
      skipToken = next;
    }
    return unknown('Azure Resource Graph names more pages than such a question can have');
  }
  return {
    get: (service, path, right) => ask(service, new URL(path, `https://${hosts[service]}`), right),
    list,
    query,
    async tenantId(service) {
      const access = await signIn.token(service, tenant);
      return access.kind === 'token' ? access.tenantId : null;
    },
  };
}
