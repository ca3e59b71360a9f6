import type { Reply } from '../faults.ts';
import type { Received } from '../https-server.ts';
import {
  joinApiVersion,
  READ_WRITE_VERBS,
  type ResourceType,
  splitApiVersion,
  SUBRESOURCES,
  VIRTUAL_RESOURCES,
} from './resources.ts';
import { json, noSuchPath } from './status.ts';

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** `/api`, `/apis` and what lies below them: the aggregated form kubectl asks for first, and the old one. */
export function discoveryReply(
  { path, headers }: Received,
  types: readonly ResourceType[],
): Reply | undefined {
  const versions = groupVersions(types);
  const segments = path.split('/').filter((segment) => segment !== '');
  if (path === '/api' || path === '/apis') {
    const core = path === '/api';
    const wanted = versions.filter(({ group }) => (group === '') === core);
    const accept = (headers.accept ?? '').replaceAll(' ', '');
    if (accept.includes('g=apidiscovery.k8s.io') && accept.includes('v=v2;'))
      return aggregated(wanted, types);
    return json(
      200,
      core ? coreVersions() : { kind: 'APIGroupList', apiVersion: 'v1', groups: groups(wanted) },
    );
  }
  if (segments[0] === 'apis' && segments.length === 2) {
    const found = groups(versions).find(({ name }) => name === segments[1]);
    return found ? json(200, { kind: 'APIGroup', apiVersion: 'v1', ...found }) : noSuchPath();
  }
  const apiVersion = segments.slice(1).join('/');
  const isVersion =
    segments[0] === 'api' ? segments.length === 2 : segments[0] === 'apis' && segments.length === 3;
  if (!isVersion) return undefined;
  if (!versions.some((version) => joinApiVersion(version) === apiVersion)) return noSuchPath();
  return json(200, resourceList(apiVersion, types));
}

function groupVersions(types: readonly ResourceType[]): { group: string; version: string }[] {
  const all = [...types.map(joinApiVersion), ...Object.keys(VIRTUAL_RESOURCES)];
  return [...new Set(all)].map(splitApiVersion);
}

function coreVersions(): object {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '127.0.0.1:443' }],
  };
}

function groups(versions: { group: string; version: string }[]): { name: string }[] {
  return [...new Set(versions.map(({ group }) => group))]
    .filter((group) => group !== '')
    .map((name) => {
      const own = versions
        .filter(({ group }) => group === name)
        .map((version) => ({ groupVersion: joinApiVersion(version), version: version.version }));
      return { name, versions: own, preferredVersion: own[0] };
    });
}

function resourceList(apiVersion: string, types: readonly ResourceType[]): object {
  const own = types.filter((type) => joinApiVersion(type) === apiVersion);
  return {
    kind: 'APIResourceList',
    ...(apiVersion !== 'v1' && { apiVersion: 'v1' }),
    groupVersion: apiVersion,
    resources: [
      ...own.flatMap((type) => [
        {
          name: type.plural,
          singularName: type.singular,
          namespaced: type.namespaced,
          kind: type.kind,
          verbs: READ_WRITE_VERBS,
          ...(type.shortNames.length > 0 && { shortNames: type.shortNames }),
          ...(type.categories.length > 0 && { categories: type.categories }),
        },
        ...subresourcesOf(type).map(({ name, kind, verbs }) => ({
          name,
          singularName: '',
          namespaced: type.namespaced,
          kind,
          verbs,
        })),
      ]),
      ...(VIRTUAL_RESOURCES[apiVersion] ?? []).map(({ plural, kind }) => ({
        name: plural,
        singularName: kind.toLowerCase(),
        namespaced: false,
        kind,
        verbs: ['create'],
      })),
    ],
  };
}

function subresourcesOf(type: ResourceType): { name: string; kind: string; verbs: string[] }[] {
  return Object.entries(SUBRESOURCES)
    .filter(([name]) => type.group === '' && name.startsWith(`${type.plural}/`))
    .map(([name, { kind, verbs }]) => ({ name, kind, verbs }));
}

function aggregated(versions: { group: string; version: string }[], types: readonly ResourceType[]): Reply {
  const names = [...new Set(versions.map(({ group }) => group))];
  const items = names.map((group) => ({
    metadata: { ...(group && { name: group }), creationTimestamp: null },
    versions: versions
      .filter((version) => version.group === group)
      .map((version) => ({
        version: version.version,
        resources: aggregatedResources(version, types),
        freshness: 'Current',
      })),
  }));
  const body = { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
  return { ...json(200, body), headers: { 'content-type': AGGREGATED } };
}

function aggregatedResources(
  version: { group: string; version: string },
  types: readonly ResourceType[],
): object[] {
  const { group } = version;
  const own = types.filter((type) => type.group === group && type.version === version.version);
  const responseKind = (kind: string): object => ({ group, version: version.version, kind });
  return [
    ...own.map((type) => ({
      resource: type.plural,
      responseKind: responseKind(type.kind),
      scope: type.namespaced ? 'Namespaced' : 'Cluster',
      singularResource: type.singular,
      verbs: READ_WRITE_VERBS,
      ...(type.shortNames.length > 0 && { shortNames: type.shortNames }),
      ...(type.categories.length > 0 && { categories: type.categories }),
      ...(subresourcesOf(type).length > 0 && {
        subresources: subresourcesOf(type).map(({ name, kind, verbs }) => ({
          subresource: name.split('/')[1],
          responseKind: responseKind(kind),
          verbs,
        })),
      }),
    })),
    ...(VIRTUAL_RESOURCES[joinApiVersion(version)] ?? []).map(({ plural, kind }) => ({
      resource: plural,
      responseKind: responseKind(kind),
      scope: 'Cluster',
      singularResource: kind.toLowerCase(),
      verbs: ['create'],
    })),
  ];
}
