import type { Actor, FindingCode } from '../src/check.ts';

/** A failure mode that nothing a diagnosis may read can prove, and what would. */
export interface Undecidable {
  readonly code: FindingCode;
  /** What would have to be seen, one clause. */
  readonly because: string;
  /** The one command that settles it. */
  readonly command: string;
  readonly actor: Actor;
}

/** Failure modes that no check can find. Everything else is an outcome of one. */
export const UNDECIDABLE: readonly Undecidable[] = [
  {
    code: 'SA-14',
    because: 'what the annotations were before azwi replaced them is only in the history of the cluster',
    command: 'kubectl diff -n NAMESPACE -f SERVICE_ACCOUNT.yaml',
    actor: 'developer',
  },
  {
    code: 'FIC-14',
    because: 'that a credential was lost in a 409 of parallel writes is only in the log of whatever made it',
    command:
      'az monitor activity-log list --resource-id IDENTITY_RESOURCE_ID --status Failed --offset 7d -o table',
    actor: 'Azure admin',
  },
  {
    code: 'FIC-16',
    because: 'that Azure Policy denied a credential is only in the activity log',
    command:
      'az monitor activity-log list -g RESOURCE_GROUP --offset 7d --query "[?contains(to_string(properties), \'RequestDisallowedByPolicy\')]" -o table',
    actor: 'Azure admin',
  },
];
