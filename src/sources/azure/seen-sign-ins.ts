import { access, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Ways of signing in, in the order in which `DefaultAzureCredential` tries them. */
export type SignInKind =
  | 'environment'
  | 'workload-identity'
  | 'managed-identity'
  | 'azure-cli'
  | 'azure-powershell'
  | 'azure-developer-cli';

type Env = Readonly<Record<string, string | undefined>>;

const LARGEST_PROFILE_BYTES = 4 * 1024 * 1024;

/** What the Azure CLI keeps its sign-in in: of users, of service principals, and of releases before 2.30. */
const CLI_CACHES = [
  'msal_token_cache.json',
  'msal_token_cache.bin',
  'service_principal_entries.json',
  'service_principal_entries.bin',
  'accessTokens.json',
];

/** `AZURE_TOKEN_CREDENTIALS`: which of them the library is told to use. */
const CHOSEN: Readonly<Record<string, readonly SignInKind[]>> = {
  prod: ['environment', 'workload-identity'],
  dev: ['azure-cli', 'azure-powershell', 'azure-developer-cli'],
  environmentcredential: ['environment'],
  workloadidentitycredential: ['workload-identity'],
  azureclicredential: ['azure-cli'],
  azurepowershellcredential: ['azure-powershell'],
  azuredeveloperclicredential: ['azure-developer-cli'],
};

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function readJson(path: string): Promise<unknown> {
  try {
    const text = await readFile(path, 'utf8');
    if (text.length > LARGEST_PROFILE_BYTES) return undefined;
    // The Azure CLI writes its profile with a byte order mark.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

async function hasCliSignIn(env: Env, home: string): Promise<boolean> {
  const folder = env['AZURE_CONFIG_DIR'] || join(home, '.azure');
  const subscriptions = member(await readJson(join(folder, 'azureProfile.json')), 'subscriptions');
  if (!Array.isArray(subscriptions) || subscriptions.length === 0) return false;
  const caches = await Promise.all(CLI_CACHES.map((name) => exists(join(folder, name))));
  return caches.includes(true);
}

async function hasPowerShellSignIn(home: string): Promise<boolean> {
  const contexts = member(await readJson(join(home, '.Azure', 'AzureRmContext.json')), 'Contexts');
  return typeof contexts === 'object' && contexts !== null && Object.keys(contexts).length > 0;
}

async function hasDeveloperCliSignIn(env: Env, home: string): Promise<boolean> {
  const folder = env['AZD_CONFIG_DIR'] || join(home, '.azd');
  const account = member(member(await readJson(join(folder, 'auth.json')), 'auth'), 'account');
  return member(account, 'currentUser') !== undefined;
}

function isSet(env: Env, ...names: readonly string[]): boolean {
  return names.every((name) => (env[name] ?? '') !== '');
}

/**
 * Which sign-ins of the caller can be seen without asking anybody: environment variables and a few small files.
 * Nothing is started and no metadata service is probed, so a machine without Azure loses no time.
 *
 * @param env Of the process. Only whether a secret is set matters here, not what it is.
 * @returns In the library's own order; empty when nothing shows that the caller is signed in.
 * @see {@link https://learn.microsoft.com/azure/developer/javascript/sdk/authentication/credential-chains}
 */
export async function seenSignIns(env: Env): Promise<SignInKind[]> {
  const home = env['HOME'] || env['USERPROFILE'] || homedir();
  const chosen = CHOSEN[(env['AZURE_TOKEN_CREDENTIALS'] ?? '').trim().toLowerCase()];
  const identified = isSet(env, 'AZURE_TENANT_ID', 'AZURE_CLIENT_ID');
  const tokenFile = env['AZURE_FEDERATED_TOKEN_FILE'] ?? '';
  const [file, cli, powerShell, developerCli] = await Promise.all([
    tokenFile !== '' && exists(tokenFile),
    hasCliSignIn(env, home),
    hasPowerShellSignIn(home),
    hasDeveloperCliSignIn(env, home),
  ]);
  const seen: readonly (readonly [SignInKind, boolean])[] = [
    [
      'environment',
      identified && (isSet(env, 'AZURE_CLIENT_SECRET') || isSet(env, 'AZURE_CLIENT_CERTIFICATE_PATH')),
    ],
    ['workload-identity', identified && file],
    ['azure-cli', cli],
    ['azure-powershell', powerShell],
    ['azure-developer-cli', developerCli],
  ];
  return seen.flatMap(([kind, there]) => (there && (chosen?.includes(kind) ?? true) ? [kind] : []));
}
