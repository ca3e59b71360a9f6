import { describe, expect, it } from 'vitest';
import { adaptCommand, type Again, type FlagWords, type Invocation } from '../../src/invocation.ts';

const WEB = { kind: 'Pod', namespace: 'shop', name: 'web-1' };
const AGAIN: Again = { names: [WEB], as: WEB };
const DEPLOY: Again = { names: [WEB], as: { kind: 'Deployment', namespace: 'shop', name: 'web' } };
const CLIENT = '11111111-1111-4111-8111-111111111111';

function invocation(
  connectionFlags: FlagWords[] = [],
  own: FlagWords[] = [],
  all: FlagWords[] = [],
): Invocation {
  return {
    program: 'wi-doctor',
    connectionFlags,
    evidenceFlags: [
      ...own.map((words) => ({ words, fits: 'the object' as const })),
      ...all.map((words) => ({ words, fits: 'every object' as const })),
    ],
  };
}

const PROD: FlagWords[] = [['--context', 'prod']];

describe('the connection of the user', () => {
  it.each([
    ['kubectl get pods -n shop', 'kubectl get pods -n shop --context prod'],
    ['kubectl exec web -n shop -- cat f', 'kubectl exec web -n shop --context prod -- cat f'],
    [
      'kubectl patch deploy web -p \'{"a":" -- | && "}\'',
      'kubectl patch deploy web -p \'{"a":" -- | && "}\' --context prod',
    ],
    ["printf '%s' '{}' | kubectl apply -f -", "printf '%s' '{}' | kubectl apply -f - --context prod"],
    [
      'kubectl patch --local -f M.yaml -p {} -o yaml | kubectl replace --force -f - -n shop',
      'kubectl patch --local -f M.yaml -p {} -o yaml --context prod | kubectl replace --force -f - -n shop --context prod',
    ],
    [
      'az x --issuer "$(kubectl get --raw /a | jq -r .issuer)" --name n',
      'az x --issuer "$(kubectl get --raw /a --context prod | jq -r .issuer)" --name n',
    ],
    [
      'kubectl get --raw /a > a.json && wi-doctor cluster',
      'kubectl get --raw /a --context prod > a.json && wi-doctor cluster --context prod',
    ],
    ['helm uninstall r -n ns', 'helm uninstall r -n ns --kube-context prod'],
    ['az aks update -g rg -n c', 'az aks update -g rg -n c'],
    ['wi-doctor explain AADSTS700213', 'wi-doctor explain AADSTS700213'],
  ])('%s', (line, adapted) => {
    expect(adaptCommand(line, invocation(PROD))).toBe(adapted);
  });

  it("has names of helm's own, and is quoted", () => {
    const flags: FlagWords[] = [
      ['--kubeconfig', '/my config'],
      ['--as', 'jane'],
      ['--as-group', 'sre'],
      ['--user', 'u'],
    ];
    expect(adaptCommand('helm list', invocation(flags))).toBe(
      "helm list --kubeconfig '/my config' --kube-as-user jane --kube-as-group sre",
    );
  });
});

describe('kubectl wi-doctor', () => {
  it.each([
    ['wi-doctor pod web-1 -n shop', 'kubectl wi-doctor pod web-1 -n shop'],
    ['az login && wi-doctor pod web-1 -n shop', 'az login && kubectl wi-doctor pod web-1 -n shop'],
    ['kubectl create token web | wi-doctor token -', 'kubectl create token web | kubectl wi-doctor token -'],
    ['wi-doctor explain FIC-05', 'kubectl wi-doctor explain FIC-05'],
  ])('%s', (line, adapted) => {
    expect(adaptCommand(line, { ...invocation(), program: 'kubectl wi-doctor' })).toBe(adapted);
  });
});

describe('what the user gave besides', () => {
  const own: FlagWords[] = [['-c', 'app'], ['--federated-credentials', 'my file.json'], ['--exec']];
  const all: FlagWords[] = [
    ['--azure', 'off'],
    ['--bundle', 'dump'],
  ];

  it.each([
    [
      'wi-doctor pod web-1 -n shop',
      "wi-doctor pod web-1 -n shop -c app --federated-credentials 'my file.json' --exec --azure off --bundle dump",
    ],
    [
      'wi-doctor deploy keda-operator -n keda',
      'wi-doctor deploy keda-operator -n keda --azure off --bundle dump',
    ],
    // A bundle has no live token.
    [
      'wi-doctor pod web-1 -n shop --exchange',
      "wi-doctor pod web-1 -n shop --exchange -c app --federated-credentials 'my file.json' --exec --azure off",
    ],
    [
      'wi-doctor pod web-1 -n shop --federated-credentials credentials.json',
      'wi-doctor pod web-1 -n shop --federated-credentials credentials.json -c app --exec --azure off --bundle dump',
    ],
    [
      `wi-doctor pod web-1 -n shop --federated-credentials ${CLIENT}=c.json`,
      `wi-doctor pod web-1 -n shop --federated-credentials ${CLIENT}=c.json -c app --federated-credentials 'my file.json' --exec --azure off --bundle dump`,
    ],
    ['wi-doctor token -', 'wi-doctor token -'],
    ['wi-doctor explain FIC-05', 'wi-doctor explain FIC-05'],
  ])('%s', (line, adapted) => {
    expect(adaptCommand(line, invocation([], own, all), AGAIN)).toBe(adapted);
  });

  it('leaves the token of before where a new one is asked for', () => {
    const old = invocation([], [['--token-file', 'old.jwt']]);
    expect(adaptCommand('wi-doctor pod web-1 -n shop --mint', old, AGAIN)).toBe(
      'wi-doctor pod web-1 -n shop --mint',
    );
    expect(adaptCommand('wi-doctor pod web-1 -n shop', old, AGAIN)).toBe(
      'wi-doctor pod web-1 -n shop --token-file old.jwt',
    );
  });

  it('names what is there in the place of the object', () => {
    expect(adaptCommand('wi-doctor pod web-1 -n shop --exchange', invocation(), DEPLOY)).toBe(
      'wi-doctor deploy web -n shop --exchange',
    );
    expect(adaptCommand('wi-doctor pod web-1 -n other', invocation(), DEPLOY)).toBe(
      'wi-doctor pod web-1 -n other',
    );
  });
});
