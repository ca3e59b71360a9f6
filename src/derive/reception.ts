import type { Fact } from '../fact.ts';
import type { ClientFactSet } from '../collected-facts.ts';
import type { DifferenceKind } from '../sources/federated-credentials/types.ts';
import { isIdentityBinding, matchCredentials } from './credential-match.ts';
import { usesIdentityBinding } from './sign-ins.ts';
import type { ContainerView } from './workload.ts';

/**
 * How an identity takes the token of a container: `meant` when one of its credentials was plainly made for it and
 * has a slip.
 */
export type Reception = 'accepts' | 'meant' | 'refuses' | 'unknown';

/** Differences of a credential that was plainly meant for this pod. */
const SLIPS: ReadonlySet<DifferenceKind> = new Set([
  'equal',
  'slash',
  'case',
  'whitespace',
  'quotes',
  'lookalike',
  'host-form',
]);

/** Whether an identity takes the token of a container, as far as its credentials are known. */
export function receptionOf(
  facts: ClientFactSet | undefined,
  issuer: Fact<string>,
  subject: string,
  container: ContainerView,
): Reception {
  if (facts?.identity.state === 'absent') return 'refuses';
  const list = facts?.federatedCredentials;
  if (list?.state === 'absent') return 'refuses';
  // A list that was given for no client id in particular may be another identity's.
  if (list?.state !== 'present' || list.value.anyClientId || issuer.state !== 'present') return 'unknown';
  const { items, complete } = list.value;
  const refuses = complete ? 'refuses' : 'unknown';
  // The proxy of identity bindings presents a token of its own, for which the identity has one credential.
  if (usesIdentityBinding(container)) return items.some(isIdentityBinding) ? 'accepts' : refuses;
  const { audience } = container.effective;
  const known = audience.state === 'known' ? audience.value : null;
  const { accepting, nearest } = matchCredentials(list.value, issuer.value, subject, known);
  if (accepting) return 'accepts';
  if (nearest?.issuer && SLIPS.has(nearest.issuer.kind) && SLIPS.has(nearest.subject.kind)) return 'meant';
  return refuses;
}
