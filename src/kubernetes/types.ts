/**
 * The parts of Kubernetes objects that wi-doctor reads, as plain JSON.
 *
 * The client library's own models turn timestamps into `Date`; these keep what the API server sent, so that
 * a bundle on disk and an answer off the wire are the same value. Everything is optional that an API server,
 * a dump or an odd admission controller may leave out.
 */

export type * from './access-types.ts';
export type * from './cluster-types.ts';
export type * from './object-types.ts';
export type * from './operator-types.ts';
export type * from './pod-types.ts';
export type * from './webhook-types.ts';
export type * from './workload-types.ts';
