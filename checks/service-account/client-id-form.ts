import {
  accountWords,
  annotate,
  annotationOf,
  askedClientIdBehind,
  blank,
  CLIENT_ID_KEY,
  clientIdSource,
  clientsIn,
  defineCheck,
  identityOfResourceId,
  isGuid,
  RESTART_FOR_ANNOTATION,
  setAside,
  TENANT_ID_KEY,
  type Check,
} from '../../src/check.ts';

const same = annotate('client-id', 'puts the client id of the same identity in its place');
const right = annotate('client-id', 'puts the client id of the identity in its place');
const cleaned = annotate('client-id', 'writes the same client id without the characters around it');
const aadsts = [700016] as const;

/** What gets around an id when it is pasted: blanks, quotes, braces, and characters without a width. */
const AROUND = /[\s"'`{}<>\u00a0\u200b-\u200f\u2060\ufeff\u2018-\u201f]/g;

const check: Check = defineCheck({
  id: 'service-account/client-id-form',
  title: 'the client id of the service account is a GUID',
  link: 'serviceAccount',
  stage: 'values',
  per: 'workload',
  restsOn: 'always',
  needs: ['workload', 'injection', 'serviceAccount'],
  orUnknown: ['clients', 'webhookConfig'],
  sources: [
    'https://github.com/Azure/azure-workload-identity/blob/v1.6.0/pkg/webhook/webhook.go',
    'https://github.com/MicrosoftDocs/azure-docs/issues/108526',
  ],
  outcomes: {
    guid: { status: 'pass', says: 'The client id of service account {name} is a GUID.' },
    resourceId: {
      status: 'fail',
      code: 'SA-02',
      title: 'A resource id is used instead of the client id',
      says: 'The client-id annotation of service account {name} holds the resource id of identity {identity} instead of its client id, and container {container} sends it as it is.',
      aadsts,
      fix: [same, RESTART_FOR_ANNOTATION],
    },
    notGuid: {
      status: 'fail',
      code: 'SA-02',
      title: 'The client id is not a GUID',
      says: 'The client-id annotation of service account {name} is {value}, which is not a GUID as client ids are, and container {container} sends it as it is.',
      aadsts,
      fix: [right, RESTART_FOR_ANNOTATION],
    },
    tenant: {
      status: 'fail',
      code: 'SA-02',
      title: 'The tenant id is used instead of the client id',
      says: 'The client-id annotation of service account {name} holds {value}, the id of the tenant, and container {container} sends it as its client id.',
      aadsts,
      fix: [right, RESTART_FOR_ANNOTATION],
    },
    tenantUnused: {
      status: 'warn',
      code: 'SA-02',
      title: 'The tenant id is used instead of the client id',
      says: 'The client-id annotation of service account {name} holds {value}, the id of the tenant; no container uses it now, but the next pod may.',
      fix: [right],
    },
    decorated: {
      status: 'fail',
      code: 'SA-04',
      title: 'The annotation holds {problem} besides the client id',
      says: 'The client-id annotation of service account {name} has {problem} besides the client id, and container {container} sends it as it is.',
      aadsts,
      whatIf: 'With client id {wanted}',
      fix: [cleaned, RESTART_FOR_ANNOTATION],
    },
    resourceIdUnused: {
      status: 'warn',
      code: 'SA-02',
      title: 'A resource id is used instead of the client id',
      says: 'The client-id annotation of service account {name} holds the resource id of identity {identity} instead of its client id; no container uses it now, but the next pod may.',
      fix: [same],
    },
    notGuidUnused: {
      status: 'warn',
      code: 'SA-02',
      title: 'The client id is not a GUID',
      says: 'The client-id annotation of service account {name} is {value}, which is not a GUID as client ids are; no container uses it now, but the next pod may.',
      fix: [right],
    },
    decoratedUnused: {
      status: 'warn',
      code: 'SA-04',
      title: 'The annotation holds {problem} besides the client id',
      says: 'The client-id annotation of service account {name} has {problem} besides the client id; no container uses it now, but the next pod may.',
      fix: [cleaned],
    },
  },
  run({ workload, injection, serviceAccount, clients, webhookConfig }, say) {
    const name = workload.serviceAccountName;
    const value = annotationOf(serviceAccount, CLIENT_ID_KEY) ?? '';
    if (value.trim() === '') return say.skip('the service account names no client id');
    const aside = setAside(injection);
    if (aside !== null) return say.skip(aside);
    const config = webhookConfig.state === 'present' ? webhookConfig.value.data : undefined;
    const tenants = [annotationOf(serviceAccount, TENANT_ID_KEY), config?.['AZURE_TENANT_ID']];
    const isTenant = tenants.some((tenant) => tenant?.toLowerCase() === value.toLowerCase());
    if (isGuid(value) && !isTenant) return say('guid', { name });
    const clean = value.replaceAll(AROUND, '');
    const user = clientsIn(workload).find((container) => {
      const source = clientIdSource(container);
      const { clientId } = container.effective;
      // Injected earlier, a container keeps what the annotation said then.
      return (
        (source === 'none' && injection.now !== 'injected') ||
        (clientId.state === 'known' && clientId.value === value && clientId.from !== 'env')
      );
    });
    const resource = identityOfResourceId(clean);
    const found = clients.state === 'present' ? clients.value.get(value)?.identity : undefined;
    const known = found?.state === 'present' ? found.value.clientId : undefined;
    const problem = /["'`\u2018-\u201f]/.test(value)
      ? 'quotes'
      : /[{}<>]/.test(value)
        ? 'brackets'
        : 'white space';
    const words = {
      name,
      ...accountWords(workload),
      value: resource === null ? value : clean,
      problem,
      identity: resource?.name ?? '',
      container: user?.name ?? '',
      wanted: isTenant ? blank('client id') : isGuid(clean) ? clean : (known ?? askedClientIdBehind(clean)),
    };
    const options = {
      about: { kind: 'ServiceAccount', name },
      evidence: [
        {
          fact: 'serviceAccount',
          path: 'metadata.annotations',
          observed: value,
          expected: isTenant ? 'a client id' : isGuid(clean) ? clean : 'a GUID',
          labels: { observed: 'annotation', expected: 'wanted' },
        },
      ],
    } as const;
    if (isTenant) return say(user ? 'tenant' : 'tenantUnused', words, options);
    const change = { annotations: { [CLIENT_ID_KEY]: clean } };
    if (isGuid(clean)) return say(user ? 'decorated' : 'decoratedUnused', words, { ...options, change });
    if (resource !== null) return say(user ? 'resourceId' : 'resourceIdUnused', words, options);
    return say(user ? 'notGuid' : 'notGuidUnused', words, options);
  },
});
export default check;
