import { isCrossedOut, valuesOf } from '../read/literal.ts';
import type { Conclusion, Said } from './conclusion.ts';

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const NIL = '00000000-0000-0000-0000-000000000000';
const DOMAIN = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i;

/** The client id as it was sent: a resource path, a placeholder, zeros, stray characters. */
export function clientIdForm({ code, fields }: Said): Conclusion | undefined {
  const id = valuesOf(fields.appId)[0];
  if (id === undefined || (code !== 700016 && code !== 70001 && code !== 700011)) return undefined;
  if (/^\/subscriptions\//i.test(id)) {
    return certain(
      'SA-02',
      `The client id is the ARM resource id of an identity (${id}); its clientId, a GUID, is needed.`,
    );
  }
  if (id === NIL) return certain('SA-02', 'The client id is all zeros: a value that was never set.');
  if (id !== id.trim() || /["'\s]/.test(id)) {
    return certain('SA-04', 'Blanks or quotes are part of the client id that was sent.');
  }
  if (GUID.test(id)) {
    return {
      judgements: [
        { code: 'SA-02', likelihood: 'unlikely' },
        { code: 'SA-04', likelihood: 'unlikely' },
      ],
    };
  }
  if (isCrossedOut(id)) return undefined;
  return certain(
    'SA-02',
    `The client id that was sent, "${id}", is no GUID: a name or a placeholder that nobody filled in.`,
  );
}

/** The tenant as it was sent. */
export function tenantForm({ code, fields }: Said): Conclusion | undefined {
  if (code !== 90002 && code !== 900023 && code !== 900021) return undefined;
  const tenant = valuesOf(fields.tenant)[0];
  if (tenant === undefined) return undefined;
  if (tenant === NIL) {
    return {
      judgements: [
        {
          code: 'SA-06',
          likelihood: 'likely',
          confirm:
            "The message proves that nobody set the tenant: see annotation, variable and the tool's own config.",
        },
      ],
    };
  }
  if (tenant !== tenant.trim() || /["'\s]/.test(tenant)) {
    return certain('SA-04', 'Blanks or quotes are part of the tenant id that was sent.');
  }
  if (/^[<{$%]|^__|CHANGE|TENANT/i.test(tenant)) {
    return likelySettings(`The tenant "${tenant}" is a placeholder that nobody filled in.`);
  }
  if (/^(?:authorize|oauth2|v2\.0|token|common|adfs)$/i.test(tenant)) {
    return likelySettings(
      `The tenant "${tenant}" is a piece of an address: a whole URL was given where the tenant id belongs, or the path is one step short.`,
    );
  }
  if (GUID.test(tenant) || DOMAIN.test(tenant) || isCrossedOut(tenant)) {
    return { judgements: [{ code: 'SA-04', likelihood: 'unlikely' }] };
  }
  if (/^[0-9a-f]+(?:-[0-9a-f]*){2,}$/i.test(tenant)) {
    return likelySettings(`The tenant "${tenant}" has not the length of a GUID.`);
  }
  return likelySettings(`The tenant "${tenant}" is neither a GUID nor a domain.`);
}

function certain(code: string, observation: string): Conclusion {
  return {
    observation,
    judgements: [
      {
        code,
        likelihood: 'certain',
        confirm: `The message proves it. See where the value comes from:\nkubectl get sa {serviceAccount} -n {namespace} -o yaml\nkubectl get pod POD -n {namespace} -o yaml`,
      },
      { code: 'SA-03', likelihood: 'unlikely' },
      { code: 'SA-05', likelihood: 'unlikely' },
      { code: 'ENT-01', likelihood: 'unlikely' },
    ],
  };
}

function likelySettings(observation: string): Conclusion {
  return {
    observation,
    judgements: [
      { code: 'SA-06', likelihood: 'likely' },
      { code: 'POD-08', likelihood: 'likely' },
    ],
  };
}
