import { unknown, type Answer, type Right, type Unanswered } from './answers.ts';
import type { HttpAnswer } from './exchange.ts';
import { addressOf, type Address } from './resources.ts';
import type { Status } from './types.ts';

/** What was asked for. */
export interface Question {
  readonly verb: 'get' | 'list' | 'create';
  /** Path without query. */
  readonly path: string;
}

/** Turns an HTTP answer that is neither a retry (429, 5xx) nor a refusal to let us in (401) into an answer. */
export function judge(question: Question, answer: HttpAnswer): Answer {
  if (answer.status >= 200 && answer.status < 300) return judgeSuccess(question, answer);
  return judgeRefusal(question, answer);
}

/** The same for plain text. */
export function judgeText(question: Question, answer: HttpAnswer): Answer<string> {
  if (answer.status < 200 || answer.status >= 300) return judgeRefusal(question, answer);
  if (/text\/html/i.test(answer.contentType)) return foreign(answer);
  const text = answer.body.toString('utf8');
  return { kind: 'ok', body: answer.cut ? text.slice(text.indexOf('\n') + 1) : text };
}

/** What stays after the last attempt was answered with 429 or 5xx, or for any answer that cannot be used. */
export function judgeRefusal(
  question: Question,
  answer: HttpAnswer,
): Unanswered | { readonly kind: 'absent' } {
  const { status } = answer;
  if (status >= 300 && status < 400) {
    return unknown(`the API server redirects${hostIn(answer.location)}, which is not followed (${status})`, {
      status,
    });
  }
  const document = parse(answer.body);
  if (!isStatus(document)) {
    if (status === 404 && !isHtml(answer)) {
      return unknown(`the API server does not serve ${question.path} (404)`, { status });
    }
    return foreign(answer);
  }
  if (DENIED.test(document.message ?? '')) return denied(status, document);
  if (status === 403) return forbidden(question, document);
  if (status === 404) return missing(question, document);
  const said = document.message === undefined ? '' : `: ${clause(document.message)}`;
  return unknown(`the API server answered ${status}${said}`, { status });
}

function judgeSuccess(question: Question, answer: HttpAnswer): Answer {
  const document = parse(answer.body);
  const { status } = answer;
  if (document === undefined) return foreign(answer);
  // `/version` and the OpenID documents are no Kubernetes objects and have no kind.
  if (
    addressOf(question.path) !== undefined &&
    (typeof document['kind'] !== 'string' || isStatus(document))
  ) {
    return unknown(`what answers at ${question.path} is no Kubernetes API (${status})`, { status });
  }
  if (question.verb !== 'list') return { kind: 'ok', body: document };
  // Some aggregated API servers write an empty list as null.
  const items = document['items'] ?? [];
  if (!Array.isArray(items))
    return unknown(`the answer for ${question.path} is no list (${status})`, { status });
  return { kind: 'ok', body: { ...document, items } };
}

/** How admission webhooks and admission policies refuse: no right would help. */
const DENIED = /\bdenied (the )?request\b/;

function denied(status: number, { message = '' }: Status): Unanswered {
  const said = clause(message.replace(/^.*? is forbidden: /s, ''));
  return unknown(`a policy of the cluster refuses it, whatever the user may do (${status}): ${said}`, {
    status,
  });
}

function forbidden(question: Question, document: Status): Unanswered {
  const message = document.message ?? '';
  // The server's own words are needed where it refuses another thing than we asked for: impersonation.
  const said =
    /cannot (?<verb>\S+) (?:resource "(?<resource>[^"]*)" in API group "(?<group>[^"]*)"|path "(?<path>[^"]*)")(?: in the namespace "(?<namespace>[^"]*)"| at the cluster scope)?(?:: (?<more>.*))?$/s.exec(
      message,
    )?.groups;
  if (said === undefined && !/cannot/.test(message)) {
    const why = message === '' ? '' : `: ${clause(message)}`;
    return unknown(`the API server forbids it (403)${why}`, { right: rightFor(question), status: 403 });
  }
  const missed = said?.['verb'] === 'impersonate' ? impersonation(said, document) : rightFor(question);
  const user = /\bUser "([^"]+)" cannot /.exec(message)?.[1];
  const right = user === undefined ? missed : { ...missed, user };
  const more = said?.['more'] === undefined ? '' : `: ${clause(said['more'])}`;
  return unknown(`the user may not ${inWords(right)} (403)${more}`, { right, status: 403 });
}

function impersonation(said: Readonly<Record<string, string | undefined>>, document: Status): Right {
  const name = document.details?.name;
  return {
    verb: 'impersonate',
    resource: said['resource'] ?? '',
    group: said['group'] ?? '',
    ...(name === undefined ? {} : { name }),
  };
}

/** The right that a request needs. */
function rightFor({ verb, path }: Question): Right {
  const address = addressOf(path);
  if (address === undefined) return { verb: 'get', resource: '', group: '', nonResourceURL: path };
  const { group, namespace, name, subresource } = address;
  return {
    verb,
    resource: subresource === undefined ? address.resource : `${address.resource}/${subresource}`,
    group,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
  };
}

/** A right as a clause: `list pods in namespace shop`. */
function inWords(right: Right): string {
  if (right.nonResourceURL !== undefined) return `${right.verb} ${right.nonResourceURL}`;
  const resource = right.group === '' ? right.resource : `${right.resource}.${right.group}`;
  const where = right.namespace === undefined ? '' : ` in namespace ${right.namespace}`;
  const everywhere = right.namespace === undefined && right.verb === 'list' ? ' in the whole cluster' : '';
  return `${right.verb} ${resource}${right.name === undefined ? '' : ` ${right.name}`}${where}${everywhere}`;
}

function missing(question: Question, document: Status): Unanswered | { readonly kind: 'absent' } {
  const address = addressOf(question.path);
  if (address?.name !== undefined && isAbout(address, document)) return { kind: 'absent' };
  // "the server could not find the requested resource": the kind itself is not served here.
  const said = document.message === undefined ? '' : `: ${clause(document.message)}`;
  return unknown(`the API server does not serve ${question.path} (404)${said}`, { status: 404 });
}

function isAbout(address: Address, { reason, details }: Status): boolean {
  return reason === 'NotFound' && details?.name === address.name && details?.kind === address.resource;
}

function foreign(answer: HttpAnswer): Unanswered {
  const { status } = answer;
  const what = isHtml(answer) ? 'a proxy answered with HTML' : 'the answer is not JSON';
  return unknown(`${what} instead of the API server (${status})`, { status });
}

function isHtml(answer: HttpAnswer): boolean {
  return (
    /text\/html/i.test(answer.contentType) || /^\s*</.test(answer.body.subarray(0, 64).toString('latin1'))
  );
}

function parse(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function isStatus(
  document: Record<string, unknown> | undefined,
): document is Record<string, unknown> & Status {
  return document?.['kind'] === 'Status' && document['apiVersion'] === 'v1';
}

/** The first 300 characters of what a server said, on one line and without its full stop. */
function clause(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}

function hostIn(location: string | undefined): string {
  if (location === undefined || !URL.canParse(location)) return '';
  return ` to ${new URL(location).host}`;
}
