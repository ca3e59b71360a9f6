import { valuesOf } from '../read/literal.ts';
import type { Conclusion, Said } from './conclusion.ts';

/** 700223 has two readings under one number; the words decide. */
export function firstParty({ code, words }: Said): Conclusion | undefined {
  if (code !== 700223) return undefined;
  if (/first-party/i.test(words)) {
    return {
      observation:
        'The client id belongs to a first-party (Microsoft) application, and such a one takes only tokens of Entra.',
      judgements: [
        {
          code: 'SA-05',
          likelihood: 'likely',
          confirm:
            'az ad sp show --id {clientId} --query appOwnerOrganizationId -o tsv\nA tenant of Microsoft there settles it.',
          fix: 'Use the client id of your own managed identity or application.',
        },
        { code: 'ENT-06', likelihood: 'unlikely' },
      ],
    };
  }
  if (/constrained|disabled/i.test(words)) {
    return {
      judgements: [
        { code: 'ENT-06', likelihood: 'certain' },
        { code: 'SA-05', likelihood: 'unlikely' },
      ],
    };
  }
  return undefined;
}

/** 900144 names the member that was missing. */
export function missingParameter({ code, fields }: Said): Conclusion | undefined {
  const parameter = valuesOf(fields.parameter)[0];
  if (parameter === undefined || (code !== 900144 && code !== 90014)) return undefined;
  if (parameter === 'client_id') {
    return {
      observation:
        'The request carried no client id: AZURE_CLIENT_ID is there but empty, or the program sets none.',
      judgements: [
        { code: 'SDK-05', likelihood: 'likely' },
        { code: 'SA-01', likelihood: 'likely' },
        { code: 'TOK-10', likelihood: 'unlikely' },
      ],
    };
  }
  if (parameter === 'client_assertion' || parameter === 'assertion') {
    return {
      observation: 'The request carried no assertion: the token file is empty.',
      judgements: [
        { code: 'TOK-10', likelihood: 'certain' },
        { code: 'SDK-05', likelihood: 'unlikely' },
        { code: 'SA-01', likelihood: 'unlikely' },
      ],
    };
  }
  return undefined;
}

/** 7000272 prints no key id when the token has none. */
export function signingKey({ code, fields, words }: Said): Conclusion | undefined {
  if (code !== 7000272 || fields.keyId !== undefined) return undefined;
  if (!/with identifier\s{1,40}used to sign/i.test(words)) return undefined;
  return {
    observation:
      'The message names no key at all, which is seen when a re-created cluster meets the key set of the old one.',
    judgements: [
      { code: 'ISS-04', likelihood: 'likely' },
      { code: 'TOK-09', likelihood: 'possible' },
      { code: 'ISS-08', likelihood: 'unlikely' },
    ],
  };
}

/** A scope without /.default says all there is to say. */
export function scopeForm({ code, fields }: Said): Conclusion | undefined {
  const value = valuesOf(fields.scope)[0] ?? valuesOf(fields.resource)[0];
  if (value === undefined || (code !== 1002012 && code !== 500011 && code !== 70011)) return undefined;
  if (code === 1002012 && !value.endsWith('/.default')) {
    return {
      observation: `The program asked for "${value}", which does not end with /.default.`,
      judgements: [],
    };
  }
  if (
    code === 500011 &&
    /^https?:\/\/[^/]+\.(?:vault\.azure|blob\.core|queue\.core|servicebus|database\.windows|documents\.azure)/i.test(
      value,
    )
  ) {
    return {
      observation: `"${value}" is the address of one instance, not the name of the service.`,
      judgements: [{ code: 'ENT-07', likelihood: 'certain' }],
    };
  }
  return undefined;
}

/** The path of a token file tells the webhook's old place, and stray characters. */
export function tokenPath({ kind, fields, hints }: Said): Conclusion | undefined {
  if (kind !== 'token-file-missing') return undefined;
  const path = valuesOf(fields.path)[0];
  if (hints.has('virtual-node')) {
    return {
      observation: 'The text names a virtual node, where projected tokens do not arrive.',
      judgements: [{ code: 'CL-08', likelihood: 'likely' }],
    };
  }
  if (path?.startsWith('/var/run/secrets/azure/tokens') === true) {
    return {
      judgements: [
        {
          code: 'WH-15',
          likelihood: 'likely',
          confirm:
            'The path is the one of webhooks before 1.6; newer ones mount /var/run/secrets/azure/wi. What is mounted in the pod?\nkubectl get pod POD -n {namespace} -o yaml | grep -n /var/run/secrets/azure',
        },
      ],
    };
  }
  return undefined;
}

/** Members of a chain without any WorkloadIdentityCredential among them come from an SDK that has none. */
export function toolKnown({ kind, hints }: Said): Conclusion | undefined {
  if (kind !== 'imds-identity-not-found' && kind !== 'imds-multiple-identities') return undefined;
  if (hints.has('external-dns')) return { judgements: [{ code: 'OP-05', likelihood: 'likely' }] };
  return undefined;
}
