import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Manifest, PolicyRule, RoleDefinition } from '../../src/manifests.ts';
import { RIGHTS } from '../../src/rights.ts';
import { CUSTOM_RESOURCES } from '../owners/custom-resources.ts';
import { controller, ownedBy, pod } from '../owners/objects.ts';
import { startShop, type Outcome, type Shop } from '../owners/shop.ts';
import type { AllowRule } from '../support/kubernetes/authorization.ts';
import { runCli } from '../support/run-cli.ts';

interface Document {
  readonly kubernetes: { readonly items: readonly Manifest[] };
  readonly azure: { readonly roleDefinition: RoleDefinition; readonly graphPermissions: readonly string[] };
}

async function manifests(...args: string[]): Promise<Document> {
  const { code, stdout, stderr } = await runCli(['rbac', '-o', 'json', ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Document;
}

/** The roles as the API server enforces them. */
function allowed({ kubernetes }: Document): AllowRule[] {
  return kubernetes.items.flatMap(({ rules, metadata }) =>
    (rules ?? []).map((rule) => ({
      ...(structuredClone(rule) as AllowRule),
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
    })),
  );
}

/** Every object that a command can be about, all in order. */
const OBJECTS = [
  controller(),
  controller({ kind: 'ReplicaSet', name: 'web-1', metadata: ownedBy('Deployment', 'web') }),
  pod({
    name: 'web-1-a',
    owner: ['ReplicaSet', 'web-1'],
    labels: { ...labelled(), 'pod-template-hash': '1' },
  }),
  ...(['StatefulSet', 'DaemonSet'] as const).flatMap((kind) => [
    controller({ kind }),
    pod({ name: `web-${kind.toLowerCase()}`, owner: [kind, 'web'] }),
  ]),
  controller({ kind: 'CronJob' }),
  controller({ kind: 'Job', metadata: ownedBy('CronJob', 'web') }),
  pod({ name: 'web-job', owner: ['Job', 'web'] }),
  ...CUSTOM_RESOURCES,
  pod({
    name: 'bound',
    metadata: { annotations: { 'azure.workload.identity/use-identity-binding': 'true' } },
    bound: true,
  }),
  pod({
    name: 'vault',
    injected: false,
    labels: {},
    spec: {
      serviceAccountName: 'bare',
      volumes: [
        {
          name: 'vault',
          csi: {
            driver: 'secrets-store.csi.k8s.io',
            volumeAttributes: { secretProviderClass: 'shop-vault' },
          },
        },
      ],
    },
  }),
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'bare', namespace: 'shop' } },
  controller({ name: 'bare', labels: {}, podSpec: { serviceAccountName: 'bare' } }),
  pod({ name: 'orphan', injected: false, labels: {}, spec: { serviceAccountName: 'bare' } }),
  pod({ name: 'bare', injected: false, labels: {}, spec: { serviceAccountName: 'bare' } }),
];

function labelled(): Record<string, string> {
  return { 'azure.workload.identity/use': 'true' };
}

const COMMANDS = [
  ['pod', 'web-1-a', '-n', 'shop'],
  ['pod', 'bare', '-n', 'shop'],
  ['pod', 'vault', '-n', 'shop'],
  ['pod', 'bound', '-n', 'shop'],
  ['deploy', 'bare', '-n', 'shop'],
  ['pod', 'orphan', '-n', 'shop'],
  ['deploy', 'web', '-n', 'shop'],
  ['rs', 'web-1', '-n', 'shop'],
  ['sts', 'web', '-n', 'shop'],
  ['ds', 'web', '-n', 'shop'],
  ['job', 'web', '-n', 'shop'],
  ['cronjob', 'web', '-n', 'shop'],
  ['sa', 'web', '-n', 'shop'],
  ['cluster'],
];

async function withRights<T>(allow: AllowRule[] | undefined, use: (shop: Shop) => Promise<T>): Promise<T> {
  const shop = await startShop(OBJECTS, allow ? { allow } : {});
  try {
    return await use(shop);
  } finally {
    await shop.close();
  }
}

/** What each command comes to. */
async function outcomes(shop: Shop): Promise<Outcome[]> {
  const seen: Outcome[] = [];
  for (const command of COMMANDS) seen.push((await shop.diagnose(...command)).outcome);
  return seen;
}

describe('wi-doctor rbac', () => {
  let all: Document;
  let admin: Outcome[];
  beforeAll(async () => {
    all = await manifests();
    admin = await withRights(undefined, outcomes);
  });

  it('asks for no right to change, to run or to mint anything', () => {
    const verbs = allowed(all).flatMap((rule) => rule.verbs);
    expect([...new Set(verbs)].toSorted()).toEqual(['get', 'list']);
    expect(JSON.stringify(all.kubernetes)).not.toMatch(/"\*"|"secrets"/);
    expect(
      all.azure.roleDefinition.Actions.filter((action) => !/^Microsoft\.\S+\/read$/.test(action)),
    ).toEqual([]);
  });

  it.each([[[]], [['-n', 'shop']]])(
    'is enough for every command, and nothing else is allowed: rbac %j',
    async (args) => {
      const given = await manifests(...args);
      await withRights(allowed(given), async (shop) => {
        expect(await outcomes(shop)).toEqual(admin);
        expect(admin.map(({ exit }) => exit)).not.toContain(2);
      });
    },
  );

  it('holds no right that nothing would miss', async () => {
    const superfluous: string[] = [];
    for (const [removed, without] of oneRightLess(allowed(all))) {
      const missed = await withRights(without, async (shop) => {
        for (const command of COMMANDS) {
          const { stdout } = await shop.run(...command, '-o', 'json');
          if (/\(403\)/.test(stdout)) return true;
        }
        return false;
      });
      if (!missed) superfluous.push(removed);
    }
    expect(superfluous).toEqual([]);
  }, 600_000);

  it('names every action that look-ups in Azure are made with', () => {
    const folder = new URL('../../src/sources/azure/', import.meta.url);
    const used = readdirSync(folder)
      .flatMap((name) => [
        ...readFileSync(new URL(name, folder), 'utf8').matchAll(/'(Microsoft\.[\w/]+\/read)'/g),
      ])
      .map(([, action]) => action);
    const known = Object.values(RIGHTS).flatMap((rights) =>
      rights.flatMap((right) => (right.kind === 'azure' ? [right.action] : [])),
    );
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((action) => action !== undefined && !known.includes(action))).toEqual([]);
  });
});

