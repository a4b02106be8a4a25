/** Reads the first table of a Markdown file: the source tables of the operator directory are kept in that form. */

export type Row<Column extends string> = Readonly<Record<Column, string>> & {
  /** Where a person finds it: `operators.md:24`. */
  readonly at: string;
};

/** What is wrong with a source table, with file and line. */
export class TableError extends Error {
  constructor(at: string, problem: string) {
    super(`${at}: ${problem}`);
    this.name = 'TableError';
  }
}

/** What a cell says when there is nothing to say. */
const EMPTY = '–';

/** Cells come without the marks of code; a dash becomes an empty text. */
export function readTable<Column extends string>(
  file: string,
  text: string,
  columns: readonly Column[],
): Row<Column>[] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith('|'));
  if (start < 0) throw new TableError(file, 'there is no table');
  const head = cells(lines[start] ?? '');
  if (head.join(' | ') !== columns.join(' | ')) {
    throw new TableError(`${file}:${start + 1}`, `the columns should be: ${columns.join(', ')}`);
  }
  const rows: Row<Column>[] = [];
  for (let index = start + 2; lines[index]?.startsWith('|'); index += 1) {
    const at = `${file}:${index + 1}`;
    const values = cells(lines[index] ?? '');
    if (values.length !== columns.length) {
      throw new TableError(at, `${columns.length} cells are expected, here are ${values.length}`);
    }
    const pairs = columns.map((column, place) => [column, values[place] === EMPTY ? '' : values[place]]);
    rows.push({ ...Object.fromEntries(pairs), at });
  }
  return rows;
}

const cells = (line: string): string[] =>
  line
    .replace(/^\|/, '')
    .replace(/\|\s*$/, '')
    .split('|')
    .map((cell) => cell.replaceAll('`', '').trim());

/** A cell of several values. */
export const listOf = (cell: string, separator: string | RegExp = ' '): string[] =>
  cell
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** A cell that allows a few words only. */
export function oneOf(cell: string, words: readonly string[], at: string): string {
  if (!words.includes(cell)) throw new TableError(at, `"${cell}" is none of ${words.join(', ')}`);
  return cell;
}

/** Notes where a value stands, and refuses it when it stood somewhere before. */
export function once(seen: Map<string, string>, value: string, at: string): void {
  const before = seen.get(value);
  if (before !== undefined) throw new TableError(at, `"${value}" stands in ${before} already`);
  seen.set(value, at);
}
