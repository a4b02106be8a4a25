import { listOf, type Row, readTable, TableError } from './table.ts';

const COLUMNS = ['source', 'what it is', 'read'] as const;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MONTH = /^\d{4}(?:-\d{2})?$/;

/** Where a fact comes from, and the day on which that was read. */
export interface Source {
  readonly name: string;
  readonly what: string;
  readonly read: string;
}

export function readSources(text: string): Source[] {
  return readTable('sources.md', text, COLUMNS).map((row) => {
    if (!DAY.test(row.read)) throw new TableError(row.at, `"${row.read}" is no day`);
    return { name: row.source, what: row['what it is'], read: row.read };
  });
}

/** Every row of every table says where it comes from and of when it is. */
export function checkOrigin(row: Row<'source' | 'date'>, sources: readonly Source[]): void {
  const names = listOf(row.source, ',');
  if (names.length === 0) throw new TableError(row.at, 'the source is missing');
  for (const name of names) {
    if (!sources.some((source) => source.name === name)) throw new TableError(row.at, `sources.md has no "${name}"`);
  }
  checkMonth(row.date, row.at);
}

export function checkMonth(text: string, at: string): void {
  if (!MONTH.test(text)) throw new TableError(at, `"${text}" is no month`);
}
