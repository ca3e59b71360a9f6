import {
  accountWords,
  annotate,
  annotationOf,
  choiceUnseen,
  CLIENT_ID_KEY,
  clientIdSource,
  clientsIn,
  defineCheck,
  isGuid,
  namesClientId,
  receptionOf,
  RESTART_FOR_ANNOTATION,
  TENANT_ID_KEY,
  twinEvidence,
  type Check,
  type ContainerView,
} from '../../src/check.ts';

const whatIf = 'In a new pod';

/** Whether the webhook gave a container another tenant, or none, than the annotation names now. */
function isOlderThan(annotated: string, { effective: { tenantId, tokenFile } }: ContainerView): boolean {
  // Nobody but the webhook leaves the tenant out because of an annotation.
  if (tenantId.state === 'unset') return tokenFile.state === 'known' && tokenFile.from === 'webhook';
  if (tenantId.state !== 'known' || tenantId.from !== 'webhook') return false;
  const { value } = tenantId;
  return value === '' || (isGuid(value) && value.toLowerCase() !== annotated.toLowerCase());
}

const check: Check = defineCheck({
  id: 'service-account/in-effect',
  title: 'the containers have the client id and the tenant that the service account names now',
  link: 'serviceAccount',
  stage: 'values',
  per: 'workload',
  restsOn: 'always',
  needs: ['workload', 'injection', 'serviceAccount', 'clients'],
  orUnknown: ['tokenIssuer', 'siblings', 'accountPods', 'owners'],
  sources: [
    'https://azure.github.io/azure-workload-identity/docs/concepts.html',
    'https://learn.microsoft.com/azure/aks/workload-identity-overview',
  ],
  outcomes: {
    inEffect: { status: 'pass', says: 'The containers have what service account {name} names.' },
    changed: {
      status: 'fail',
      code: 'SA-11',
      title: 'The client id is that of before the change',
      says: 'Container {container} started with client id {observed} and still uses it, while service account {name} names {annotated} now.',
      aadsts: [700213, 700016, 70025],
      whatIf,
      fix: [RESTART_FOR_ANNOTATION],
    },
    changedYetWorks: {
      status: 'warn',
      code: 'SA-11',
      title: 'The client id is that of before the change',
      says: 'Container {container} still signs in as {observed}, which works, while service account {name} names {annotated} now; the next pod uses that.',
      fix: [RESTART_FOR_ANNOTATION],
    },
    addedLater: {
      status: 'fail',
      code: 'SA-11',
      title: 'The client id came after the pod',
      says: 'Container {container} has no client id, because service account {name} named none when the pod was created; the account names {annotated} now.',
      aadsts: [900144],
      whatIf,
      fix: [RESTART_FOR_ANNOTATION],
    },
    removed: {
      status: 'warn',
      code: 'SA-11',
      title: 'The client id was taken away',
      says: 'Service account {name} no longer names client id {observed}, with which container {container} started; the next pod gets none.',
      fix: [annotate('client-id', 'brings the annotation back')],
    },
    tenantChanged: {
      status: 'fail',
      code: 'SA-11',
      title: 'The tenant is that of before the change',
      says: 'Container {container} started with tenant {observed} and still signs in there, while service account {name} names {tenant} now, in which the identity lives.',
      aadsts: [700016, 90002],
      whatIf,
      fix: [RESTART_FOR_ANNOTATION],
    },
    tenantChangedSince: {
      status: 'warn',
      code: 'SA-11',
      title: 'The tenant is that of before the change',
      says: 'Container {container} still signs in to tenant {observed}, while service account {name} names {tenant} now; the next pod uses that.',
      fix: [RESTART_FOR_ANNOTATION],
    },
    tenantAdded: {
      status: 'fail',
      code: 'SA-11',
      title: 'The tenant came after the pod',
      says: 'Container {container} has no tenant id, because service account {name} named an empty one when the pod was created; the account names {tenant} now.',
      aadsts: [900023, 90002],
      whatIf,
      fix: [RESTART_FOR_ANNOTATION],
    },
  },
  run({ workload, injection, serviceAccount, clients, tokenIssuer, siblings, accountPods, owners }, say) {
    if (injection.now !== 'injected') return say.skip('the webhook has given the pod no client id');
    const name = workload.serviceAccountName;
    const annotated = annotationOf(serviceAccount, CLIENT_ID_KEY) ?? '';
    const named = namesClientId(serviceAccount);
    const containers = clientsIn(workload).filter(({ wiring }) => wiring.state === 'wired');
    const words = {
      name,
      annotated,
      ...accountWords(workload),
    };
    const change = { template: {} };
    const about = { kind: workload.object.kind, name: workload.object.name };
    const twin = (container: string, here: string) =>
      twinEvidence(workload, { siblings, accountPods }, container, here, ({ env }) =>
        env('AZURE_CLIENT_ID')?.toLowerCase() === annotated.toLowerCase() ? `client id ${annotated}` : null,
      );
    const without = containers.find((container) => clientIdSource(container) === 'none');
    if (without && isGuid(annotated)) {
      const open = choiceUnseen(workload, without, owners);
      if (open) return say.unknown(open.reason, open.settle);
      const evidence = {
        fact: 'workload',
        path: `spec.containers[${without.name}].env.AZURE_CLIENT_ID`,
        observed: without.effective.clientId.state === 'known' ? '(empty)' : 'not set',
        expected: annotated,
        labels: { observed: 'env', expected: 'annotation' },
      } as const;
      const place = { ...about, container: without.name };
      return say(
        'addedLater',
        { ...words, container: without.name },
        { about: place, change, evidence: [evidence, ...twin(without.name, 'no client id')] },
      );
    }
    let accepted = false;
    for (const container of containers) {
      const { clientId } = container.effective;
      if (clientId.state !== 'known' || clientIdSource(container) !== 'annotation') continue;
      const observed = clientId.value;
      if (observed.toLowerCase() === annotated.toLowerCase()) continue;
      const evidence = {
        fact: 'workload',
        path: `spec.containers[${container.name}].env.AZURE_CLIENT_ID`,
        observed,
        expected: named ? annotated : 'no annotation',
        difference: 'other client id',
        labels: { observed: 'env', expected: 'annotation' },
      } as const;
      const options = {
        about: { ...about, container: container.name },
        change,
        evidence: [evidence, ...(named ? twin(container.name, `client id ${observed}`) : [])],
      };
      const all = { ...words, container: container.name, observed, wanted: observed };
      const reception = receptionOf(clients.get(observed), tokenIssuer, workload.subject, container);
      const open = choiceUnseen(workload, container, owners);
      if (open) {
        if (reception !== 'accepts') return say.unknown(open.reason, open.settle);
        accepted = true;
        continue;
      }
      if (!named) return say('removed', all, options);
      // A malformed annotation is worse than the value before it: another check says so, and a restart would harm.
      if (!isGuid(annotated)) return say.skip('the annotation is no client id to restart for');
      return say(reception === 'accepts' ? 'changedYetWorks' : 'changed', all, options);
    }
    const tenant = annotationOf(serviceAccount, TENANT_ID_KEY) ?? '';
    // A domain name may be that of the same tenant, and an annotation that is no tenant is answered elsewhere.
    const other = isGuid(tenant) ? containers.find((container) => isOlderThan(tenant, container)) : undefined;
    if (!other)
      return accepted
        ? say.skip('the identity takes the token, whoever chose it')
        : say('inEffect', { name });
    const { clientId, tenantId } = other.effective;
    const observed = tenantId.state === 'known' ? tenantId.value : '';
    const identity = clientId.state === 'known' ? clients.get(clientId.value)?.identity : undefined;
    // An application may be used in many tenants; a managed identity lives in one.
    const proven =
      identity?.state === 'present' &&
      identity.value.kind === 'user-assigned' &&
      identity.value.tenantId?.toLowerCase() === tenant.toLowerCase();
    const open = observed === '' || proven ? null : choiceUnseen(workload, other, owners, 'tenant');
    if (open) return say.unknown(open.reason, open.settle);
    return say(
      observed === '' ? 'tenantAdded' : proven ? 'tenantChanged' : 'tenantChangedSince',
      { ...words, container: other.name, observed, tenant },
      {
        about: { ...about, container: other.name },
        change,
        evidence: [
          {
            fact: 'workload',
            path: `spec.containers[${other.name}].env.AZURE_TENANT_ID`,
            observed: observed === '' ? 'not set' : observed,
            expected: tenant,
            labels: { observed: 'env', expected: 'annotation' },
          },
          ...twinEvidence(
            workload,
            { siblings, accountPods },
            other.name,
            `tenant ${observed || '(none)'}`,
            ({ env }) =>
              env('AZURE_TENANT_ID')?.toLowerCase() === tenant.toLowerCase() ? `tenant ${tenant}` : null,
          ),
        ],
      },
    );
  },
});
export default check;
