import { describe, expect, it } from 'vitest';
import { changed } from '../src/derive/change.ts';
import type { FactSet } from '../src/facts.ts';
import type { PodSpec } from '../src/kubernetes/types.ts';
import { runChecks } from '../src/run.ts';
import { CHECKS, reportOf, scenarioNames, worldOf } from './scenarios.ts';

const SUBJECT = 'system:serviceaccount:shop:web';
const CLIENT_ID = '11111111-1111-4111-8111-111111111111';

function sentences(name: string): Readonly<Record<string, string | null>> {
  const roots = reportOf(name).findings.filter(({ role }) => role === 'root' || role === 'independent');
  return Object.fromEntries(roots.map(({ code, counterfactual }) => [code, counterfactual]));
}

describe('what would be seen with the remedy', () => {
  it.each<[string, Readonly<Record<string, string | null>>]>([
    [
      'subject-of-another-service-account',
      {
        'FIC-05': `With subject ${SUBJECT}, credential web-fed of orders-mi would match and nothing else would fail.`,
      },
    ],
    [
      'slash-and-case',
      {
        'FIC-03': `With the token's issuer and with subject ${SUBJECT}, credential web-fed of orders-mi would match and nothing else would fail.`,
        'FIC-06': `With the token's issuer and with subject ${SUBJECT}, credential web-fed of orders-mi would match and nothing else would fail.`,
      },
    ],
    [
      'two-faults-placeholder-tenant-and-other-subject',
      {
        'POD-08':
          'Without AZURE_TENANT_ID in container app, this failure would be gone; FIC-05 would still fail.',
        'FIC-05': `With subject ${SUBJECT}, credential web-fed of orders-mi would match; POD-08 would still fail.`,
      },
    ],
    [
      'label-forgotten',
      {
        'POD-01': `With the label, the webhook would set client id ${CLIENT_ID}, credential web-fed of orders-mi would match and nothing else would fail.`,
      },
    ],
    [
      'label-forgotten-and-other-subject',
      {
        'POD-01': `With the label, the webhook would set client id ${CLIENT_ID}; FIC-05 would come next: the subject of web-fed is for service account web-sa instead of web.`,
      },
    ],
    [
      'label-forgotten-and-nothing-seen-of-azure',
      {
        'POD-01': `With the label, the webhook would set client id ${CLIENT_ID}, and nothing else is seen to fail.`,
      },
    ],
    [
      'credential-on-another-identity',
      {
        'FIC-10':
          'With client id 99999999-9999-4999-8999-999999999999, credential web-fed of orders-mi-2 would match and nothing else would fail.',
      },
    ],
    [
      'principal-id-as-client-id',
      {
        'SA-03': `With client id ${CLIENT_ID}, credential web-fed of orders-mi would match and nothing else would fail.`,
      },
    ],
    [
      'no-federated-credential',
      {
        'FIC-01':
          'Once the fix has made it, credential shop-web of orders-mi would match and nothing else would fail.',
      },
    ],
    [
      'issuer-not-seen-and-other-subject',
      {
        'FIC-05': `With subject ${SUBJECT}, credential web-fed of orders-mi would match but for its issuer, which could not be compared, and nothing else is seen to fail.`,
      },
    ],
    // The new token has another issuer, whose documents nobody has fetched.
    [
      'issuer-changed-under-running-pod',
      {
        'CL-06':
          'In a new pod, credential web-fed of orders-mi would match, and nothing else is seen to fail.',
      },
    ],
    // An identity holds no more than 20, so the credential could not be made.
    ['no-room-for-a-credential', { 'FIC-01': null }],
    // The new pod would be refused, as long as the webhook is down.
    ['webhook-down-and-label-forgotten', { 'POD-01': null }],
    // What identity bindings add to a pod is not foreseen.
    ['identity-binding-and-client-id-preset', { 'POD-07': null }],
    // Where the webhook cannot be seen, nobody knows what it would do.
    ['label-forgotten-and-webhook-unseen', { 'POD-01': null }],
  ])('%s', (name, expected) => {
    expect(sentences(name)).toEqual(expected);
  });

  it('is said for each outcome that has words for it', () => {
    const said = new Set(
      scenarioNames().flatMap((name) => {
        const told = reportOf(name).findings.filter(({ counterfactual }) => counterfactual !== null);
        const results = runChecks(CHECKS, worldOf(name));
        return results.flatMap(({ check, outcome }) =>
          outcome && told.some((finding) => finding.check === check.id) ? [`${check.id}:${outcome.id}`] : [],
        );
      }),
    );
    const worded = CHECKS.flatMap(({ id, outcomes }) =>
      Object.entries(outcomes).flatMap(([outcome, spec]) =>
        spec.status !== 'pass' && spec.whatIf !== undefined ? [`${id}:${outcome}`] : [],
      ),
    );
    expect(worded.filter((outcome) => !said.has(outcome))).toEqual([]);
    expect(worded.length).toBeGreaterThan(30);
  });

  it('is never given for a change without words', () => {
    const silent = scenarioNames().flatMap((name) =>
      runChecks(CHECKS, worldOf(name)).flatMap(({ check, outcome }) =>
        outcome?.spec.status === 'fail' && outcome.options.change !== undefined && !outcome.spec.whatIf
          ? [`${name}: ${check.id}:${outcome.id}`]
          : [],
      ),
    );
    expect(silent).toEqual([]);
  });

  it('says nothing of the rest where checks were left out', () => {
    const checks = CHECKS.filter(({ id }) => id.startsWith('federated-credential/'));
    expect(checks.length).toBeGreaterThan(3);
    const { findings } = reportOf('subject-of-another-service-account', { restriction: 'only FIC' });
    expect(findings[0]?.counterfactual).toBe(
      `With subject ${SUBJECT}, credential web-fed of orders-mi would match, and nothing else is seen to fail.`,
    );
  });
});

