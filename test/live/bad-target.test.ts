import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/run-cli.ts';
import { refusalIn, type Refusal } from './refusal.ts';
import { startScenario, type LiveScenario } from './start-scenario.ts';

function pod(namespace: string, name: string): object {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name }, spec: { containers: [] } };
}

let live: LiveScenario;
beforeAll(async () => {
  live = await startScenario('healthy', {
    objects: [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } },
      pod('staging', 'web-7d9f-x2k4q'),
      pod('billing', 'ledger-0'),
    ],
  });
});
afterAll(() => live.close());

async function refused(...args: string[]): Promise<Refusal> {
  const options = { kubeconfig: live.kubeconfig, hosts: live.hosts, env: live.env };
  return refusalIn(await runCli([...args, '-o', 'json'], options));
}

describe('an object that does not exist', () => {
  it('is answered with the nearest names here', async () => {
    expect(await refused('pod', 'web-7d9f-x2k4p', '-n', 'shop')).toMatchObject({
      sentence: 'There is no pod web-7d9f-x2k4p in namespace shop.',
      hint: expect.stringContaining('wi-doctor pod web-7d9f-x2k4q -n shop') as string,
    });
  });

  it('is found in another namespace', async () => {
    const { hint } = await refused('pod', 'ledger-0', '-n', 'shop');
    expect(hint).toBe('Did you mean one of these?\n  wi-doctor pod ledger-0 -n billing');
  });

  it('that the user forgot to give a namespace for is looked for everywhere', async () => {
    const { sentence, hint } = await refused('pod', 'web-7d9f-x2k4q');
    expect(sentence).toBe('There is no pod web-7d9f-x2k4q in namespace default.');
    expect(hint).toContain('-n shop');
    expect(hint).toContain('-n staging');
  });

  it('keeps the connection flags of the user in what is suggested', async () => {
    const { hint } = await refused('pod', 'ledger-1', '-n', 'billing', '--context', 'prod');
    expect(hint).toContain('wi-doctor pod ledger-0 -n billing --context prod');
  });

  it('with nothing near it: how to see what there is', async () => {
    const { hint } = await refused('pod', 'qqqqqq', '-n', 'shop');
    expect(hint).toBe('See what there is: kubectl get pods -n shop');
  });

  it('whose namespace does not exist either', async () => {
    const { sentence } = await refused('pod', 'web', '-n', 'shopp');
    expect(sentence).toBe('There is no namespace shopp, and so no pod web in it.');
  });

  it('without the right to list other namespaces still gets names of its own', async () => {
    const narrow = await startScenario('healthy', {
      allow: [
        { apiGroups: [''], resources: ['pods', 'namespaces'], verbs: ['get', 'list'], namespace: 'shop' },
        { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] },
      ],
    });
    const run = await runCli(['pod', 'web-7d9f-x2k4p', '-n', 'shop', '-o', 'json'], {
      kubeconfig: narrow.kubeconfig,
    });
    expect(refusalIn(run).hint).toContain('wi-doctor pod web-7d9f-x2k4q -n shop');
    await narrow.close();
  });

  it('with a hostile name prints as escapes', async () => {
    const { sentence } = await refused('pod', 'x\u001b[31m\u202ey', '-n', 'shop');
    expect(sentence).not.toMatch(/[\u001b\u202e]/);
  });
});

describe('a container that does not exist', () => {
  it('is answered with those of the pod', async () => {
    const { sentence, hint } = await refused('pod', live.target.name, '-n', 'shop', '-c', 'ap');
    expect(sentence).toBe('Pod web-7d9f-x2k4q has no container ap.');
    expect(hint).toContain('app');
  });
});

describe('a command line that is wrong', () => {
  it.each([
    [['pods', 'web', '--contxt', 'prod'], /^Unknown flag: --contxt\.$/, /Did you mean: --context/],
    [['pdo', 'web'], /pdo|pod/, /./],
    [[], /command/, /--help/],
    [['pod'], /./, /--help/],
    [['pod', 'a', 'b'], /b/, /--help/],
    [['pod', 'web', '-n'], /^The flag -n needs a value\.$/, /--help/],
    [['pod', 'web', '-n', 'a', '-n', 'b'], /--namespace was given more than once/, /once/],
    [
      ['pod', 'web', '--kubeconfig', 'a', '--kubeconfig', 'b'],
      /--kubeconfig was given more than once/,
      /once/,
    ],
    [['pod', 'web', '--request-timeout', 'soon'], /soon|request-timeout/, /./],
    [['pod', 'web', '--as-group', 'dev'], /group/, /--as USER/],
    [['pod', 'web', '--fail-on', 'never'], /^--fail-on cannot be "never"/, /fail, warn/],
    [['demo', 'label-forgoten'], /label-forgoten/, /label-forgotten/],
    [['checks', 'FIC-99'], /FIC-99/, /FIC-0/],
  ] as const)('%j', async (args, sentence, hint) => {
    const refusal = await refused(...args);
    expect(refusal.sentence).toMatch(sentence);
    expect(refusal.hint).toMatch(hint);
  });

  it('an unknown format is a usage error too', async () => {
    const run = await runCli(['demo', '-o', 'xml']);
    expect({ code: run.code, stdout: run.stdout }).toEqual({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(/^wi-doctor: .*xml.*\n/);
    expect(run.stderr).toContain('json');
  });

  it('a slip of a letter in a command is answered with the right one', async () => {
    expect((await refused('deom', '--list')).sentence).toBe('There is no such command. Did you mean demo?');
  });
});
