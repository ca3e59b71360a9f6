/**
 * As much of the query language of Resource Graph as one-table look-ups need. Whatever is not understood is a
 * syntax error, never a silently wrong answer.
 */

export type Row = Record<string, unknown>;
type Expression = (row: Row) => unknown;

export class KustoSyntaxError extends Error {}

const TOKEN =
  /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(\d+)|(!in~|!in\b|in~|[A-Za-z_][\w-]*|=~|!~|==|!=|<=|>=|[|=()[\].,<>]))/y;

const COMPARISONS: Record<string, (left: string, right: string) => boolean> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '=~': (left, right) => left.toLowerCase() === right.toLowerCase(),
  '!~': (left, right) => left.toLowerCase() !== right.toLowerCase(),
  contains: (left, right) => left.toLowerCase().includes(right.toLowerCase()),
  has: (left, right) => left.toLowerCase().includes(right.toLowerCase()),
  startswith: (left, right) => left.toLowerCase().startsWith(right.toLowerCase()),
  endswith: (left, right) => left.toLowerCase().endsWith(right.toLowerCase()),
};

const FUNCTIONS: Record<string, (value: unknown) => unknown> = {
  tostring: text,
  tolower: (value) => text(value).toLowerCase(),
  toupper: (value) => text(value).toUpperCase(),
  isempty: (value) => text(value) === '',
  isnotempty: (value) => text(value) !== '',
  isnull: (value) => value === null || value === undefined,
  isnotnull: (value) => value !== null && value !== undefined,
  not: (value) => value !== true,
  tobool: (value) => value === true || text(value) === 'true',
};

/** Runs `Table | where … | project …` on the tables given, by lower-case name. */
export function runQuery(query: string, tables: Record<string, Row[]>): Row[] {
  const parser = new Parser(query);
  const name = parser.word();
  const table = tables[name.toLowerCase()];
  if (!table) throw new KustoSyntaxError(`no table ${name}`);
  let rows = table;
  while (parser.accept('|')) rows = step(parser, rows);
  parser.end();
  return rows;
}

function step(parser: Parser, rows: Row[]): Row[] {
  const operator = parser.word();
  switch (operator) {
    case 'where': {
      const condition = parser.expression();
      return rows.filter((row) => condition(row) === true);
    }
    case 'project':
    case 'extend': {
      const columns = parser.columns();
      return rows.map((row) => ({
        ...(operator === 'extend' && row),
        ...Object.fromEntries(columns.map(([name, value]) => [name, value(row)])),
      }));
    }
    case 'take':
    case 'limit':
      return rows.slice(0, parser.number());
    case 'order':
    case 'sort': {
      parser.expect('by');
      const key = parser.expression();
      const descending = !parser.accept('asc');
      if (descending) parser.accept('desc');
      const sorted = rows.toSorted((a, b) => (text(key(a)) < text(key(b)) ? -1 : 1));
      return descending ? sorted.toReversed() : sorted;
    }
    default:
      throw new KustoSyntaxError(`operator ${operator}`);
  }
}

class Parser {
  readonly #tokens: string[] = [];
  #at = 0;

  constructor(query: string) {
    TOKEN.lastIndex = 0;
    let end = 0;
    while (query.slice(end).trim() !== '') {
      const match = TOKEN.exec(query);
      if (!match) throw new KustoSyntaxError(`at "${query.slice(end, end + 20)}"`);
      this.#tokens.push(match[0].trim());
      end = TOKEN.lastIndex;
    }
  }

  accept(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  expect(token: string): void {
    if (!this.accept(token))
      throw new KustoSyntaxError(`expected ${token} at "${this.#tokens[this.#at] ?? 'the end'}"`);
  }

  end(): void {
    if (this.#at < this.#tokens.length) throw new KustoSyntaxError(`at "${this.#tokens[this.#at]}"`);
  }

  word(): string {
    const token = this.#tokens[this.#at++] ?? '';
    if (!/^[A-Za-z_]/.test(token)) throw new KustoSyntaxError(`expected a name at "${token}"`);
    return token;
  }

  number(): number {
    return Number(this.#tokens[this.#at++]);
  }

  columns(): [string, Expression][] {
    const columns: [string, Expression][] = [];
    do {
      const name = this.word();
      if (this.accept('=')) {
        columns.push([name, this.expression()]);
      } else {
        const path = this.path(name);
        columns.push([path.join('_'), (row) => follow(row, path)]);
      }
    } while (this.accept(','));
    return columns;
  }

  expression(): Expression {
    let left = this.conjunction();
    while (this.accept('or')) {
      const [first, second] = [left, this.conjunction()];
      left = (row) => first(row) === true || second(row) === true;
    }
    return left;
  }

  conjunction(): Expression {
    let left = this.comparison();
    while (this.accept('and')) {
      const [first, second] = [left, this.comparison()];
      left = (row) => first(row) === true && second(row) === true;
    }
    return left;
  }

  comparison(): Expression {
    const left = this.operand();
    const operator = this.#tokens[this.#at] ?? '';
    const compare = COMPARISONS[operator];
    if (compare) {
      this.#at += 1;
      const right = this.operand();
      return (row) => compare(text(left(row)), text(right(row)));
    }
    if (['in', 'in~', '!in', '!in~'].includes(operator)) {
      this.#at += 1;
      const values = this.list();
      const equal = operator.endsWith('~') ? '=~' : '==';
      const wanted = !operator.startsWith('!');
      return (row) =>
        values.some((value) => COMPARISONS[equal]?.(text(left(row)), text(value(row)))) === wanted;
    }
    return left;
  }

  list(): Expression[] {
    this.expect('(');
    const values: Expression[] = [];
    do values.push(this.expression());
    while (this.accept(','));
    this.expect(')');
    return values;
  }

  operand(): Expression {
    const token = this.#tokens[this.#at] ?? '';
    if (/^["']/.test(token)) {
      this.#at += 1;
      const value = token.slice(1, -1).replace(/\\(.)/g, '$1');
      return () => value;
    }
    if (/^\d/.test(token))
      return (
        (value) => () =>
          value
      )(this.number());
    if (token === '(') return this.list()[0] ?? ((): undefined => undefined);
    const name = this.word();
    if (name === 'true' || name === 'false') return () => name === 'true';
    if (this.#tokens[this.#at] === '(') {
      const call = FUNCTIONS[name];
      const [argument] = this.list();
      if (!call || !argument) throw new KustoSyntaxError(`function ${name}`);
      return (row) => call(argument(row));
    }
    const path = this.path(name);
    return (row) => follow(row, path);
  }

  path(first: string): string[] {
    const path = [first];
    for (;;) {
      if (this.accept('.')) path.push(this.word());
      else if (this.accept('[')) {
        path.push((this.#tokens[this.#at++] ?? '').replace(/^["']|["']$/g, ''));
        this.expect(']');
      } else return path;
    }
  }
}

function follow(row: Row, path: string[]): unknown {
  return path.reduce<unknown>((value, step) => (value as Row | null | undefined)?.[step], row);
}

function text(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
