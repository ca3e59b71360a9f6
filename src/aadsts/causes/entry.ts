/**
 * The general words of one finding code, used wherever a code or symptom points at it.
 *
 * `{issuer}`, `{subject}`, `{audience}`, `{clientId}`, `{tenantId}`, `{namespace}`, `{serviceAccount}`,
 * `{objectId}`, `{scope}`, `{resource}` and `{wellKnown}` become the values of the text, quoted for a shell,
 * or a word in capitals. Words in capitals (RESOURCE_GROUP, IDENTITY, CLUSTER, POD, DEPLOYMENT, CONTAINER)
 * are for the reader to replace.
 */
export interface CauseText {
  /** Noun phrase: what would be wrong. */
  readonly title: string;
  readonly confirm: string;
  readonly fix: string;
}

export type CauseTexts = Readonly<Record<string, CauseText>>;
