import { cloudOfAuthority } from '../../authority-hosts.ts';
import { TENANT_NOT_FOUND } from '../../derive/tenant.ts';
import type { AnswerTime } from '../../http-date.ts';
import { get, type Answer } from '../issuer/request.ts';
import { resolvePublic } from '../issuer/resolve.ts';
import { transportFailure } from '../issuer/transport-failure.ts';
import { outboundProxy, UnusableProxy, type Environment } from '../outbound-proxy.ts';
import type { TenantAnswer } from './types.ts';

/** Without a network nobody waits long for an answer on which no verdict rests. */
const TIMEOUT_MS = 3_000;
const MAX_BYTES = 64 * 1024;

function documentIn({ body }: Answer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body?.toString('utf8') ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** `microsoftonline.us`, as a tenant's document names its cloud. */
function cloudNamed(name: unknown): ReturnType<typeof cloudOfAuthority> {
  return typeof name === 'string' ? cloudOfAuthority(`login.${name}`) : null;
}

function judge(host: string, answer: Answer): TenantAnswer {
  const document = documentIn(answer);
  if (answer.status === 200 && typeof document['issuer'] === 'string' && 'token_endpoint' in document)
    return { kind: 'known', cloud: cloudNamed(document['cloud_instance_name']) };
  const said = typeof document['error_description'] === 'string' ? document['error_description'] : '';
  const codes = [...said.matchAll(/AADSTS(\d{5,8})/g)].map(([, code]) => Number(code));
  if (typeof document['error'] === 'string' && codes.some((code) => TENANT_NOT_FOUND.has(code)))
    return { kind: 'not-found', codes: [...new Set(codes)] };
  return { kind: 'unseen', reason: `${host} answers ${answer.status} about the tenant` };
}

async function ask(url: URL, env: Environment, signal: AbortSignal): Promise<Answer | string> {
  const way = (await outboundProxy(url, env)) ?? (await resolvePublic(url, false, signal));
  return 'kind' in way ? way.reason : get(url, way, MAX_BYTES, signal);
}

function unseen(reason: string): TenantAnswer {
  return { kind: 'unseen', reason };
}

/**
 * Asks a sign-in host of Entra for the public document of a tenant. Nothing is sent but the name of the tenant.
 *
 * @param host A known host of Entra's.
 * @param tenant GUID or domain; it goes into the path.
 * @param onAnswer Hears what time it is there.
 * @returns `unseen` for everything that is no answer of Entra's. Never rejects.
 */
export async function askTenant(
  host: string,
  tenant: string,
  env: Environment,
  onAnswer: (time: AnswerTime) => void,
): Promise<TenantAnswer> {
  const url = new URL(`https://${host}/${encodeURIComponent(tenant)}/v2.0/.well-known/openid-configuration`);
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), TIMEOUT_MS);
  try {
    const answer = await ask(url, env, limit.signal);
    if (typeof answer === 'string') return unseen(answer);
    const judged = judge(host, answer);
    if (judged.kind !== 'unseen') onAnswer(answer);
    return judged;
  } catch (error) {
    if (error instanceof UnusableProxy) return unseen(error.message);
    if (limit.signal.aborted) return unseen(`${host} did not answer within ${TIMEOUT_MS / 1000} s`);
    const failure = transportFailure(url, error);
    return failure.kind === 'tls'
      ? unseen(`${host} shows a certificate that is not trusted here (${failure.code})`)
      : unseen(failure.reason);
  } finally {
    clearTimeout(timer);
  }
}
