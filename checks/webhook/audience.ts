import {
  credentialChange,
  credentialFix,
  defineCheck,
  matchCredentials,
  REPAIR_CREDENTIAL,
  type Check,
  type Workload,
} from '../../src/check.ts';
import type { Fact, FactTypes } from '../../src/facts.ts';

const STANDARD = 'api://AzureADTokenExchange';
/** That, and those of other Azure clouds. */
const USUAL = /^api:\/\/AzureADTokenExchange\w*$/;

/** The value of `--audience` among the arguments of the webhook, in either spelling. */
function audienceArgument(args: readonly string[]): string | null {
  const joined = args.find((argument) => argument.startsWith('--audience='));
  if (joined !== undefined) return joined.slice('--audience='.length);
  const position = args.indexOf('--audience');
  return position < 0 ? null : (args[position + 1] ?? null);
}

type SignIn = FactTypes['signIn'];

/** Whether containers have their audience from the webhook, not from a volume of their own. */
function isGiven(
  { audience, containers, mode }: SignIn,
  own: string,
  { judged, manifest }: Workload,
): boolean {
  if (mode !== 'federated' || audience.state !== 'known' || audience.value !== own) return false;
  const written = (manifest?.spec?.volumes ?? []).map(({ name }) => name);
  return judged
    .filter(({ name }) => containers.includes(name))
    .every(
      ({ wiring }) => wiring.state === 'wired' && wiring.layout !== 'own' && !written.includes(wiring.volume),
    );
}

interface Facts {
  readonly workload: Fact<Workload>;
  readonly signIns: Fact<FactTypes['signIns']>;
  readonly clients: Fact<FactTypes['clients']>;
  readonly tokenIssuer: Fact<string>;
}

/** A sign-in for which there is a credential that lacks nothing but the audience of the webhook. */
function refusedSignIn({ workload, signIns, clients, tokenIssuer }: Facts, own: string) {
  if (workload.state !== 'present' || signIns.state !== 'present') return null;
  if (clients.state !== 'present' || tokenIssuer.state !== 'present') return null;
  for (const signIn of signIns.value) {
    const { clientId, subject } = signIn;
    const client = clientId.state === 'known' ? clients.value.get(clientId.value) : undefined;
    if (client === undefined) continue;
    const list = client.federatedCredentials;
    if (list.state !== 'present' || !list.value.complete || !isGiven(signIn, own, workload.value)) continue;
    const credentialMatch = matchCredentials(list.value, tokenIssuer.value, subject, own);
    const { accepting, nearest } = credentialMatch;
    if (accepting || nearest?.issuer?.kind !== 'equal' || nearest.subject.kind !== 'equal') continue;
    // Where the credential departs from the usual as well, neither side is to blame.
    if (!USUAL.test(nearest.observedAudience)) continue;
    return {
      facts: { signIn, workload: workload.value, credentialMatch, identity: client.identity },
      nearest,
    };
  }
  return null;
}

const check: Check = defineCheck({
  id: 'webhook/audience',
  title: 'the webhook asks for tokens with the standard audience',
  link: 'webhook',
  stage: 'token',
  per: 'workload',
  restsOn: 'never',
  needs: ['webhook', 'webhookDeployments'],
  orUnknown: ['workload', 'signIns', 'clients', 'tokenIssuer'],
  sources: ['https://github.com/Azure/azure-workload-identity/issues/1675'],
  outcomes: {
    standard: { status: 'pass', says: 'The webhook is given no audience of its own.' },
    custom: {
      status: 'info',
      code: 'WH-13',
      title: 'The webhook asks for an audience of its own',
      says: 'The webhook is started with --audience={audience}, so every federated credential for its pods needs that audience instead of api://AzureADTokenExchange.',
    },
    refused: {
      status: 'fail',
      code: 'WH-13',
      title: 'The webhook asks for an audience of its own',
      says: 'The webhook is started with --audience={audience}, but federated credential {credential} of {identity} has the usual {observed}.',
      aadsts: [700212, 70021],
      whatIf: 'With audience {audience} in {credential}',
      fix: REPAIR_CREDENTIAL,
    },
  },
  run({ webhook, webhookDeployments, workload, signIns, clients, tokenIssuer }, say) {
    const own = webhookDeployments.filter(
      ({ metadata }) => webhook.service === null || metadata?.namespace === webhook.service.namespace,
    );
    const containers = own.flatMap(({ spec }) => spec?.template?.spec?.containers ?? []);
    const audience = containers
      .map(({ args = [], command = [] }) => audienceArgument([...command, ...args]))
      .find((value) => value !== null);
    if (audience === undefined || audience === STANDARD) return say('standard', {});
    const asked = audience ?? '';
    const about = { kind: 'MutatingWebhookConfiguration', name: webhook.configuration };
    const seen = {
      fact: 'webhookDeployments',
      path: 'spec.template.spec.containers.args',
      observed: asked,
    } as const;
    // Another cloud's audience belongs to the cluster, and the credential has to follow.
    const facts = { workload, signIns, clients, tokenIssuer };
    const refused = USUAL.test(asked) ? null : refusedSignIn(facts, asked);
    if (refused === null) return say('custom', { audience: asked }, { about, evidence: [seen] });
    const { nearest } = refused;
    const { words, fix } = credentialFix(refused.facts);
    return say(
      'refused',
      { ...words, observed: nearest.observedAudience },
      {
        about,
        fix,
        evidence: [
          {
            ...seen,
            expected: nearest.observedAudience,
            labels: { observed: 'webhook', expected: nearest.credential.name },
          },
        ],
        ...credentialChange(refused.facts, 'audience'),
      },
    );
  },
});
export default check;
