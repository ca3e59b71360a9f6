/** Options that every command of the Azure CLI takes. */
export const AZ_GLOBAL: readonly string[] = ['--subscription', '--query', '-o', '--output'];

/**
 * Options of the commands of the Azure CLI that are suggested, as its reference names them.
 *
 * @see {@link https://learn.microsoft.com/cli/azure/reference-index}
 */
export const AZ_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  'account show': [],
  'ad app federated-credential create': ['--id', '--parameters'],
  'ad app federated-credential delete': ['--id', '--federated-credential-id'],
  'ad app federated-credential list': ['--id'],
  'ad app federated-credential update': ['--id', '--federated-credential-id', '--parameters'],
  'ad app list': ['--show-mine', '--filter'],
  'ad sp create': ['--id'],
  'ad sp list': ['--filter', '--show-mine'],
  'ad sp show': ['--id'],
  'ad sp update': ['--id', '--set'],
  'aks identity-binding create': ['-g', '--cluster-name', '--name', '--managed-identity-resource-id'],
  'aks identity-binding delete': ['-g', '--cluster-name', '--name', '--yes'],
  'aks identity-binding list': ['-g', '--cluster-name'],
  'aks list': [],
  'aks show': ['-g', '-n'],
  'aks update': [
    '-g',
    '-n',
    '--enable-oidc-issuer',
    '--enable-workload-identity',
    '--disable-workload-identity',
  ],
  'cloud show': [],
  'connectedk8s show': ['-g', '-n'],
  'identity create': ['--name', '-g', '--location'],
  'identity federated-credential create': [
    '--name',
    '--identity-name',
    '-g',
    '--issuer',
    '--subject',
    '--audiences',
  ],
  'identity federated-credential delete': ['--name', '--identity-name', '-g', '--yes'],
  'identity federated-credential list': ['--identity-name', '-g'],
  'identity federated-credential update': [
    '--name',
    '--identity-name',
    '-g',
    '--issuer',
    '--subject',
    '--audiences',
  ],
  'identity list': ['-g'],
  'identity show': ['-g', '-n', '--name', '--ids'],
  'keyvault set-policy': ['--name', '--object-id', '--secret-permissions'],
  login: ['--tenant'],
  'resource show': ['--ids'],
  rest: ['--method', '--url'],
  'role assignment create': ['--assignee-object-id', '--assignee-principal-type', '--role', '--scope'],
  'role assignment list': ['--assignee', '--all'],
  'storage account update': [
    '-n',
    '-g',
    '--allow-blob-public-access',
    '--public-network-access',
    '--default-action',
  ],
  'storage blob upload': ['--account-name', '-c', '-n', '-f', '--content-type', '--overwrite'],
  'storage container set-permission': ['--account-name', '-n', '--public-access'],
};
