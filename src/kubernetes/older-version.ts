/** Kinds that an API server before 1.21 serves under another version only; nothing that is read of them differs. */
const OLDER: readonly (readonly [now: RegExp, older: string])[] = [
  [/^\/apis\/batch\/v1\/(?=(?:namespaces\/[^/]+\/)?cronjobs(?:\/|$))/, '/apis/batch/v1beta1/'],
  [
    /^\/apis\/discovery\.k8s\.io\/v1\/(?=(?:namespaces\/[^/]+\/)?endpointslices(?:\/|$))/,
    '/apis/discovery.k8s.io/v1beta1/',
  ],
];

/** Where an old API server has what it does not serve at a path; undefined where no release ever had it elsewhere. */
export function olderPath(path: string): string | undefined {
  const found = OLDER.find(([now]) => now.test(path));
  return found && path.replace(found[0], found[1]);
}
