import type { HistoryLine, JournalEntry } from '@canza/core';
import type { SqlRow, SqlValue } from './sql.ts';

/** What jsonb refuses: an escaped NUL, half a surrogate pair. May also match an escaped backslash, which does no harm. */
const UNFIT_FOR_JSONB = /\\u0000|\\ud[89a-f]/;

/** An entry as the first eleven parameters of a write. */
export function entryValues(entry: JournalEntry): SqlValue[] {
  const { kind, id, version, state, dueAtMs, references, tags, createdAtMs, updatedAtMs } = entry;
  const body = JSON.stringify(entry.body) ?? 'null';
  const fits = !UNFIT_FOR_JSONB.test(body);
  const columns = [kind, id, version, state, dueAtMs, references, tags, createdAtMs, updatedAtMs];
  return [...columns, fits ? body : null, fits ? null : body];
}

/** A row of the entries. Drivers give 64-bit numbers as text or as numbers; ours all fit a number. */
export function entryOf(row: SqlRow): JournalEntry {
  const bodyText = row['body_text'];
  return {
    kind: row['kind'] as string,
    id: row['id'] as string,
    version: row['version'] as number,
    state: row['state'] as string,
    dueAtMs: row['due_at'] === null ? null : Number(row['due_at']),
    references: row['refs'] as string[],
    tags: row['tags'] as string[],
    createdAtMs: Number(row['created_at']),
    updatedAtMs: Number(row['updated_at']),
    body: typeof bodyText === 'string' ? (JSON.parse(bodyText) as unknown) : row['body'],
  };
}

export const historyLineOf = (row: SqlRow): HistoryLine => ({
  version: row['version'] as number,
  atMs: Number(row['at']),
  state: row['state'] as string,
  note: row['note'] as string,
});

/** A note is for people: what a text column cannot hold is replaced. */
export const noteValue = (note: string): string => note.replaceAll('\0', '\ufffd').toWellFormed();
