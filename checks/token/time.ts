import {
  boundPod,
  clockWords,
  defineCheck,
  diagnosisCommand,
  differenceWords,
  gapWords,
  epochSeconds,
  freshToken,
  freshTokenWords,
  isConfirmed,
  restartCommand,
  timeWords,
  type Check,
  type SayOptions,
} from '../../src/check.ts';

/** Seconds by which Entra lets clocks differ. */
const TOLERANCE = 300;
const HOLD_AGAINST = "date -u; curl -sSI https://login.microsoftonline.com | grep -i '^date:'";

const correct = {
  command: 'kubectl get --raw /healthz -v=8',
  why: "shows the API server's own time in the Date header, to be held against a clock that is right; then let NTP correct the control plane",
  actor: 'cluster admin',
  restarts: false,
} as const;

/** The times of a token, in seconds since 1970. */
interface Window {
  readonly start: number;
  readonly end: number;
}

function phase({ start, end }: Window, at: number): 'early' | 'valid' | 'late' {
  if (start > at + TOLERANCE) return 'early';
  return end < at ? 'late' : 'valid';
}

const check: Check = defineCheck({
  id: 'token/time',
  title: 'the token is valid now',
  link: 'token',
  stage: 'token',
  per: 'workload',
  restsOn: 'never',
  needs: [],
  orAbsent: ['token'],
  orUnknown: ['now', 'clocks', 'workload'],
  sources: [
    'https://github.com/Azure/azure-workload-identity/issues/693',
    'https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/',
  ],
  outcomes: {
    valid: { status: 'pass', says: 'The token is valid until {expiry}.' },
    machineBehind: {
      status: 'info',
      code: 'TOK-06',
      title: 'This machine has a slow clock',
      says: 'The token is valid until {expiry}; only by the clock of this machine, which is {gap} behind that of {clock}, is it not valid yet.',
    },
    machineAhead: {
      status: 'info',
      code: 'TOK-05',
      title: 'This machine has a fast clock',
      says: 'The token is valid until {expiry}; only by the clock of this machine, which is {gap} ahead of that of {clock}, has it expired.',
    },
    expired: {
      status: 'fail',
      code: 'TOK-05',
      title: 'The token has expired',
      says: 'The token expired at {expiry}; whoever presents it read it once and kept it, or the file is no longer renewed.',
      aadsts: [700024],
      explainedBy: ['SA-12', 'POD-10', 'TOK-07'],
      fix: [
        {
          id: 'restart',
          command: '{restart}',
          why: 'starts the program with a fresh token; an SDK that reads the file at each sign-in makes it last',
          actor: 'developer',
          restarts: true,
        },
        {
          id: 'look',
          command: '{look}',
          why: 'looks at the token that the pod has now: its file is renewed, so a program that presents this one has kept it',
          actor: 'developer',
          restarts: false,
        },
        { ...freshToken('makes a fresh token of the same service account, and looks at it'), id: 'fresh' },
      ],
    },
    notYet: {
      status: 'fail',
      code: 'TOK-06',
      title: 'The token is not valid yet',
      says: 'The token is not valid before {start} by the clock of {clock}, so the clock of the API server that signed it is ahead.',
      aadsts: [700024],
      fix: [correct],
    },
    signerAhead: {
      status: 'fail',
      code: 'TOK-06',
      title: 'The clock of the API server is ahead',
      says: 'The clock of the API server is {gap} ahead of that of {clock}, so the tokens it signs are not valid yet when Entra sees them.',
      aadsts: [700024],
      fix: [correct],
    },
    signerBehind: {
      status: 'fail',
      code: 'TOK-06',
      title: 'The clock of the API server is behind',
      says: 'The clock of the API server is {gap} behind that of {clock}, so the token it signed had expired before it was used.',
      aadsts: [700024],
      fix: [correct],
    },
  },
  run({ token, now, clocks, workload }, say) {
    // What was collected before clocks were compared goes by the one of the machine.
    const seen = clocks.state === 'present' ? clocks.value : { machine: 0 };
    const { apiServer: signer = 0, machine = 0 } = seen;
    const seconds = now.state === 'present' ? epochSeconds(now.value) : Number.NaN;
    const clock = clockWords(seen);
    const gap = gapWords(signer);
    const shown = (what: string, path: string, moment: number): SayOptions => ({
      evidence: [
        {
          fact: token.state === 'present' ? 'token' : 'clocks',
          path,
          observed: timeWords(moment, Number.NaN),
          expected: timeWords(seconds, Number.NaN),
          labels: { observed: what, expected: clock },
        },
      ],
    });
    if (token.state === 'absent')
      // Even without a token its signer can be seen to date it wrongly.
      return signer > TOLERANCE && isConfirmed(seen) && now.state === 'present'
        ? say('signerAhead', { gap, clock }, shown('API server', 'apiServer', seconds + signer))
        : say.skip('there is no token');
    if (token.value.kind !== 'jwt') return say.skip('there is no token that can be read');
    const { exp, nbf, iat } = token.value.claims;
    const window = { start: nbf ?? iat ?? -Infinity, end: exp ?? Infinity };
    const here = phase(window, seconds);
    // Without a clock the present is no earlier than `now`.
    if (now.state !== 'present' || (clocks.state === 'absent' && here !== 'late'))
      return say.unknown('nothing tells when the token was used, so its times prove nothing');
    const disputed = Object.values(seen).some((ahead) => phase(window, seconds + ahead) !== here);
    if (!isConfirmed(seen) && (disputed || here === 'early'))
      return say.unknown(`the clocks seen do not tell: ${differenceWords(seen)}`, HOLD_AGAINST);
    if (here === 'early') {
      const start = timeWords(window.start, seconds * 1000);
      return say('notYet', { start, clock }, shown('nbf', 'claims.nbf', window.start));
    }
    if (typeof exp !== 'number') return say.skip('the token never expires');
    const expiry = timeWords(exp, seconds * 1000);
    if (here === 'late') {
      const evidence = shown('exp', 'claims.exp', window.end);
      if (phase(window, seconds + signer) === 'valid') return say('signerBehind', { gap, clock }, evidence);
      const object = workload.state === 'present' ? workload.value : null;
      const pod = boundPod(token.value);
      const words = {
        expiry,
        restart: object ? restartCommand(object.controller, object.object.name) : '',
        look: { command: pod ? `${diagnosisCommand(pod)} --exec` : '' },
        ...freshTokenWords(workload, token.value),
      };
      const runs = object?.kind === 'pod' || object?.kind === 'template';
      return say('expired', words, { ...evidence, fix: [runs ? 'restart' : pod ? 'look' : 'fresh'] });
    }
    const wrong = { expiry, clock, gap: gapWords(machine) };
    const byMachine = phase(window, seconds + machine);
    if (byMachine === 'early') return say('machineBehind', wrong);
    return byMachine === 'late' ? say('machineAhead', wrong) : say('valid', { expiry });
  },
});
export default check;
