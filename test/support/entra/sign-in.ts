import { CLOUDS, cloudOf, resourcesOf } from '../azure/clouds.ts';
import { type Application, type AzureWorld, servicePrincipals, type Tenant } from '../azure/world.ts';
import { verifyAssertion } from './assertion.ts';
import type { Resolver } from './issuer-documents.ts';
import { RefusedSignIn } from './refusals.ts';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const EMPTY_GUID = '00000000-0000-0000-0000-000000000000';

export interface Principal {
  tenantId: string;
  appId: string;
  objectId: string;
  /** The resource the token is for, without a trailing slash. */
  resource: string;
}

export interface SignInOptions {
  now: Date;
  resolve: Resolver;
  /** Says that this exchange fails although everything matches. */
  unlucky: () => boolean;
}

/** The tenant of a request path, or why it is none. */
export function findTenant(world: AzureWorld, name: string, host: string): Tenant {
  const wanted = name.toLowerCase();
  if (wanted === EMPTY_GUID) throw new RefusedSignIn(900021, { tenant: name });
  if (['common', 'organizations', 'consumers'].includes(wanted)) throw new RefusedSignIn(50059);
  const looksLikeOne = GUID.test(name) || /^[\w-]+(\.[\w-]+)+$/.test(name);
  if (!looksLikeOne) throw new RefusedSignIn(900023, { tenant: name });
  const tenant = world.tenants.find(
    ({ id, domains = [] }) =>
      id.toLowerCase() === wanted || domains.some((domain) => domain.toLowerCase() === wanted),
  );
  const cloud = cloudOf(host);
  // A tenant lives in one cloud; the others have never heard of it.
  if (!tenant || (cloud !== undefined && (tenant.cloud ?? 'public') !== cloud)) {
    throw new RefusedSignIn(90002, { tenant: name });
  }
  return tenant;
}

/** The client credentials grant from the first parameter to the last claim. */
export async function signIn(
  tenant: Tenant,
  form: URLSearchParams,
  options: SignInOptions,
): Promise<Principal> {
  const parameter = (name: string): string => {
    const value = form.get(name);
    if (value === null || value === '') throw new RefusedSignIn(900144, { parameter: name });
    return value;
  };
  const grant = parameter('grant_type');
  if (grant !== 'client_credentials') throw new RefusedSignIn(70003, { grant });
  const clientId = parameter('client_id');
  const scope = parameter('scope');
  const client = findClient(tenant, clientId);

  if (form.has('client_assertion') || form.has('client_assertion_type')) {
    if (parameter('client_assertion_type') !== JWT_BEARER) throw new RefusedSignIn(50027);
    const credential = await verifyAssertion(parameter('client_assertion'), client, options);
    const unseen = credential.unseenExchanges ?? 0;
    if (unseen > 0) credential.unseenExchanges = unseen - 1;
    if (unseen > 0 || options.unlucky()) throw new RefusedSignIn(700213, { sub: credential.subject ?? '' });
  } else if (form.has('client_secret')) {
    checkSecret(client.application, clientId, parameter('client_secret'));
  } else {
    throw new RefusedSignIn(7000218);
  }
  return {
    tenantId: tenant.id,
    appId: client.id,
    objectId: client.objectId,
    resource: findResource(tenant, scope),
  };
}

function findClient(
  tenant: Tenant,
  clientId: string,
): {
  id: string;
  name: string;
  objectId: string;
  application: Application | undefined;
  credentials: NonNullable<Application['federatedCredentials']>;
} {
  const same = (id: string): boolean => id.toLowerCase() === clientId.toLowerCase();
  const principal = servicePrincipals(tenant).find(({ appId }) => same(appId));
  const application = tenant.applications?.find(({ appId }) => same(appId));
  const identity = tenant.identities?.find((candidate) => same(candidate.clientId));
  if (!principal) {
    if (application) throw new RefusedSignIn(7000229, { client: clientId, tenant: tenant.id });
    throw new RefusedSignIn(700016, { client: clientId, tenant: tenant.displayName ?? tenant.id });
  }
  if (!principal.accountEnabled)
    throw new RefusedSignIn(7000112, { client: clientId, name: principal.displayName });
  return {
    id: principal.appId,
    name: principal.displayName,
    objectId: principal.id,
    application,
    credentials: (application ?? identity)?.federatedCredentials ?? [],
  };
}

function checkSecret(application: Application | undefined, client: string, secret: string): void {
  if (application?.secrets?.includes(secret)) return;
  const expired = application?.expiredSecrets?.includes(secret);
  throw new RefusedSignIn(expired ? 7000222 : 7000215, { client });
}

function findResource(tenant: Tenant, scope: string): string {
  if (!scope.endsWith('/.default')) throw new RefusedSignIn(1002012, { scope });
  const resource = scope.slice(0, -'/.default'.length).replace(/\/$/, '');
  const cloud = tenant.cloud ?? 'public';
  const known = [
    ...resourcesOf(cloud),
    ...(tenant.resources ?? []),
    ...(tenant.applications ?? []).flatMap(({ appId, identifierUris = [] }) => [
      appId,
      `api://${appId}`,
      ...identifierUris,
    ]),
  ].map((uri) => uri.replace(/\/$/, ''));
  if (!known.includes(resource))
    throw new RefusedSignIn(500011, { resource, tenant: tenant.displayName ?? tenant.id });
  // ARM has a second, older name; both are the same resource.
  return resource.startsWith('https://management.core.') ? `https://${CLOUDS[cloud].arm}` : resource;
}
