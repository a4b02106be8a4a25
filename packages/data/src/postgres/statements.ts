import { type ListRequest, sha256Hex } from '@canza/core';
import type { ListPosition } from '../journal/list-position.ts';
import type { SqlStatement, SqlValue } from './sql.ts';

/** The unique constraint that refuses a reference which another entry holds. */
export const ONE_HOLDER = 'holders_one_each';

const COLUMNS = 'kind, id, version, state, due_at, refs, tags, created_at, updated_at, body, body_text';

const named = (text: string): SqlStatement => ({ name: `canza_${sha256Hex(text).slice(0, 24)}`, text });

export type JournalStatements = ReturnType<typeof journalStatements>;

/**
 * The journal's statements. Each change is one of them, and one statement is one transaction: all of it happens or nothing.
 * Parameters 1 to 11 of the two writes are the columns of an entry, 12 is the note.
 */
export function journalStatements(schema: string) {
  const entries = `${schema}.entries`;
  const history = `${schema}.history`;
  const holders = `${schema}.holders`;
  const line = `line AS (
      INSERT INTO ${history} (kind, id, version, at, state, note)
      SELECT kind, id, version, updated_at, state, $12 FROM written
    )`;
  // In order, so that two writers who want the same references meet at the first and do not lock each other out.
  const wanted = 'written CROSS JOIN (SELECT DISTINCT unnest($6::text[]) AS reference ORDER BY 1) AS wanted';
  return {
    insert: named(`WITH written AS (
      INSERT INTO ${entries} (${COLUMNS})
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11)
      ON CONFLICT (kind, id) DO NOTHING
      RETURNING kind, id, version, state, updated_at
    ), ${line}, held AS (
      INSERT INTO ${holders} (kind, reference, id) SELECT kind, wanted.reference, id FROM ${wanted}
    ) SELECT count(*)::int AS written FROM written`),

    /** 13 is the fence or null, 14 whether the lease is kept. */
    replace: named(`WITH written AS (
      UPDATE ${entries} SET version = $3, state = $4, due_at = $5, refs = $6, tags = $7, created_at = $8,
        updated_at = $9, body = $10::jsonb, body_text = $11, archived = false,
        lease_until = CASE WHEN $13::bigint IS NULL OR $14::boolean THEN lease_until END,
        lease_owner = CASE WHEN $13::bigint IS NULL OR $14::boolean THEN lease_owner END
      WHERE kind = $1 AND id = $2 AND version = $3::integer - 1 AND ($13::bigint IS NULL OR fence = $13::bigint)
      RETURNING kind, id, version, state, updated_at
    ), ${line}, held AS (
      INSERT INTO ${holders} (kind, reference, id) SELECT kind, wanted.reference, id FROM ${wanted}
      WHERE NOT EXISTS (
        SELECT FROM ${holders} AS own
        WHERE own.kind = written.kind AND own.reference = wanted.reference AND own.id = written.id
      )
    ) SELECT count(*)::int AS written FROM written`),

    read: named(`SELECT ${COLUMNS}, fence FROM ${entries} WHERE kind = $1 AND id = $2`),

    findByReference: named(`SELECT ${COLUMNS} FROM ${entries} WHERE kind = $1
      AND id = (SELECT id FROM ${holders} WHERE kind = $1 AND reference = $2)`),

    /** The first of the references that another entry holds. */
    firstTaken: named(`SELECT wanted.reference FROM unnest($3::text[]) WITH ORDINALITY AS wanted (reference, position)
      JOIN ${holders} AS holder ON holder.kind = $1 AND holder.reference = wanted.reference AND holder.id <> $2
      ORDER BY wanted.position LIMIT 1`),

    /** 1 kind, 2 now, 3 end of the lease, 4 limit, 5 owner. What another process is just claiming is passed over. */
    claimDue: named(`WITH due AS (
      SELECT id FROM ${entries}
      WHERE kind = $1 AND due_at <= $2 AND (lease_until IS NULL OR lease_until <= $2)
      ORDER BY due_at, id LIMIT $4 FOR UPDATE SKIP LOCKED
    ) UPDATE ${entries} AS entry SET fence = nextval('${schema}.fences'), lease_until = $3, lease_owner = $5
      FROM due WHERE entry.kind = $1 AND entry.id = due.id
      RETURNING ${COLUMNS.replaceAll(/\w+/g, 'entry.$&')}, entry.fence`),

    release: named(`UPDATE ${entries} SET lease_until = NULL, lease_owner = NULL
      WHERE kind = $1 AND id = $2 AND fence = $3 AND lease_until IS NOT NULL`),

    history: named(`SELECT version, at, state, note FROM ${history} WHERE kind = $1 AND id = $2 ORDER BY version`),

    archive: named(`WITH old AS (
      SELECT id FROM ${entries}
      WHERE kind = $1 AND NOT archived AND state = ANY ($2) AND due_at IS NULL AND updated_at < $3
      ORDER BY created_at, id LIMIT $4 FOR UPDATE
    ), moved AS (
      UPDATE ${entries} AS entry SET archived = true FROM old WHERE entry.kind = $1 AND entry.id = old.id RETURNING 1
    ) SELECT count(*)::int AS moved FROM moved`),

    forget: named(`WITH gone AS (
      DELETE FROM ${entries} WHERE kind = $1 AND id = ANY ($2) AND archived RETURNING kind, id
    ), notes AS (
      DELETE FROM ${history} AS line USING gone WHERE line.kind = gone.kind AND line.id = gone.id
    ), held AS (
      DELETE FROM ${holders} AS holder USING gone WHERE holder.kind = gone.kind AND holder.id = gone.id
    ) SELECT count(*)::int AS gone FROM gone`),

    list: (request: ListRequest, after: ListPosition | undefined) => listStatement(entries, request, after),
  };
}

/** Only the conditions that are asked for stand in the text, so that each has the index that fits it. One row more than asked for. */
function listStatement(
  entries: string,
  { kind, state, tag, createdFromMs, createdBeforeMs, archived = false, limit }: ListRequest,
  after: ListPosition | undefined,
): { readonly statement: SqlStatement; readonly values: readonly SqlValue[] } {
  const values: SqlValue[] = [kind];
  const conditions = ['kind = $1', archived ? 'archived' : 'NOT archived'];
  const where = (condition: string, ...parameters: SqlValue[]): void => {
    let position = values.length;
    conditions.push(condition.replaceAll('?', () => `$${++position}`));
    values.push(...parameters);
  };
  if (state !== undefined) where('state = ?', state);
  if (tag !== undefined) where('tags @> ARRAY[?::text]', tag);
  if (createdFromMs !== undefined) where('created_at >= ?', createdFromMs);
  if (createdBeforeMs !== undefined) where('created_at < ?', createdBeforeMs);
  if (after !== undefined) where('(created_at, id) > (?::bigint, ?)', after.createdAtMs, after.id);
  values.push(limit + 1);
  const text = `SELECT ${COLUMNS} FROM ${entries} WHERE ${conditions.join(' AND ')}
      ORDER BY created_at, id LIMIT $${values.length}`;
  return { statement: named(text), values };
}
