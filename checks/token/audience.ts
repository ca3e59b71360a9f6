import {
  defineCheck,
  envRemedy,
  freshToken,
  freshTokenWords,
  mendEnvCommand,
  patchTemplateCommand,
  USE_LABEL,
  type Check,
  type ContainerView,
} from '../../src/check.ts';
import type { Workload } from '../../src/check.ts';
import type { Fact, FactTypes } from '../../src/facts.ts';

const STANDARD = 'api://AzureADTokenExchange';
const EXCHANGE = /^api:\/\/(AzureADTokenExchange\w*|AKSIdentityBinding)$/;
const API_SERVER = /^https:\/\/kubernetes\.default(\.svc|$|\/|:)/;
const TOKEN_FILE = 'AZURE_FEDERATED_TOKEN_FILE';

/** The volume with its audience set right, as a patch that goes by the volume's name. */
function audiencePatch({ spec }: Workload, volumeName: string, audience: string) {
  const sources = spec.volumes?.find(({ name }) => name === volumeName)?.projected?.sources ?? [];
  const mended = sources.map((source) =>
    source.serviceAccountToken
      ? { ...source, serviceAccountToken: { ...source.serviceAccountToken, audience } }
      : source,
  );
  return { spec: { volumes: [{ name: volumeName, projected: { sources: mended } }] } };
}

/** How the container comes by a token for the API server. */
function usesDefaultToken({ wiring }: ContainerView): boolean {
  return wiring.state === 'wired' && wiring.mountPath.startsWith('/var/run/secrets/kubernetes.io/');
}

/** Whether the webhook may have been started with this audience; only its seen arguments rule that out. */
function mayAskFor(audience: string, deployments: Fact<FactTypes['webhookDeployments']>): boolean {
  if (deployments.state !== 'present' || deployments.value.length === 0) return true;
  const containers = deployments.value.flatMap(({ spec }) => spec?.template?.spec?.containers ?? []);
  return containers.some(({ args = [], command = [] }) =>
    [...command, ...args].some((word) => word === audience || word === `--audience=${audience}`),
  );
}

