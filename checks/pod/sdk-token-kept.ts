import {
  complaintEvidence,
  complaintOf,
  defineCheck,
  durationWords,
  epochSeconds,
  outdatedBy,
  restartCommand,
  type Check,
  type Complaint,
} from '../../src/check.ts';

/** Seconds within which a window is that of a CI system's token. */
const CI_LIVES = [300, 600];

function moment({ error }: Complaint, field: 'currentTime' | 'validFrom' | 'validTo'): number {
  const value = error.fields[field];
  return epochSeconds(typeof value === 'string' ? value : (value?.at(-1) ?? ''));
}

/** An error that is not there proves nothing. */
const UNTOLD = 'no error tells of it';

const check: Check = defineCheck({
  id: 'pod/sdk-token-kept',
  title: 'the program reads its token file at each sign-in',
  link: 'token',
  stage: 'token',
  per: 'container',
  restsOn: 'never',
  needs: ['workload', 'container'],
  orAbsent: ['complaints'],
  sources: [
    'https://github.com/Azure/azure-workload-identity/issues/693',
    'https://github.com/risingwavelabs/risingwave/issues/17123',
    'https://github.com/Azure/azure-sdk-for-rust/issues/1739',
  ],
  outcomes: {
    kept: {
      status: 'fail',
      code: 'SDK-10',
      title: 'The token file is not read again',
      says: 'The program in container {container} presented a token {late} after its end, so it keeps the one it once read{since}; the kubelet renews the file long before.',
      aadsts: [700024],
      explainedBy: ['POD-10', 'TOK-07', 'SA-12'],
      fix: [
        {
          command: '{restart}',
          why: 'helps for the life of one token; for good, upgrade to an SDK that reads the file at each sign-in, or hand it a callback that does',
          actor: 'developer',
          restarts: true,
        },
      ],
    },
  },
  run({ workload, container, complaints }, say) {
    if (complaints.state === 'absent') return say.skip('no error was brought');
    const { name, wiring } = container;
    if (wiring.state !== 'wired') return say.skip('the container has no token that it could use');
    const restart = restartCommand(workload.controller, workload.object.name);
    const complaint = complaintOf(complaints.value, { aadsts: [700024, 50012] }, name);
    if (!complaint) return say.skip(UNTOLD);
    const older = outdatedBy(complaint);
    if (older !== null) return say.skip(`the error is older than ${older}`);
    const [now, from, to] = [
      moment(complaint, 'currentTime'),
      moment(complaint, 'validFrom'),
      moment(complaint, 'validTo'),
    ];
    if (Number.isNaN(now) || Number.isNaN(from) || Number.isNaN(to))
      return say.unknown(
        'the error was brought without its times, which tell an old token from a wrong clock',
      );
    if (from <= 0 || CI_LIVES.some((life) => Math.abs(to - from - life) <= 5))
      return say.skip('the window of the error is not that of a Kubernetes token');
    if (now <= to) return say.skip('the token had not expired');
    const started = complaint.matches.find(({ field }) => field === 'validFrom');
    const since = started === undefined ? '' : ' when it started';
    return say(
      'kept',
      { container: name, late: durationWords(now - to), since, restart },
      { evidence: complaintEvidence(complaint, 'validTo') },
    );
  },
});
export default check;
