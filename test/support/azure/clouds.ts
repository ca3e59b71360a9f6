import type { Cloud } from './world.ts';

interface CloudHosts {
  authorities: string[];
  arm: string;
  graph: string;
  /** Resources that exist in every tenant of that cloud. */
  resources: string[];
}

export const CLOUDS: Record<Cloud, CloudHosts> = {
  public: {
    authorities: ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
    arm: 'management.azure.com',
    graph: 'graph.microsoft.com',
    resources: [
      'https://management.core.windows.net',
      'https://vault.azure.net',
      'https://storage.azure.com',
      'https://database.windows.net',
      'https://servicebus.azure.net',
      'https://eventhubs.azure.net',
      'https://ossrdbms-aad.database.windows.net',
    ],
  },
  usgov: {
    authorities: ['login.microsoftonline.us'],
    arm: 'management.usgovcloudapi.net',
    graph: 'graph.microsoft.us',
    resources: [
      'https://management.core.usgovcloudapi.net',
      'https://vault.usgovcloudapi.net',
      'https://storage.azure.com',
    ],
  },
  china: {
    authorities: ['login.partner.microsoftonline.cn', 'login.chinacloudapi.cn'],
    arm: 'management.chinacloudapi.cn',
    graph: 'microsoftgraph.chinacloudapi.cn',
    resources: [
      'https://management.core.chinacloudapi.cn',
      'https://vault.azure.cn',
      'https://storage.azure.com',
    ],
  },
};

/** The cloud an authority host belongs to; nothing for loopback, which stands for any. */
export function cloudOf(host: string): Cloud | undefined {
  return (Object.keys(CLOUDS) as Cloud[]).find((cloud) => CLOUDS[cloud].authorities.includes(host));
}

/** Resource URIs without trailing slash, ARM and Graph included. */
export function resourcesOf(cloud: Cloud): string[] {
  const { arm, graph, resources } = CLOUDS[cloud];
  return [`https://${arm}`, `https://${graph}`, ...resources];
}