describe('a change of facts', () => {
  const healthy = worldOf('healthy');

  it('leaves the facts it starts from as they are', () => {
    for (const name of [
      'label-forgotten',
      'slash-and-case',
      'runs-as-default',
      'client-id-preset-to-a-name',
    ]) {
      const before = JSON.stringify(worldOf(name));
      reportOf(name);
      expect(JSON.stringify(worldOf(name))).toBe(before);
    }
  });

  it('that changes nothing foresees the pod as it is', () => {
    const specOf = (set: FactSet | null): PodSpec | undefined =>
      set?.facts.pod?.state === 'present' ? set.facts.pod.value.spec : undefined;
    const [before, after] = [specOf(healthy), specOf(changed(healthy, { template: {} }))];
    expect(after?.containers).toEqual(before?.containers);
    expect(after?.volumes?.map(({ name }) => name)).toEqual(before?.volumes?.map(({ name }) => name));
    expect(after?.containers).toHaveLength(1);
  });

  it('drops what was answered before it', () => {
    const asked = worldOf('exchange-refused-for-the-subject');
    const next = changed(asked, { template: {} });
    expect(next?.facts.exchanges?.state).toBe('absent');
    expect(next?.facts.token?.state).toBe('absent');
    const kept = changed(asked, { credential: { clientId: CLIENT_ID, name: 'web-fed', subject: SUBJECT } });
    expect(kept?.facts.exchanges?.state).toBe('absent');
    expect(kept?.facts.token?.state).toBe('present');
  });

  it.each<[string, FactSet]>([
    ['the template is not known', without(healthy, 'owners')],
    ['the webhook is not known', without(healthy, 'webhookConfigurations')],
    ['the pod is static', worldOf('static-pod')],
    ['the pod uses an identity binding', worldOf('identity-binding-but-fine')],
    ['the pod has the proxy sidecar', worldOf('proxy-as-a-native-sidecar-but-fine')],
    ['the webhook is older than 1.0', worldOf('webhook-before-1-under-running-pod')],
  ])('foresees no pod where %s', (_, set) => {
    expect(changed(set, { template: {} })).toBe(null);
  });

  it('foresees nothing of what was not seen', () => {
    const unseen = worldOf('no-azure-evidence');
    expect(changed(unseen, { credential: { clientId: CLIENT_ID, name: 'web-fed', subject: SUBJECT } })).toBe(
      null,
    );
    expect(changed(healthy, { template: { serviceAccountName: 'not-listed' } })).toBe(null);
    expect(changed(without(healthy, 'serviceAccount'), { annotations: { a: 'b' } })).toBe(null);
  });
});

function without({ facts, clients }: FactSet, name: keyof FactSet['facts']): FactSet {
  return { clients, facts: { ...facts, [name]: { state: 'unknown', reason: 'it was left out' } } };
}
