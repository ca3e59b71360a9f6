import { describe, expect, it } from 'vitest';
import { deriveFacts } from '../src/derive/facts.ts';
import { diagnose } from '../src/diagnose.ts';
import { absent, present, unknown, type FactSet } from '../src/facts.ts';
import { CHAIN_MARKS } from '../src/reporters/chain-lines.ts';
import { CHECKS, reportOf, worldOf } from './scenarios.ts';

/** The chain as marks: pod, service account, webhook, token, issuer, credential, identity, exchange. */
function marks(set: FactSet): string {
  const { chain } = diagnose(CHECKS, set, {
    failOn: 'fail',
    invocation: { program: 'wi-doctor', connectionFlags: [], evidenceFlags: [] },
    restriction: null,
    requests: [],
  });
  return chain.map(({ state }) => CHAIN_MARKS[state]).join('');
}

const healthy = worldOf('healthy');

function without(...names: readonly (keyof FactSet['facts'])[]): FactSet {
  const facts = Object.fromEntries(names.map((name) => [name, unknown('the user may not look (403)')]));
  return { ...healthy, facts: { ...healthy.facts, ...facts } };
}

/** The same world, asked for an object without pods. */
function asked(kind: string, more: Readonly<Record<string, unknown>> = {}): FactSet {
  const { pod: _, ...facts } = healthy.facts;
  const target = present({ kind, namespace: 'shop', name: 'web', context: null }, 'command line');
  return { ...healthy, facts: { ...facts, target, ...more } };
}

describe('a link of the chain', () => {
  it('is fine where it was seen', () => {
    expect(marks(healthy)).toBe('✔✔✔✔✔✔✔·');
  });

  it.each(['webhookConfigurations', 'webhookDeployments', 'webhookConfig'] as const)(
    'is open where %s could not be seen, whatever else passed',
    (name) => {
      expect(marks(without(name))).toBe('✔✔?✔✔✔✔·');
    },
  );

  it('is open where a token was asked for in vain', () => {
    expect(marks(without('token', 'tokenSignature'))).toBe('✔✔✔?✔✔✔·');
  });

  it('was not reached where a template, an account or the cluster stood in for a pod', () => {
    const set = asked('Deployment', {
      template: healthy.facts.pod,
      node: absent('the pod is on no node yet'),
    });
    expect(deriveFacts(set).workload).toMatchObject({ value: { kind: 'template' } });
    expect(marks(set)).toBe('·✔✔·✔✔✔·');
    expect(marks(asked('ServiceAccount'))).toBe('·✔··✔✔✔·');
    expect(marks(asked('Cluster'))).toBe('··✔·✔···');
  });

  it('is told of a token that was looked at for an account', () => {
    const { token, tokenSignature } = worldOf('token-at-hand-but-fine').facts;
    expect(marks(asked('ServiceAccount', { token, tokenSignature }))[3]).toBe('✔');
  });

  it('is broken where something of it is, seen or not', () => {
    const { chain } = reportOf('clock-of-the-api-server-ahead-without-token');
    expect(chain.find(({ link }) => link === 'token')?.state).toBe('broken');
  });
});
