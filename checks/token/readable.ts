import { blank, defineCheck, STANDARD_INPUT, type Check } from '../../src/check.ts';

const SENT_ALONG: ReadonlySet<string> = new Set(['quotes', 'bom', 'bearer']);

const look = [
  {
    id: 'pod',
    command: 'kubectl exec {pod} -n {namespace} -c {container} -- head -c 3 {path}',
    why: 'shows how the file begins; a token begins with eyJ',
    actor: 'developer',
    restarts: false,
  },
  {
    id: 'file',
    command: 'head -c 3 {path}',
    why: 'shows how what was given begins; a token begins with eyJ',
    actor: 'developer',
    restarts: false,
  },
] as const;

/** A sentence as the end of another one. */
function clauseOf(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, '');
}

const check: Check = defineCheck({
  id: 'token/readable',
  title: 'the token is a JSON Web Token',
  link: 'token',
  stage: 'token',
  per: 'workload',
  restsOn: 'never',
  needs: ['token'],
  orUnknown: ['workload', 'target'],
  sources: ['https://github.com/Azure/azure-sdk-for-js/blob/main/sdk/identity/identity/TROUBLESHOOTING.md'],
  outcomes: {
    readable: { status: 'pass', says: 'The token can be decoded.' },
    decorated: {
      status: 'warn',
      code: 'TOK-10',
      title: 'The token file holds more than the token',
      says: 'There is more than the token in its file, which a program would send along: {notes}',
      aadsts: [50027],
      fix: look,
    },
    notAToken: {
      status: 'fail',
      code: 'TOK-10',
      title: 'There is no token to present',
      says: 'What is to be presented to Entra is no token: {reason}.',
      aadsts: [50027, 900144],
      fix: look,
    },
  },
  run({ token, workload, target }, say) {
    const object = workload.state === 'present' ? workload.value : null;
    const container = object?.judged.find(({ wiring }) => wiring.state === 'wired');
    const runs = object?.kind === 'pod' && container?.wiring.state === 'wired' ? container.wiring : null;
    const asked = target.state === 'present' && target.value.kind === 'Token' ? target.value.name : null;
    const given = asked === null || asked === STANDARD_INPUT ? blank('file') : asked;
    const words = {
      pod: object?.object.name ?? '',
      namespace: object?.object.namespace ?? '',
      container: container?.name ?? '',
      path: runs?.tokenFile ?? given,
    };
    const fix = [runs ? 'pod' : 'file'];
    if (token.kind === 'not-a-token') {
      return say(
        'notAToken',
        { ...words, reason: clauseOf(token.reason) },
        {
          fix,
          evidence: [
            {
              fact: 'token',
              path: 'token',
              observed: token.reason,
              expected: 'three parts, the first beginning with eyJ',
            },
          ],
        },
      );
    }
    const notes = token.notes.filter(({ kind }) => SENT_ALONG.has(kind)).map((note) => note.words);
    return notes.length === 0
      ? say('readable', {})
      : say('decorated', { ...words, notes: notes.join(' ') }, { fix });
  },
});
export default check;
