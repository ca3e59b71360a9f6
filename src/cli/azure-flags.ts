import type { Argv } from 'yargs';
import { WiDoctorError } from '../errors.ts';
import type { AzureOptions } from '../sources/azure/azure-look.ts';
import { isResourceId } from '../sources/azure/resource-id.ts';
import { text, type Parsed } from './parsed.ts';

/** How identities and credentials are looked up with the caller's own sign-in. */
export function azureFlags(argv: Argv): Argv {
  const group = 'Azure:';
  return argv
    .option('azure', {
      type: 'string',
      choices: ['auto', 'off', 'managed-identity'],
      default: 'auto',
      group,
      describe: 'Look identities up with your own sign-in, if one is seen',
    })
    .option('cloud', {
      type: 'string',
      choices: ['public', 'usgov', 'china'],
      group,
      describe: "Azure cloud, where the pod's authority host does not tell",
    })
    .option('cluster-id', {
      type: 'string',
      requiresArg: true,
      group,
      describe: 'Resource id of the AKS cluster, where it cannot be found',
    })
    .option('resource', {
      type: 'string',
      requiresArg: true,
      group,
      describe: 'Resource id of what the pod must reach: look at its roles there',
    });
}

const CLUSTER =
  /^\/subscriptions\/[\w-]+\/resourcegroups\/[^/?#%\s]+\/providers\/microsoft\.containerservice\/managedclusters\/[\w-]+$/i;

function resourceId(
  parsed: Parsed,
  flag: string,
  isRight: (id: string) => boolean,
  command: string,
): string | null {
  const value = text(parsed, flag)?.replace(/\/$/, '');
  if (value === undefined) return null;
  if (isResourceId(value) && isRight(value)) return value;
  throw new WiDoctorError('USAGE', `--${flag} is no resource id: ${value}`, {
    hint: `Print it with: ${command}`,
  });
}

/** The Azure flags as parsed. @throws {WiDoctorError} `USAGE` for an id that is none. */
export function azureOf(parsed: Parsed): Omit<AzureOptions, 'env'> {
  return {
    mode: (text(parsed, 'azure') ?? 'auto') as AzureOptions['mode'],
    cloud: (text(parsed, 'cloud') ?? null) as AzureOptions['cloud'],
    clusterId: resourceId(
      parsed,
      'cluster-id',
      (id) => CLUSTER.test(id),
      'az aks show -g RESOURCE_GROUP -n NAME --query id -o tsv',
    ),
    resource: resourceId(
      parsed,
      'resource',
      () => true,
      'az resource list --name NAME --query "[].id" -o tsv',
    ),
  };
}
