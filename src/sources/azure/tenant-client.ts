import { GUID } from './found-identity.ts';
import { azureClient, type AzureClient } from './request.ts';
import type { Send } from './send.ts';
import type { SignInFailure } from './sign-in-failure.ts';
import type { AzureSignIn } from './sign-in.ts';

/** Azure as the sign-in sees it, in the tenant that matters or as near as it gets. */
export interface TenantClient {
  readonly kind: 'client';
  readonly client: AzureClient;
  /** The tenant that is really asked; null when the token does not say. */
  readonly tenantId: string | null;
  /** Whether it is certain that this is the tenant that matters: only then can anything be absent. */
  readonly right: boolean;
}

/**
 * Azure in one tenant: with the sign-in's own token where that is for this tenant, else with one asked for, as
 * users who are guests elsewhere can have. Without either it is the sign-in's own tenant, which proves nothing.
 *
 * @param tenant GUID or domain; null when the tenant that matters is not known.
 */
export async function clientIn(
  signIn: AzureSignIn,
  tenant: string | null,
  send: Send,
): Promise<TenantClient | SignInFailure> {
  const arm = await signIn.token('arm', null);
  // Conditional Access may keep a user from ARM and not from Graph.
  const own = arm.kind === 'token' ? arm : await signIn.token('graph', null);
  const wanted = tenant?.toLowerCase() ?? null;
  if (own.kind === 'token' && wanted !== null && own.tenantId === wanted)
    return { kind: 'client', client: azureClient(signIn, null, send), tenantId: own.tenantId, right: true };
  if (own.kind === 'failed' && !own.answered) return own;
  if (wanted !== null && /^[\w.-]+$/.test(wanted)) {
    const there = await signIn.token('arm', wanted);
    // A token for another tenant than asked for is the sign-in's own again.
    if (
      there.kind === 'token' &&
      there.tenantId !== null &&
      (!GUID.test(wanted) || there.tenantId === wanted)
    )
      return {
        kind: 'client',
        client: azureClient(signIn, wanted, send),
        tenantId: there.tenantId,
        right: true,
      };
  }
  if (own.kind === 'failed') return own;
  return { kind: 'client', client: azureClient(signIn, null, send), tenantId: own.tenantId, right: false };
}
