import type { Cause, ExplainedError, Explanation } from './aadsts/explanation.ts';
import { adaptCommand, type Invocation } from './invocation.ts';

/** Sentences and commands stand on lines of their own; in a sentence there is no program to adapt. */
function adaptText(text: string, invocation: Invocation): string {
  return text
    .split('\n')
    .map((line) => adaptCommand(line, invocation))
    .join('\n');
}

function adaptCause(cause: Cause, invocation: Invocation): Cause {
  const { confirm, fix } = cause;
  return { ...cause, confirm: adaptText(confirm, invocation), fix: adaptText(fix, invocation) };
}

/** An explained error whose commands are in the user's own terms. */
export function adaptError<Explained extends ExplainedError>(
  error: Explained,
  invocation: Invocation,
): Explained {
  return { ...error, causes: error.causes.map((cause) => adaptCause(cause, invocation)) };
}

/** An explanation whose commands are in the user's own terms. */
export function adaptExplanation(explanation: Explanation, invocation: Invocation): Explanation {
  return { ...explanation, errors: explanation.errors.map((error) => adaptError(error, invocation)) };
}
