// Imported only by `await import()`, and only through here: as a bundle contains the CommonJS build of the
// library, a dynamic import of the library itself would have no named exports there.
export { isMap, isNode, isSeq, LineCounter, parseAllDocuments, parseDocument, stringify } from 'yaml';
