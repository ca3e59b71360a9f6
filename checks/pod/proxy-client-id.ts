import {
  accountWords,
  annotate,
  blank,
  complaintEvidence,
  complaintOf,
  defineCheck,
  tokenProxyOf,
  type Check,
} from '../../src/check.ts';

const fix = [
  annotate('client-id', 'tells the webhook which identity the pod uses'),
  {
    command: '{restart}',
    why: 'gives the proxy the client id',
    actor: 'developer',
    restarts: true,
  },
] as const;

const check: Check = defineCheck({
  id: 'pod/proxy-client-id',
  title: 'the proxy sidecar has a client id to fall back on',
  link: 'webhook',
  stage: 'values',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload'],
  orUnknown: ['complaints'],
  sources: ['https://github.com/Azure/azure-workload-identity/issues/651'],
  outcomes: {
    has: { status: 'pass', says: 'The proxy sidecar has a client id.' },
    refuses: {
      status: 'fail',
      code: 'POD-18',
      title: 'Neither the program nor the proxy sidecar names a client id',
      says: 'The proxy sidecar answered a call without a client id with status 400, and has none itself.',
      fix,
    },
    lacks: {
      status: 'warn',
      code: 'POD-18',
      title: 'The proxy sidecar has no client id to fall back on',
      says: 'The proxy sidecar has no client id, so it answers every call that names none with status 400.',
      fix,
    },
  },
  run({ workload, complaints }, say) {
    const sidecar = tokenProxyOf(workload)?.sidecar;
    if (!sidecar) return say.skip('the pod has no proxy sidecar');
    const { clientId } = sidecar.effective;
    if (clientId.state === 'unknown') return say.skip('the client id of the proxy sidecar cannot be seen');
    if (clientId.state === 'known' && clientId.value !== '') return say('has', {});
    const { object } = workload;
    const words = { ...accountWords(workload), wanted: blank('client id') };
    const about = { kind: object.kind, name: object.name, container: sidecar.name };
    const known = complaints.state === 'present' ? complaints.value : [];
    const refused = complaintOf(known, { kinds: ['proxy-sidecar-client-id-missing'] });
    return refused
      ? say('refuses', words, { about, evidence: complaintEvidence(refused) })
      : say('lacks', words, { about });
  },
});
export default check;
