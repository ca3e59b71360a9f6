import { defineCheck, editCommand, setEnvCommand, type Check, type ContainerView } from '../../src/check.ts';
import { annotationOf, CLIENT_ID_KEY, TENANT_ID_KEY } from '../../src/check.ts';

const NEEDED = ['AZURE_CLIENT_ID', 'AZURE_TENANT_ID', 'AZURE_FEDERATED_TOKEN_FILE'] as const;
const HOST = 'AZURE_AUTHORITY_HOST';

/** Whether the program is told about the token in its arguments or under other names. */
function passesOptions({ spec }: ContainerView, file: string): boolean {
  const words = [...(spec.command ?? []), ...(spec.args ?? [])].join(' ');
  const others = (spec.env ?? []).filter(({ name }) => !name.startsWith('AZURE_'));
  return words.includes(file) || others.some(({ value }) => value?.includes(file));
}

const check: Check = defineCheck({
  id: 'pod/variables',
  title: 'the container has the variables by which an SDK finds its token',
  link: 'pod',
  stage: 'values',
  per: 'container',
  restsOn: 'always',
  needs: ['workload', 'container', 'options'],
  orUnknown: ['serviceAccount'],
  sources: [
    'https://learn.microsoft.com/azure/aks/workload-identity-overview',
    'https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html',
  ],
  outcomes: {
    complete: { status: 'pass', says: 'Container {container} has the variables of a workload identity.' },
    incomplete: {
      status: 'fail',
      code: 'POD-27',
      title: 'Variables that an SDK needs are missing',
      says: 'Container {container} has a token at {file}, but lacks {missing}, so an SDK does not find it.',
      fix: [
        {
          command: '{set}',
          why: 'sets what the webhook would set',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
    notMounted: {
      status: 'fail',
      code: 'POD-27',
      title: 'The token volume is not mounted',
      says: 'Container {container} does not mount volume {volume}, in which the manifest puts the token for container {other}.',
      fix: [
        {
          command: '{edit}',
          why: 'gives {container} the same volume mount and variables as {other}',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
    noAuthorityHost: {
      status: 'info',
      code: 'SDK-06',
      title: 'AZURE_AUTHORITY_HOST is missing',
      says: 'Container {container} has no AZURE_AUTHORITY_HOST, without which the DefaultAzureCredential of Python leaves out workload identity.',
    },
  },
  run({ workload, container, options, serviceAccount }, say) {
    const { name, wiring, env } = container;
    const { controller, containers } = workload;
    const words = {
      container: name,
      edit: editCommand(controller),
    };
    const other = containers.find((one) => one.wiring.state === 'wired' && one.wiring.layout === 'own');
    const byHand = !container.skipped && !container.addedByAdmission && container.type !== 'ephemeral';
    if (options.container === name && wiring.state === 'unwired' && other?.wiring.state === 'wired' && byHand)
      return say('notMounted', { ...words, volume: other.wiring.volume, other: other.name });
    if (wiring.state !== 'wired') return say.skip('the container has no token');
    const views = [...NEEDED, HOST].map((variable) => ({ variable, view: env(variable) }));
    if (
      wiring.layout !== 'own' ||
      views.some(({ view }) => view.state !== 'unset' && view.from === 'webhook')
    )
      return say.skip('the webhook sets the variables');
    const missing = views.filter(({ view }) => view.state === 'unset').map(({ variable }) => variable);
    if (missing.length === 0) return say('complete', words);
    if (missing.every((variable) => variable === HOST)) return say('noAuthorityHost', words);
    if (passesOptions(container, wiring.tokenFile))
      return say.unknown(
        `container ${name} is told about its token in arguments or variables of its own, and the rest cannot be seen`,
      );
    const account = serviceAccount.state === 'present' ? serviceAccount.value : {};
    const values: Readonly<Record<string, string>> = {
      AZURE_CLIENT_ID: annotationOf(account, CLIENT_ID_KEY) ?? 'CLIENT_ID',
      AZURE_TENANT_ID: annotationOf(account, TENANT_ID_KEY) ?? 'TENANT_ID',
      AZURE_FEDERATED_TOKEN_FILE: wiring.tokenFile,
      [HOST]: 'https://login.microsoftonline.com/',
    };
    const right = Object.fromEntries(missing.map((variable) => [variable, values[variable] ?? '']));
    const needed = missing.filter((variable) => variable !== HOST);
    return say(
      'incomplete',
      {
        ...words,
        file: wiring.tokenFile,
        missing: needed.join(', '),
        set: setEnvCommand(controller, name, right),
      },
      {
        evidence: needed.map((variable) => ({
          fact: 'container',
          path: `spec.containers[${name}].env.${variable}`,
          observed: '(not set)',
          expected: right[variable] ?? '',
        })),
      },
    );
  },
});
export default check;
