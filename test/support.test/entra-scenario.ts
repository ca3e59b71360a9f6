import type { AzureWorld, FederatedCredential } from '../support/azure/world.ts';
import { type Entra, type EntraOptions, startEntra } from '../support/entra.ts';
import { type IssuerServer, mintToken, serviceAccountClaims, startIssuer } from '../support/issuer.ts';
import { type Answer, httpsRequest } from './https-request.ts';

const BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
export const ISSUER = 'https://eastus.oic.prod-aks.azure.com/tenant/guid/';
export const TENANT = '22222222-2222-4222-8222-222222222222';
export const GOVERNMENT = '22222222-2222-4222-8222-00000000000a';
export const IDENTITY = '11111111-1111-4111-8111-111111111111';
export const APP = '11111111-1111-4111-8111-000000000001';
export const UNKNOWN = '99999999-9999-4999-8999-999999999999';

export const CREDENTIAL: FederatedCredential = {
  name: 'fed',
  issuer: ISSUER,
  subject: 'system:serviceaccount:demo:sa',
};

export interface Exchange {
  tenant?: string;
  host?: string;
  form?: Record<string, string | undefined>;
  token?: string;
  headers?: Record<string, string>;
}

export interface Scenario {
  entra: Entra;
  issuers: IssuerServer;
  /** Those of the identity; a test may change them. */
  credentials: FederatedCredential[];
  exchange(options?: Exchange): Promise<Answer>;
  /** Status, OAuth error, code and the sentence without ids. */
  refusal(options: Exchange): Promise<[number, string, number, string]>;
  close(): Promise<void>;
}

/** An issuer, an identity that trusts it, and an Entra that knows both. */
export async function startScenario(options: EntraOptions = {}): Promise<Scenario> {
  const issuers = await startIssuer();
  issuers.publish(ISSUER);
  const credentials = [{ ...CREDENTIAL }];
  const world: AzureWorld = {
    tenants: [
      {
        id: TENANT,
        displayName: 'Contoso',
        domains: ['contoso.onmicrosoft.com'],
        identities: [
          {
            name: 'web-mi',
            subscriptionId: UNKNOWN,
            resourceGroup: 'rg',
            principalId: UNKNOWN,
            clientId: IDENTITY,
            federatedCredentials: credentials,
          },
        ],
        applications: [
          { appId: APP, id: 'a1', displayName: 'Reader', secrets: ['right'], expiredSecrets: ['old'] },
          { appId: APP.replace(/1$/, '2'), id: 'a2', withoutServicePrincipal: true },
          { appId: APP.replace(/1$/, '3'), id: 'a3', displayName: 'Off', disabled: true },
        ],
      },
      { id: GOVERNMENT, cloud: 'usgov' },
    ],
  };
  const entra = await startEntra(world, { issuers: issuers.hosts, ...options });
  return {
    entra,
    issuers,
    credentials,
    exchange: (wanted = {}) => exchange(entra, wanted),
    refusal: async (wanted) => refusalOf(await exchange(entra, wanted)),
    close: async () => void (await Promise.all([entra.close(), issuers.close()])),
  };
}

function exchange(
  entra: Entra,
  { tenant = TENANT, host = 'login.microsoftonline.com', form = {}, token, headers }: Exchange,
): Promise<Answer> {
  const fields = {
    grant_type: 'client_credentials',
    client_id: IDENTITY,
    scope: 'https://graph.microsoft.com/.default',
    client_assertion_type: BEARER,
    client_assertion: token ?? mint(),
    ...form,
  };
  const given = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
  return httpsRequest(`${entra.url}/${tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    host,
    servername: host,
    body: new URLSearchParams(given).toString(),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    },
  });
}

export function mint(
  claims: Record<string, unknown> = {},
  rest: Parameters<typeof mintToken>[0] = {},
): string {
  const usual = serviceAccountClaims({ issuer: ISSUER, namespace: 'demo', serviceAccount: 'sa' });
  return mintToken({ claims: { ...usual, ...claims }, ...rest });
}

interface Refusal {
  error: string;
  error_description: string;
  error_codes: number[];
}

function refusalOf({ status, text }: Answer): [number, string, number, string] {
  const { error, error_codes: codes, error_description: description } = JSON.parse(text) as Refusal;
  const sentence = description.replace(/^AADSTS\d+: /, '').replace(/ Trace ID: .*$/, '');
  return [status, error, codes[0] ?? 0, sentence];
}