const check: Check = defineCheck({
  id: 'token/audience',
  title: 'the token is meant for a token exchange with Entra',
  link: 'token',
  stage: 'token',
  per: 'container',
  restsOn: 'never',
  needs: [],
  orUnknown: ['workload', 'container', 'token', 'tokenIssuer', 'federatedCredentials', 'webhookDeployments'],
  sources: [
    'https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations',
    'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#serviceaccount-token-volume-projection',
  ],
  outcomes: {
    exchange: { status: 'pass', says: 'The token has audience {audience}.' },
    custom: {
      status: 'info',
      code: 'TOK-01',
      title: 'The token has an audience of its own',
      says: 'The token has audience {audience}, so a federated credential must have exactly that one.',
    },
    notExchange: {
      status: 'fail',
      code: 'TOK-01',
      title: 'The audience is not what the credentials ask for',
      says: 'Volume {volume} asks for a token with audience {audience}, but the federated credentials of the identity expect {wanted}.',
      aadsts: [700212, 70021],
      whatIf: 'With audience {wanted} in volume {volume}',
      fix: [
        {
          command: '{mend}',
          why: 'asks for the audience that the credentials expect',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
    apiToken: {
      status: 'fail',
      code: 'TOK-02',
      title: 'The default token is used instead of the projected one',
      says: '{token} is meant for the API server (audience {audience}), not for Entra, which wants {wanted}.',
      aadsts: [700212, 70023, 70021],
      whatIf: '{remedy}',
      fix: [
        {
          id: 'volume',
          command: '{mend}',
          why: 'asks for a token that is meant for Entra',
          actor: 'developer',
          restarts: true,
        },
        {
          id: 'file',
          command: '{point}',
          why: 'lets the program read the token that is meant for Entra instead of the default one',
          actor: 'developer',
          restarts: true,
        },
        {
          ...freshToken('makes a token of the service account that is meant for Entra, and looks at it'),
          id: 'right-token',
        },
      ],
    },
  },
  run({ workload, container, token, tokenIssuer, federatedCredentials, webhookDeployments }, say) {
    const jwt = token.state === 'present' && token.value.kind === 'jwt' ? token.value : null;
    const wiring =
      container.state === 'present' && container.value.wiring.state === 'wired'
        ? container.value.wiring
        : null;
    if (!jwt && !wiring) return say.skip('there is neither a token nor a volume that asks for one');
    if (jwt && jwt.claims.iss === 'kubernetes/serviceaccount')
      return say.skip('the token is a legacy one without audience');
    const issuer = tokenIssuer.state === 'present' ? tokenIssuer.value : null;
    const isApiServers = (audience: string): boolean => audience === issuer || API_SERVER.test(audience);
    const list = federatedCredentials.state === 'present' ? federatedCredentials.value : null;
    const expected = (list?.items ?? []).flatMap(({ audiences }) => audiences);
    const wanted = expected.find((audience) => EXCHANGE.test(audience)) ?? STANDARD;
    const audiences = jwt?.claims.aud ?? [];
    const object = workload.state === 'present' ? workload.value : null;
    const words = {
      wanted,
      ...freshTokenWords(workload, jwt, wanted),
      volume: wiring?.volume ?? '',
      mend: '',
      point: '',
      remedy: '',
    };
    const labels = { observed: 'token', expected: 'wanted' };
    // What the volume asks for tells what the program gets; a token that was brought along is judged beside it.
    if (wiring && object && container.state === 'present') {
      const { audience, volume } = wiring;
      const name = container.value.name;
      const path = `spec.volumes[${volume}].projected.sources.serviceAccountToken.audience`;
      const mend = patchTemplateCommand(
        object.controller,
        audiencePatch(object, volume, wanted),
        'strategic',
      );
      const point = mendEnvCommand(object, name, { [TOKEN_FILE]: 'TOKEN_FILE' });
      const seen = {
        fact: 'container',
        path,
        observed: audience ?? "none, so the API server's own",
        expected: wanted,
        labels,
      } as const;
      const change = { template: { audience: { volume, audience: wanted } } };
      const known = audience ?? issuer;
      if (known !== null && expected.includes(known)) {
        if (!EXCHANGE.test(known)) return say('exchange', { audience: known });
      } else if (audience === null || isApiServers(audience)) {
        const usual = usesDefaultToken(container.value);
        // Without the webhook the right path would have to be known.
        const file =
          object.labels[USE_LABEL] === 'true'
            ? envRemedy(object, name, { [TOKEN_FILE]: 'TOKEN_FILE' })
            : null;
        const asked = { remedy: `With audience ${wanted} in volume ${volume}`, change };
        const remedy = usual ? file : asked;
        return say(
          'apiToken',
          {
            ...words,
            mend,
            point,
            remedy: remedy?.remedy ?? '',
            token: `The token container ${name} reads at ${wiring.tokenFile}`,
            audience: audience ?? "the API server's own",
          },
          {
            evidence: [seen],
            fix: [usual ? 'file' : 'volume'],
            ...(remedy ? { change: remedy.change } : {}),
          },
        );
      } else if (!EXCHANGE.test(audience)) {
        const usual = expected.some((one) => EXCHANGE.test(one));
        // Where the webhook asks for it, the cluster wants that audience and the credential has to follow.
        const written = object.manifest?.spec?.volumes?.some(({ name: one }) => one === volume);
        const byWebhook =
          wiring.layout !== 'own' && written !== true && mayAskFor(audience, webhookDeployments);
        if (!usual || !list?.complete || byWebhook) return say('custom', { audience });
        return say('notExchange', { ...words, mend, audience }, { evidence: [seen], change });
      }
    }
    const [audience] = audiences;
    const warnafter = jwt?.claims.kubernetes?.warnafter !== undefined;
    if (audience !== undefined && !expected.includes(audience) && (warnafter || isApiServers(audience))) {
      return say(
        'apiToken',
        { ...words, token: 'The token', audience },
        {
          evidence: [{ fact: 'token', path: 'claims.aud', observed: audience, expected: wanted, labels }],
          fix: ['right-token'],
        },
      );
    }
    const shown = wiring?.audience ?? audience;
    if (shown === undefined || shown === null) return say.skip('the token names no audience');
    return EXCHANGE.test(shown) ? say('exchange', { audience: shown }) : say('custom', { audience: shown });
  },
});
export default check;
