import { CLUSTER_AND_WEBHOOK } from './cluster.ts';
import { CONSUMER } from './consumer.ts';
import type { CauseTexts } from './entry.ts';
import { FEDERATED_CREDENTIAL } from './federated-credential.ts';
import { POD } from './pod.ts';
import { SERVICE_ACCOUNT_AND_ENTRA } from './service-account.ts';
import { TOKEN_AND_ISSUER } from './token.ts';

/** What each finding code means as the cause of an error, how to confirm and how to mend it. */
export const CAUSE_TEXTS: CauseTexts = {
  ...CLUSTER_AND_WEBHOOK,
  ...SERVICE_ACCOUNT_AND_ENTRA,
  ...POD,
  ...TOKEN_AND_ISSUER,
  ...FEDERATED_CREDENTIAL,
  ...CONSUMER,
};
