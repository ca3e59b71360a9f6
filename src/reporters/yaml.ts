import { Document, Scalar, visit } from 'yaml';
import { printable } from '../printable.ts';

/**
 * The JSON document as YAML.
 *
 * Strings with characters that a terminal would act on are double-quoted, where YAML has escapes for them.
 */
export function renderYaml(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && printable(node.value) !== node.value) {
        node.type = Scalar.QUOTE_DOUBLE;
      }
    },
  });
  return document.toString({ lineWidth: 0 }).split('\n').map(printable).join('\n');
}