/** The rules with one verb on one resource, or one path, taken away, each in turn. */
function* oneRightLess(rules: readonly AllowRule[]): Generator<[string, AllowRule[]]> {
  for (const [index, rule] of rules.entries()) {
    const others = rules.filter((_one, position) => position !== index);
    for (const path of rule.nonResourceURLs ?? []) {
      const left = (rule.nonResourceURLs ?? []).filter((one) => one !== path);
      yield [`get ${path}`, [...others, { ...rule, nonResourceURLs: left }]];
    }
    for (const resource of rule.resources ?? []) {
      for (const verb of rule.verbs) {
        const resources = (rule.resources ?? []).filter((one) => one !== resource);
        const verbs = rule.verbs.filter((one) => one !== verb);
        yield [
          `${verb} ${resource}`,
          [...others, { ...rule, resources }, { ...rule, resources: [resource], verbs }],
        ];
      }
    }
  }
}

describe('the optional rights', () => {
  function rulesOf({ kubernetes }: Document): PolicyRule[] {
    return kubernetes.items.flatMap(({ rules }) => rules ?? []);
  }

  it('are added by name', async () => {
    const rules = rulesOf(await manifests('--with', 'mint,exec', '--with', 'logs'));
    const verbsOn = (resource: string): readonly string[] =>
      rules.filter(({ resources }) => resources?.includes(resource)).flatMap(({ verbs }) => verbs);
    expect(verbsOn('serviceaccounts/token')).toEqual(['create']);
    expect(verbsOn('pods/exec')).toEqual(['create', 'get']);
    expect(verbsOn('pods/log')).toEqual(['get']);
  });

  it('are enough for --mint, which is refused without', async () => {
    const mint = ['pod', 'web-1-a', '-n', 'shop', '--mint', '-o', 'json'];
    const refused = await withRights(allowed(await manifests()), (shop) => shop.run(...mint));
    expect(refused.stdout).toContain('may not create serviceaccounts/token web in namespace shop (403)');
    const given = await withRights(allowed(await manifests('--with', 'mint')), (shop) => shop.run(...mint));
    expect(given.stdout).not.toContain('(403)');
  });

  it('are told apart from words that are none', async () => {
    const { code, stderr } = await runCli(['rbac', '--with', 'mind']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'wi-doctor: --with knows no right called mind.\nIt knows: mint, exec, logs.\n',
    });
  });
});

describe('the text', () => {
  it('is YAML to apply, with the role of Azure as a comment', async () => {
    const { code, stdout } = await runCli([
      'rbac',
      '-n',
      'shop',
      '--group',
      'oncall',
      '--webhook-namespace',
      'wi',
    ]);
    expect(code).toBe(0);
    const documents = parseAllDocuments(stdout).map((document) => document.toJS() as Manifest);
    expect(documents.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}`)).toEqual([
      'ClusterRole ',
      'ClusterRoleBinding ',
      'Role shop',
      'RoleBinding shop',
      'Role wi',
      'RoleBinding wi',
    ]);
    expect(documents[1]?.subjects).toEqual([
      { kind: 'Group', name: 'oncall', apiGroup: 'rbac.authorization.k8s.io' },
    ]);
    const comment = stdout.slice(stdout.indexOf('# {')).replaceAll(/^# ?/gm, '');
    const role = JSON.parse(comment.slice(0, comment.lastIndexOf('}') + 1)) as RoleDefinition;
    expect(role.Actions).toContain(
      'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read',
    );
  });

  it('grants one user roles of their own, which take nothing from others', async () => {
    const { kubernetes } = await manifests('-n', 'shop', '--user', 'jane@example.com/a');
    const names = kubernetes.items.map(({ metadata }) => metadata.name);
    expect(new Set(names)).toEqual(new Set(['wi-doctor-jane@example.com-a']));
    const bindings = kubernetes.items.filter(({ subjects }) => subjects);
    expect(bindings.map(({ subjects, roleRef }) => [subjects?.[0], roleRef?.name])).toEqual(
      bindings.map(() => [
        { kind: 'User', name: 'jane@example.com/a', apiGroup: 'rbac.authorization.k8s.io' },
        'wi-doctor-jane@example.com-a',
      ]),
    );
    const both = await runCli(['rbac', '--user', 'jane', '--group', 'oncall']);
    expect(both.code).toBe(2);
  });
});
