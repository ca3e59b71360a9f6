import { isCrossedOut, valuesOf } from '../read/literal.ts';
import type { Conclusion, Said } from './conclusion.ts';

const EXCHANGE = 'api://AzureADTokenExchange';

/** The audience of the token tells the default API token, identity bindings and other clouds. */
export function audienceForm({ code, fields }: Said): Conclusion | undefined {
  const audience = valuesOf(fields.audience)[0];
  if (audience === undefined || code === null || isCrossedOut(audience)) return undefined;
  if (audience === 'api://AKSIdentityBinding') {
    return {
      observation:
        'The token is made for the identity binding proxy of the cluster, but was sent to Entra itself.',
      judgements: [
        { code: 'IB-01', likelihood: 'certain' },
        { code: 'FIC-08', likelihood: 'unlikely' },
        { code: 'TOK-01', likelihood: 'unlikely' },
      ],
    };
  }
  if (
    /^https:\/\/kubernetes\.default|\.azmk8s\.io|^(?:k3s|kubernetes|api)$|oic\.prod-aks\.azure/i.test(
      audience,
    )
  ) {
    return {
      observation: `The audience ${audience} is that of the API server: the pod's default token was sent, not the projected one.`,
      judgements: [
        {
          code: 'TOK-02',
          likelihood: 'certain',
          confirm: 'The message proves it: only tokens for the API server carry this audience.',
        },
        { code: 'FIC-08', likelihood: 'unlikely' },
      ],
    };
  }
  if (
    /^https:\/\/(?:management|vault|graph|storage)\.|^https:\/\/[^/]+\.(?:azure|microsoft)\.com/i.test(
      audience,
    )
  ) {
    return {
      observation: `The audience ${audience} is an Azure resource, so an access token of Entra was sent in place of the service account token.`,
      judgements: [{ code: 'ENT-09', likelihood: 'likely' }],
    };
  }
  if (code === 70021) return audience === EXCHANGE ? usual() : undefined;
  if (audience === EXCHANGE) {
    return {
      observation: `The token carries the usual audience, so the credential expects another one.`,
      judgements: [
        {
          code: 'FIC-08',
          likelihood: 'certain',
          confirm:
            'The audience of the credential is not api://AzureADTokenExchange:\naz identity federated-credential list --identity-name IDENTITY -g RESOURCE_GROUP --query "[].audiences" -o tsv',
        },
        { code: 'TOK-01', likelihood: 'unlikely' },
        { code: 'TOK-02', likelihood: 'unlikely' },
        { code: 'IB-01', likelihood: 'unlikely' },
      ],
    };
  }
  if (audience.startsWith(EXCHANGE)) {
    return {
      observation: `The audience ${audience} is the one of a sovereign cloud.`,
      judgements: [{ code: 'FIC-08', likelihood: 'likely' }],
    };
  }
  return undefined;
}

/** 70021 prints all three claims; the usual audience is rarely the one that differs. */
function usual(): Conclusion {
  return { judgements: [{ code: 'FIC-08', likelihood: 'unlikely' }] };
}
