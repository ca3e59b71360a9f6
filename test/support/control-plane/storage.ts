import type { StoredObject } from '../kubernetes/objects.ts';
import type { ResourceType } from '../kubernetes/resources.ts';
import { storedVersion } from './assets.ts';

/** Kinds whose place in etcd is not their plural. */
const PLACES: Readonly<Record<string, string>> = {
  nodes: 'minions',
  services: 'services/specs',
  endpoints: 'services/endpoints',
  customresourcedefinitions: 'apiextensions.k8s.io/customresourcedefinitions',
};

/** Where the API server keeps an object in etcd. */
export function storageKey(type: ResourceType, { metadata }: StoredObject): string {
  const place = type.custom ? `${type.group}/${type.plural}` : (PLACES[type.plural] ?? type.plural);
  const { namespace, name } = metadata;
  return ['/registry', place, ...(namespace === undefined ? [] : [namespace]), name].join('/');
}

/** An object as it is stored: JSON, which the API server reads besides its own encoding. */
export function storageValue({ metadata, ...object }: StoredObject): string {
  // The version is etcd's own.
  const { resourceVersion: _resourceVersion, ...kept } = metadata;
  return JSON.stringify({ ...object, apiVersion: storedVersion(object), metadata: kept });
}
