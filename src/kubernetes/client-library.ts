// The part of the client library that we use: its reading of clusters and users, and what it makes of them for
// TLS, tokens and proxies. Its index would bring all models and a fetch of its own, at twenty times the time.
export { KubeConfig } from '@kubernetes/client-node/dist/config.js';
export { newClusters, newUsers } from '@kubernetes/client-node/dist/config_types.js';
