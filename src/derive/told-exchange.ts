import { valuesOf } from '../aadsts/read/literal.ts';
import type { Fact } from '../fact.ts';
import type { Exchange } from '../sources/exchange/types.ts';
import { counts, outdatedBy, type Complaint } from './complaints.ts';
import type { SignIn } from './sign-ins.ts';
import type { EffectiveValue } from './workload.ts';

/** Values that tell whose sign-in an error is about. */
const TELLING = ['subject', 'issuer', 'appId', 'tenant'] as const;
const DEFAULT_HOST = 'login.microsoftonline.com';

function known(value: EffectiveValue): string | null {
  return value.state === 'known' ? value.value : null;
}

/** Whether an error is what Entra answered to this very sign-in: nothing in it speaks against, something for it. */
function isAnswerTo({ clientId, containers }: SignIn, complaint: Complaint): boolean {
  const { error, from, container, matches } = complaint;
  if (error.code === null || from === 'webhook' || !counts(error) || outdatedBy(complaint) !== null)
    return false;
  if (container !== null && !containers.includes(container)) return false;
  const telling = matches.filter(({ field }) => TELLING.some((name) => name === field));
  if (telling.some(({ relation }) => relation === 'other')) return false;
  const appId = valuesOf(error.fields.appId)[0];
  if (appId !== undefined && appId.toLowerCase() !== known(clientId)?.toLowerCase()) return false;
  // A bare code says nothing about whose sign-in it is; a container's own log does.
  return from === 'container' || telling.length > 0;
}

function hostOf({ authorityHost }: SignIn): string {
  const host = known(authorityHost) ?? '';
  return URL.canParse(host) ? new URL(host).host : DEFAULT_HOST;
}

/**
 * An exchange that the program itself made, as the error it got tells of it: Entra's answer to the sign-in at
 * hand, although nobody asked Entra now.
 *
 * @returns Undefined when no error can be laid to this sign-in.
 */
export function toldExchange(
  signIn: SignIn,
  complaints: Fact<readonly Complaint[]>,
): Fact<Exchange> | undefined {
  if (complaints.state !== 'present') return undefined;
  const complaint = complaints.value.find((one) => isAnswerTo(signIn, one));
  if (!complaint || complaint.error.code === null) return undefined;
  const { code, oauthError, httpStatus, fields } = complaint.error;
  return {
    state: 'present',
    origin: complaint.origin,
    value: {
      state: 'sent',
      told: true,
      clientId: known(signIn.clientId),
      tenantId: known(signIn.tenantId),
      authorityHost: known(signIn.authorityHost),
      audience: known(signIn.audience),
      host: hostOf(signIn),
      scope: valuesOf(fields.scope)[0] ?? valuesOf(fields.resource)[0] ?? 'its resource',
      attempts: [
        {
          kind: 'refused',
          status: httpStatus,
          codes: [code],
          error: oauthError,
          traceId: valuesOf(fields.traceId)[0] ?? null,
          correlationId: valuesOf(fields.correlationId)[0] ?? null,
          time: valuesOf(fields.timestamp)[0] ?? null,
          milliseconds: 0,
          fields,
        },
      ],
    },
  };
}
