import type { Hint } from './sighting.ts';

/** Words of Entra's sign-in page, whose chrome speaks the language of the visitor while the message stays English. */
const SIGN_IN_PAGE =
  /trouble signing you in|having trouble signing|Copy info to clipboard|Flag sign-in errors|Enable flagging|Sign in to your account|contact your administrator, send this info|problemas para iniciar|Iniciar sesi[oó]n|Probleme(?:n)? (?:bei|beim|mit|Sie)[^\n]{0,30}anm|Beim Anmelden|Leider k[oö]nnen wir Sie nicht anmelden|probl[eè]mes? (?:pour|lors)[^\n]{0,30}connect|Se connecter|problemi durante l.accesso|problemas (?:para|ao) (?:fazer|entrar|iniciar)|Fazer login|Aanmelden|Zaloguj|zalogow|Logga in|P[rř]ihl[aá][sš]|Oturum a[cç]|Вход|выполнить вход|登录时|登录到|サインイン|로그인/i;

/** A program that waits for a person. */
const INTERACTIVE =
  /authenticate interactively|interactive(?:ly)? (?:browser|authentication|login|sign-in|authorization request)|InteractiveBrowserCredential|DeviceCodeCredential|AcquireTokenInteractive|device ?code|devicelogin|browser window|--use-device-code|\/authorize\?|redirect_uri|home_account_id|Refresh failed\. invalid_grant|refresh token|UserPrincipalName|sign-?in page|User login/i;

/** A web application that lets people in; its own secret has nothing to do with the identity of a pod. */
const WEB_LOGIN =
  /OAuth2? callback|oauth2?[_-]?proxy|redeeming code|authorization_code|code_verifier|AuthorizationCode|OpenIdConnectProtocolException/i;

/** `az login` of a person, as against that of a service principal or a pipeline. */
const AZ_LOGIN = /\baz login\b(?![^\n]{0,200}--(?:service-principal|federated-token|identity))/;
const UNATTENDED = /service[- ]principal|azure\/login|federated/i;

/** Signs that a workload speaks; they outweigh a stray hint to sign in. */
const WORKLOAD =
  /WorkloadIdentityCredential|ClientAssertionCredential|EnvironmentCredential|ClientSecretCredential|ClientCertificateCredential|FromAssertion\(|system:serviceaccount:|client_assertion(?!['"`]{0,2} or )|azure-identity-token|AZURE_FEDERATED_TOKEN_FILE|federated[_-]token|client_credentials/;

/**
 * True if the text around shows that a person was signing in.
 *
 * @param around Canonical text around the error, a few thousand characters.
 * @param before The text right before it, where a sign-in page prints its ids.
 */
export function showsUserSignIn(around: string, before: string): boolean {
  if (isSignInPage(before)) return true;
  if (WORKLOAD.test(around)) return false;
  if (WEB_LOGIN.test(around) || SIGN_IN_PAGE.test(around) || INTERACTIVE.test(around)) return true;
  return AZ_LOGIN.test(around) && !UNATTENDED.test(around);
}

/** True if a web application was letting a person in, the one place where a wrong secret is nobody's pod. */
export function showsWebLogin(around: string): boolean {
  return WEB_LOGIN.test(around) && !WORKLOAD.test(around);
}

/** Sign-in pages print `Request Id`, `Correlation Id`, `Timestamp` with a T, and only then the message. */
export function isSignInPage(before: string): boolean {
  const at = before.search(/Request Id:\s{0,8}[0-9a-f]{8}-/i);
  if (at < 0) return false;
  const rest = before.slice(at);
  return /Correlation Id:\s{0,8}\S/i.test(rest) && /Timestamp:\s{0,8}\d{4}-\d\d-\d\dT/.test(rest);
}

/** Azure.Identity's event log: a member gave up, and the chain went on to the next one. */
export function chainWentOn(around: string, after: string): boolean {
  return (
    /Credential\.GetToken was unable to retrieve/.test(around) &&
    /[A-Z]\w{2,40}Credential\.GetToken invoked/.test(after)
  );
}

const SUCCEEDED =
  /(?:acquired a token from|authenticated with|credential selected:)\s{1,4}[\w.]{0,40}Credential\b|Attempted credential \w{2,40} returns a token|Credential\.(?:GetToken|get_token) succeeded|Result for \w{2,40}Credential: SUCCESS/;

/** The debug log of a chain: the member was skipped, and another one brought the token. */
export function chainSucceeded(after: string): boolean {
  return SUCCEEDED.test(after);
}

const HINTS: readonly (readonly [Hint, RegExp])[] = [
  [
    'rust',
    /reqsign|opendal|RisingWave|azure_identity::|azure_core::|object_store|quickwit|rsp_status|materialize/i,
  ],
  ['msal4j', /msal4j/],
  ['github', /azure\/login|token\.actions\.githubusercontent\.com|GitHub Actions|runner\/_temp/i],
  [
    'azure-devops',
    /vstoken\.dev\.azure\.com|AzurePipelines|AzureCLI@\d|##\[(?:error|section)\]|ADO pipeline|sc:\/\//,
  ],
  ['terraform', /azurerm|azapi|[Tt]erraform/],
  ['keda', /keda/i],
  ['external-dns', /external-dns|azure\.json/i],
  ['external-secrets', /external-secrets|SecretStore|ExternalSecret/],
  ['csi', /secrets-store|SecretProviderClass|csi-secrets/i],
  ['cert-manager', /cert-manager|_acme-challenge/i],
  ['virtual-node', /virtual-node|virtual-kubelet|\bACI\b/],
  ['secret-flow', /ClientSecretCredential|ClientCertificateCredential|\bcertificate credential/],
];

/** Programs and services the text around names. */
export function hintsIn(around: string): ReadonlySet<Hint> {
  return new Set(HINTS.filter(([, pattern]) => pattern.test(around)).map(([hint]) => hint));
}
