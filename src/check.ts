// The authoring kit of checks: how one is defined, and everything of the program that it may use.
export * from './define-check.ts';
export {
  editCommand,
  execCommand,
  mendEnvCommand,
  patchTemplateCommand,
  replacesPods,
  restartCommand,
  setEnvCommand,
  unsetEnvCommand,
  type TemplatePatch,
} from './commands.ts';
export type { Change } from './derive/change.ts';
export { cloudOfAuthority } from './authority-hosts.ts';
export { isIdentityBinding, matchCredentials, type CredentialMatch } from './derive/credential-match.ts';
export type { EnvView } from './derive/environment.ts';
export type { ContainerView, EffectiveValue, Workload } from './derive/workload.ts';
export { clockWords, differenceWords, gapWords, isConfirmed } from './derive/clocks.ts';
export { shellQuote } from './fill.ts';
export { withoutUserInfo } from './user-info.ts';
export { durationWords, epochSeconds, timeWords } from './sources/token/time-words.ts';
export {
  isAksIssuer,
  isStatic,
  obstacle,
  setAside,
  showsInjection,
  type Injection,
} from './derive/injection.ts';
export { templateOf } from './derive/controller.ts';
export { isKnownSidecar, USE_LABEL } from './derive/workload.ts';
export {
  accountWords,
  annotate,
  give,
  givenBy,
  RESTART_BY_HAND,
  RESTART_FOR_ADMISSION,
  RESTART_FOR_ANNOTATION,
  RESTART_FOR_WEBHOOK,
} from './account-fixes.ts';
export {
  aksWords,
  askedAppId,
  askedClientId,
  askedClientIdBehind,
  identityOfResourceId,
  jsonAround,
  placeWords,
  UNNAMED,
} from './azure-words.ts';
export { bindIdentity, bindingWords } from './binding-fixes.ts';
export { mendWebhook, webhookWords } from './webhook-fixes.ts';
export { boundPod, freshToken, freshTokenWords, STANDARD_INPUT } from './token-fixes.ts';
export { diagnosisCommand } from './diagnosis-command.ts';
export {
  fetchCommand,
  PUBLISH_DOCUMENT,
  PUBLISH_ISSUER,
  PUBLISH_KEYS,
  publishFix,
  publishWords,
} from './issuer-fixes.ts';
export {
  BINDING_STANDS_IN,
  CREATE_CREDENTIAL,
  credentialChange,
  credentialFix,
  fieldFinding,
  HIDDEN_CHARACTERS,
  identityWord,
  newCredentialChange,
  PARTLY_GIVEN,
  REPAIR_CREDENTIAL,
  settleCredentialsCommand,
  trustedIssuer,
} from './credential-fixes.ts';
export {
  isAksApiServer,
  isAllowedPrivate,
  isEntraIssuer,
  issuerAddress,
  keyIds,
  keySetFault,
  misusedKeys,
  otherKeysOf,
  publicationFault,
  type MisusedKey,
  type OtherKey,
} from './derive/issuer.ts';
export { difference } from './sources/federated-credentials/difference.ts';
export { lastSeen } from './derive/event-time.ts';
export {
  refusalsOf,
  toldRefusals,
  type Refusal,
  type RefusalKind,
  type ToldRefusal,
} from './derive/refusals.ts';
export {
  choiceUnseen,
  clientIdSource,
  clientsIn,
  isGuid,
  keyMeaning,
  namesClientId,
  usesSecretsStore,
} from './derive/annotations.ts';
export { TENANT_NOT_FOUND, tenantProblem } from './derive/tenant.ts';
export { annotationOf, CLIENT_ID_KEY, EXPIRATION_KEY, TENANT_ID_KEY } from './derive/annotation-keys.ts';
export { INJECT_PROXY_KEY, PROXY_PORT_KEY, tokenProxyOf } from './derive/proxy.ts';
export { clientIdChange, envRemedy } from './remedies.ts';
export { PROPAGATION } from './propagation.ts';
export { replicaDifferences } from './derive/replicas.ts';
export { receptionOf } from './derive/reception.ts';
export { twinEvidence } from './twin-evidence.ts';
export {
  exchangeVerdict,
  isCredentialRefusal,
  isScopeRefusal,
  namesCompared,
  presentsCompared,
  rateWords,
} from './derive/exchange.ts';
export { answerEvidence, exchangeAgain, exchangeWords, unseenCredentialWords } from './exchange-words.ts';
export { complaintEvidence } from './complaint-words.ts';
export { complaintOf, outdatedBy, type Complaint } from './derive/complaints.ts';
export {
  isKedaOperator,
  mountedClasses,
  signInOfClass,
  usesWorkloadIdentity,
  type Consumer,
} from './derive/consumers.ts';
