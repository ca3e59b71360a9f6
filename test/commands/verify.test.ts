import { describe, expect, it } from 'vitest';
import type { Again, FlagWords } from '../../src/invocation.ts';
import { changesOf, successorOf, verificationOf, type Changes } from '../../src/verify.ts';

const CLIENT = '11111111-1111-4111-8111-111111111111';
const OTHER = '99999999-9999-4999-8999-999999999999';
const POD = { kind: 'Pod', namespace: 'shop', name: 'web-1' };
const DEPLOY = { kind: 'Deployment', namespace: 'shop', name: 'web' };
const AGAIN: Again = { names: [POD], as: POD };
const LOOK = 'wi-doctor pod web-1 -n shop';
const NOTHING: Changes = { restarts: false, credentials: [] };

const CREATE = `az identity federated-credential create --name shop-web --identity-name orders-mi -g shop-rg --subscription s --issuer https://i/ --subject s --audiences a`;
const LIST =
  'az identity federated-credential list --identity-name orders-mi -g shop-rg --subscription s -o json';

function verify(
  flags: FlagWords[],
  changes: Changes = NOTHING,
  { again = AGAIN, tokenRead = false }: { again?: Again; tokenRead?: boolean } = {},
): string {
  const evidenceFlags = flags.map((words) => ({ words, fits: 'the object' as const }));
  return verificationOf(LOOK, changes, tokenRead, again, {
    program: 'wi-doctor',
    connectionFlags: [],
    evidenceFlags,
  }).command;
}

function changed(...clientIds: (string | null)[]): Changes {
  return {
    restarts: false,
    credentials: clientIds.flatMap(
      (clientId) => changesOf([{ command: CREATE, restarts: false }], clientId).credentials,
    ),
  };
}

describe('the command that shows whether a fix took', () => {
  it('keeps what was given', () => {
    expect(
      verify([['-c', 'app'], ['--federated-credentials', 'c.json'], ['--exchange'], ['--scope', 'a b']]),
    ).toBe(`${LOOK} -c app --federated-credentials c.json --exchange --scope 'a b'`);
  });

  it('fetches credentials anew that the fix changes', () => {
    expect(verify([['--federated-credentials', 'c.json']], changed(CLIENT))).toBe(
      `${LIST} > credentials.json && ${LOOK} --federated-credentials credentials.json`,
    );
    expect(
      verify(
        [
          ['--federated-credentials', `${CLIENT}=c.json`],
          ['--federated-credentials', `${OTHER}=o.json`],
        ],
        changed(CLIENT),
      ),
    ).toBe(
      `${LIST} > ${CLIENT}.json && ${LOOK} --federated-credentials ${CLIENT}=${CLIENT}.json --federated-credentials ${OTHER}=o.json`,
    );
  });

  it('leaves other credentials as they were given', () => {
    const flags: FlagWords[] = [['--federated-credentials', `${OTHER}=o.json`]];
    expect(verify(flags, changed(CLIENT))).toBe(`${LOOK} --federated-credentials ${OTHER}=o.json`);
  });

  it('fetches nothing that nobody gave', () => {
    expect(verify([], changed(CLIENT))).toBe(LOOK);
  });

  it('looks at the token of the next pod, or at the one that the fix is about', () => {
    const flags: FlagWords[] = [['--token-file', 't.jwt']];
    expect(verify(flags)).toBe(`${LOOK} --token-file t.jwt`);
    expect(verify(flags, { ...NOTHING, restarts: true })).toBe(`${LOOK} --exec`);
    expect(verify(flags, NOTHING, { tokenRead: true })).toBe(`${LOOK} --exec`);
    const account = { kind: 'ServiceAccount', namespace: 'shop', name: 'web' };
    expect(verify(flags, NOTHING, { tokenRead: true, again: { names: [POD], as: account } })).toBe(
      'wi-doctor sa web -n shop --mint',
    );
    expect(verify([...flags, ['--exchange']], { ...NOTHING, restarts: true })).toBe(`${LOOK} --exchange`);
  });

  it('looks at the cluster where a bundle was read, and says so', () => {
    const { command, note } = verificationOf(LOOK, NOTHING, false, AGAIN, {
      program: 'wi-doctor',
      connectionFlags: [],
      evidenceFlags: [{ words: ['--bundle', 'dump'], fits: 'every object' }],
    });
    expect(command).toBe(LOOK);
    expect(note).toBe('run it against the cluster: the bundle does not show the fix');
  });

  it('leaves another command as it is', () => {
    const look = 'kubectl get secretproviderclass vault -n shop';
    const flags = [{ words: ['--bundle', 'dump'] as const, fits: 'every object' as const }];
    expect(
      verificationOf(look, NOTHING, false, AGAIN, {
        program: 'wi-doctor',
        connectionFlags: [['--context', 'prod']],
        evidenceFlags: flags,
      }),
    ).toEqual({ command: `${look} --context prod`, note: null });
  });
});

describe('what there is of a pod once it was replaced', () => {
  it.each([
    [POD, { ...DEPLOY, managedBy: null }, DEPLOY],
    [POD, { ...POD, managedBy: null }, POD],
    [DEPLOY, { ...DEPLOY, managedBy: null }, DEPLOY],
    [POD, { kind: 'Rollout', namespace: 'shop', name: 'web', managedBy: null }, { ...POD, name: 'POD' }],
  ])('%j of %j', (target, controller, successor) => {
    expect(successorOf(target, controller)).toMatchObject(successor);
  });
});
