import {
  complaintEvidence,
  complaintOf,
  defineCheck,
  durationWords,
  epochSeconds,
  type Check,
} from '../../src/check.ts';

function last(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : (value?.at(-1) ?? '');
}

/** An error that is not there proves nothing. */
const UNTOLD = 'no error tells of it';

const check: Check = defineCheck({
  id: 'exchange/clock-of-issuer',
  title: 'no error shows a token that was valid too late',
  link: 'token',
  stage: 'token',
  per: 'workload',
  restsOn: 'never',
  needs: ['workload'],
  orAbsent: ['complaints'],
  orUnknown: ['token'],
  sources: ['https://github.com/Azure/azure-workload-identity/issues/693'],
  outcomes: {
    ahead: {
      status: 'fail',
      code: 'TOK-06',
      title: "The clock of the API server is ahead of Entra's",
      says: 'A token of {name} became valid {early} after Entra received it: the clock of the API server that signed it is ahead.',
      aadsts: [700024],
      fix: [
        {
          command: 'kubectl get --raw /healthz -v=8',
          why: "shows the API server's own time in the Date header; let NTP correct the control plane",
          actor: 'cluster admin',
          restarts: false,
        },
      ],
    },
  },
  run({ workload, complaints, token }, say) {
    if (complaints.state === 'absent') return say.skip('no error was brought');
    if (token.state === 'present') return say.skip('the token at hand shows it');
    const complaint = complaintOf(complaints.value, { aadsts: [700024] });
    if (!complaint) return say.skip(UNTOLD);
    const { currentTime, validFrom } = complaint.error.fields;
    const early = epochSeconds(last(validFrom)) - epochSeconds(last(currentTime));
    if (Number.isNaN(early))
      return say.unknown(
        'the error was brought without its times, which tell an old token from a wrong clock',
      );
    if (early <= 0) return say.skip(UNTOLD);
    return say(
      'ahead',
      { name: workload.object.name, early: durationWords(early) },
      { evidence: complaintEvidence(complaint, 'validFrom') },
    );
  },
});
export default check;
