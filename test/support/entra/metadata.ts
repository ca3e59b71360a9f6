import { CLOUDS } from '../azure/clouds.ts';
import type { Tenant } from '../azure/world.ts';

/** `/common/discovery/instance`: which hosts are one and the same authority. */
export function instanceDiscovery(host: string): object {
  return {
    tenant_discovery_endpoint: `https://${host}/common/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: Object.values(CLOUDS).map(({ authorities }) => ({
      preferred_network: authorities[0],
      preferred_cache: authorities[0] === 'login.microsoftonline.com' ? 'login.windows.net' : authorities[0],
      aliases: authorities,
    })),
  };
}

/** `/{tenant}/v2.0/.well-known/openid-configuration` */
export function tenantConfiguration(host: string, tenant: Tenant): object {
  const base = `https://${host}/${tenant.id}`;
  const cloud = CLOUDS[tenant.cloud ?? 'public'];
  return {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: `${base}/v2.0`,
    request_uri_parameter_supported: false,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    tenant_region_scope: 'EU',
    cloud_instance_name: cloud.authorities[0]?.replace(/^login\./, ''),
    msgraph_host: cloud.graph,
  };
}
