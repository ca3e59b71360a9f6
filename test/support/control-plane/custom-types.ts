import type { StoredObject } from '../kubernetes/objects.ts';

interface Definition {
  readonly metadata: StoredObject['metadata'];
  readonly spec: {
    readonly group: string;
    readonly scope?: string;
    readonly names: { readonly kind: string; readonly plural: string; readonly singular?: string };
    readonly versions: readonly { readonly name: string; readonly served?: boolean }[];
  };
}

/** Anything goes: what fixtures hold of custom resources is a part of them. */
const SCHEMA = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };

/** A definition written in short, as it stands when the API server has accepted it. */
export function acceptedDefinition(object: StoredObject): StoredObject {
  const { spec, ...rest } = object as StoredObject & Definition;
  const { kind, plural, singular = kind.toLowerCase() } = spec.names;
  const names = { ...spec.names, kind, plural, singular, listKind: `${kind}List` };
  const condition = (type: string): object => ({
    type,
    status: 'True',
    reason: 'Accepted',
    message: '',
    lastTransitionTime: rest.metadata.creationTimestamp,
  });
  return {
    ...rest,
    spec: {
      scope: 'Namespaced',
      conversion: { strategy: 'None' },
      ...spec,
      names,
      versions: spec.versions.map((version, index) => ({
        served: true,
        storage: index === 0,
        schema: SCHEMA,
        ...version,
      })),
    },
    status: {
      acceptedNames: names,
      storedVersions: [spec.versions[0]?.name],
      conditions: [condition('NamesAccepted'), condition('Established')],
    },
  };
}

/** The paths at which the resources of a definition are served. */
export function pathsOf(object: StoredObject): string[] {
  const { group, names, versions } = (object as StoredObject & Definition).spec;
  return versions
    .filter(({ served }) => served !== false)
    .map(({ name }) => `/apis/${group}/${name}/${names.plural}`);
}
