import { ConfigError } from '@canza/core';
import { createPostgresJournal, type PostgresJournal, type PostgresJournalOptions } from './journal.ts';
import { sqlOverPg } from './sql.ts';

/** Where a PostgreSQL server is, and how its journal behaves. */
export interface OpenPostgresJournalOptions extends Omit<PostgresJournalOptions, 'sql'> {
  /** `postgres://user:password@host:5432/database`, with `sslmode` and what else `pg` understands. */
  readonly url: string;
  /** Connections at most. Default 10. */
  readonly maxConnections?: number;
  /** Milliseconds for one connection to be made. Default 2,000. */
  readonly connectTimeoutMs?: number;
}

/** A journal that owns its connections, or its database. */
export interface OpenPostgresJournal extends PostgresJournal {
  /** Ends the connections; calls that are still to be answered are awaited. */
  close(): Promise<void>;
}

/**
 * Opens the journal on a PostgreSQL server. The package `pg` is loaded here and not before. Nothing connects until the first
 * call, or `initialize`.
 * @throws ConfigError when the URL cannot be read, or `pg` is not installed.
 */
export async function openPostgresJournal(options: OpenPostgresJournalOptions): Promise<OpenPostgresJournal> {
  const { url, maxConnections = 10, connectTimeoutMs = 2_000, timeoutMs = 5_000, ...rest } = options;
  if (!URL.canParse(url) || !/^postgres(?:ql)?:$/.test(new URL(url).protocol)) {
    throw new ConfigError({ field: 'url', expected: 'a URL such as "postgres://user:password@host:5432/database"' });
  }
  const { Pool } = await loadPg();
  const pool = new Pool({
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    application_name: 'canza-journal',
    // The journal stops waiting first; this frees a connection that hangs, and the next call gets a fresh one.
    query_timeout: timeoutMs + 1_000,
    statement_timeout: timeoutMs + 1_000,
  });
  // A connection that breaks while it is idle: the pool replaces it, and a call that needs one will tell.
  pool.on('error', () => undefined);
  const journal = createPostgresJournal({ ...rest, timeoutMs, sql: sqlOverPg(pool) });
  return Object.assign(journal, { close: () => pool.end() });
}

async function loadPg() {
  try {
    const { default: pg } = await import('pg');
    return pg;
  } catch (error) {
    throw new ConfigError(
      { field: 'pg', expected: 'the package "pg" to be installed beside @canza/data' },
      { cause: error },
    );
  }
}
