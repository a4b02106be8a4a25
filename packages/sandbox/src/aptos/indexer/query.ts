/** The one table that a query asks, and how. */
export interface TableQuery {
  readonly table: string;
  readonly args: Readonly<Record<string, unknown>>;
}

const TOKEN = /\s*(?:#[^\n]*\n\s*)*("(?:[^"\\]|\\.)*"|\$?\w+|-?\d+|[{}()[\]:=!])[\s,]*/y;

/** Reads the outermost fields of a GraphQL query with their arguments; what is selected of them is left aside. */
export function readTableQueries(query: string, variables: Readonly<Record<string, unknown>>): readonly TableQuery[] {
  const tokens = tokensOf(query);
  let next = tokens.indexOf('{') + 1;
  const peek = (): string | undefined => tokens[next];
  const value = (): unknown => {
    const token = tokens[next++] ?? '';
    if (token.startsWith('$')) return variables[token.slice(1)];
    if (token.startsWith('"')) return JSON.parse(token);
    if (token === '{') return fields('}');
    if (token === '[') {
      const list: unknown[] = [];
      while (peek() !== undefined && peek() !== ']') list.push(value());
      next += 1;
      return list;
    }
    if (/^-?\d+$/.test(token)) return Number(token);
    return token === 'true' ? true : token === 'false' ? false : token === 'null' ? null : token;
  };
  const fields = (end: string): Readonly<Record<string, unknown>> => {
    const all: Record<string, unknown> = {};
    while (peek() !== undefined && peek() !== end) {
      const name = tokens[next] ?? '';
      // The name and the colon behind it.
      next += 2;
      all[name] = value();
    }
    next += 1;
    return all;
  };
  const skipSelection = (): void => {
    for (let depth = 0; next < tokens.length; ) {
      const token = tokens[next++];
      if (token === '{') depth += 1;
      if (token === '}') depth -= 1;
      if (depth === 0) return;
    }
  };
  const queries: TableQuery[] = [];
  while (next > 0 && peek() !== undefined && peek() !== '}') {
    const table = tokens[next++] ?? '';
    let args: Readonly<Record<string, unknown>> = {};
    if (peek() === '(') {
      next += 1;
      args = fields(')');
    }
    if (peek() === '{') skipSelection();
    queries.push({ table, args });
  }
  return queries;
}

/** Up to a character that GraphQL does not have. */
function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) tokens.push(match[1] ?? '');
  return tokens;
}

export type Row = Readonly<Record<string, unknown>>;

/** Rows that a condition lets through, in the order and of the page asked for. */
export function selectRows(rows: Iterable<Row>, args: Readonly<Record<string, unknown>>): readonly Row[] {
  const { where, order_by: order, offset, limit } = args;
  const fitting = [...rows].filter((row) => fits(row, where));
  for (const [column, direction] of orderOf(order).toReversed()) {
    const sign = String(direction).startsWith('desc') ? -1 : 1;
    fitting.sort((one, other) => sign * compare(one[column], other[column]));
  }
  const from = typeof offset === 'number' ? offset : 0;
  return fitting.slice(from, typeof limit === 'number' ? from + limit : undefined);
}

const orderOf = (order: unknown): readonly (readonly [string, unknown])[] =>
  (Array.isArray(order) ? order : [order]).flatMap((each: unknown) =>
    typeof each === 'object' && each !== null ? Object.entries(each) : [],
  );

function fits(row: Row, where: unknown): boolean {
  if (typeof where !== 'object' || where === null) return true;
  return Object.entries(where).every(([name, condition]: [string, unknown]) => {
    if (name === '_and') return (condition as readonly unknown[]).every((each) => fits(row, each));
    if (name === '_or') return (condition as readonly unknown[]).some((each) => fits(row, each));
    if (name === '_not') return !fits(row, condition);
    if (typeof condition !== 'object' || condition === null) return true;
    return Object.entries(condition).every(([operator, operand]: [string, unknown]) =>
      holds(row[name], operator, operand),
    );
  });
}

function holds(value: unknown, operator: string, operand: unknown): boolean {
  switch (operator) {
    case '_eq':
      return compare(value, operand) === 0;
    case '_neq':
      return compare(value, operand) !== 0;
    case '_in':
      return (operand as readonly unknown[]).some((each) => compare(value, each) === 0);
    case '_gt':
      return compare(value, operand) > 0;
    case '_gte':
      return compare(value, operand) >= 0;
    case '_lt':
      return compare(value, operand) < 0;
    case '_lte':
      return compare(value, operand) <= 0;
    default:
      return true;
  }
}

/** Numbers as numbers, whatever they came as. */
function compare(one: unknown, other: unknown): number {
  const [a, b] = [typeof one === 'string' ? one : Number(one), typeof other === 'string' ? other : Number(other)];
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  return Number(a) - Number(b);
}
