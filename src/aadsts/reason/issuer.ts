import { isCrossedOut, valuesOf } from '../read/literal.ts';
import type { Conclusion, Judgement, Said } from './conclusion.ts';

const AKS = /^https:\/\/(?:[a-z0-9]+\.oic|oidc)\.prod-aks\.azure\.(?:com|us|cn)\//i;
const IDENTITY_BINDING = /^https:\/\/ib\.oic\.prod-aks\.azure\./i;
const ENTRA =
  /^https:\/\/(?:sts\.windows\.net|login\.microsoftonline\.(?:com|us)|login\.partner\.microsoftonline\.cn)\//i;
const INTERNAL =
  /^https?:\/\/(?:kubernetes\.default|localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|\[|[^/:]+\.(?:local|svc|internal|localdomain|lan)(?=[:/]|$)|[^/.:]+(?=[:/]|$))/i;
/** Codes whose message speaks of the issuer of the presented token. */
const ABOUT_THE_TOKEN = new Set([70021, 700211, 90061, 50166, 501661, 7000272, 700236]);

/** Codes that say that no credential has this issuer; the others are about its documents and keys. */
const ABOUT_THE_CREDENTIAL = new Set([70021, 700211]);

/** The form of the token's issuer tells default API servers, Entra tokens and the matter of the slash. */
export function issuerForm({ code, fields }: Said): Conclusion | undefined {
  const issuer = valuesOf(fields.issuer)[0];
  if (issuer === undefined || code === null || !ABOUT_THE_TOKEN.has(code)) return undefined;
  if (issuer === 'kubernetes/serviceaccount') return legacy();
  if (INTERNAL.test(issuer)) return internal(issuer);
  if (ENTRA.test(issuer)) return entra(issuer);
  if (/^http:\/\//i.test(issuer)) {
    return {
      observation: `The issuer ${issuer} is not https.`,
      judgements: [{ code: 'ISS-06', likelihood: 'certain' }],
    };
  }
  if (IDENTITY_BINDING.test(issuer) || !ABOUT_THE_CREDENTIAL.has(code)) return undefined;
  if (AKS.test(issuer)) return aks(issuer);
  if (/^https:\/\/token\.actions\.githubusercontent\.com/i.test(issuer)) return github(issuer);
  return isCrossedOut(issuer) ? undefined : notAks();
}

function legacy(): Conclusion {
  return {
    observation: 'The issuer kubernetes/serviceaccount belongs to a legacy secret token.',
    judgements: [{ code: 'TOK-08', likelihood: 'certain' }],
  };
}

function internal(issuer: string): Conclusion {
  return {
    observation: `The issuer ${issuer} exists only inside the cluster, so Entra can neither fetch its keys nor trust it.`,
    judgements: [
      {
        code: 'CL-01',
        likelihood: 'certain',
        confirm:
          'The message proves it: this is no public https address. The API server has no public --service-account-issuer.',
      },
      { code: 'CL-10', likelihood: 'possible' },
      { code: 'FIC-03', likelihood: 'unlikely' },
      { code: 'FIC-04', likelihood: 'unlikely' },
      { code: 'CL-05', likelihood: 'unlikely' },
      { code: 'FIC-01', likelihood: 'unlikely' },
      { code: 'FIC-02', likelihood: 'unlikely' },
      { code: 'FIC-09', likelihood: 'unlikely' },
      { code: 'FIC-17', likelihood: 'unlikely' },
      { code: 'FIC-11', likelihood: 'unlikely' },
      { code: 'FIC-12', likelihood: 'unlikely' },
      { code: 'ISS-05', likelihood: 'unlikely' },
      { code: 'ISS-01', likelihood: 'likely' },
    ],
  };
}

function entra(issuer: string): Conclusion {
  return {
    observation: `The token was issued by Entra itself (${issuer}), not by a cluster.`,
    judgements: [
      {
        code: 'ENT-09',
        likelihood: 'certain',
        confirm: 'The message proves it: the issuer is an address of Entra.',
      },
      { code: 'FIC-03', likelihood: 'unlikely' },
      { code: 'CL-01', likelihood: 'unlikely' },
      { code: 'CL-05', likelihood: 'unlikely' },
    ],
  };
}

function aks(issuer: string): Conclusion {
  const slash: Judgement = issuer.endsWith('/')
    ? {
        code: 'FIC-03',
        likelihood: 'likely',
        confirm:
          'The issuer of the token ends with "/", as on every AKS cluster; a credential without it does not match:\naz identity federated-credential list --identity-name IDENTITY -g RESOURCE_GROUP --query "[].issuer" -o tsv',
      }
    : {
        code: 'FIC-03',
        likelihood: 'likely',
        confirm:
          'Tokens of AKS clusters end with "/", and this issuer does not: see which form token and credential really have:\naz aks show -g RESOURCE_GROUP -n CLUSTER --query oidcIssuerProfile.issuerUrl -o tsv\naz identity federated-credential list --identity-name IDENTITY -g RESOURCE_GROUP --query "[].issuer" -o tsv',
      };
  return {
    ...(issuer.endsWith('/')
      ? {}
      : { observation: `The issuer ${issuer} lacks the slash AKS issuers end with.` }),
    judgements: [
      slash,
      { code: 'CL-01', likelihood: 'unlikely' },
      { code: 'CL-10', likelihood: 'unlikely' },
      { code: 'ISS-05', likelihood: 'unlikely' },
    ],
  };
}

function github(issuer: string): Conclusion {
  return {
    observation: 'The token comes from GitHub Actions, not from a cluster.',
    judgements: [
      {
        code: 'FIC-03',
        likelihood: 'likely',
        confirm: `GitHub's issuer (${issuer}) has no slash at the end, and the credential must have none either.`,
      },
      { code: 'CL-01', likelihood: 'unlikely' },
      { code: 'CL-05', likelihood: 'unlikely' },
      { code: 'FIC-04', likelihood: 'unlikely' },
      { code: 'CL-10', likelihood: 'unlikely' },
      { code: 'CL-11', likelihood: 'unlikely' },
    ],
  };
}

/** Self-managed issuers have no rule about the slash, and no add-on that could be reconciled. */
function notAks(): Conclusion {
  return {
    judgements: [
      { code: 'FIC-03', likelihood: 'possible' },
      { code: 'FIC-04', likelihood: 'unlikely' },
      { code: 'CL-01', likelihood: 'unlikely' },
    ],
  };
}
