/** One statement, and a name that stands for exactly this text, so that a server may keep it prepared. */
export interface SqlStatement {
  readonly name: string;
  readonly text: string;
}

/** What a statement takes in the place of `$1`. */
export type SqlValue = string | number | boolean | null | readonly string[];

/** A row of an answer, by column. */
export type SqlRow = Readonly<Record<string, unknown>>;

/**
 * All that the journal needs of PostgreSQL: one statement at a time, each a transaction of its own.
 * Rejects with the server's error, `code` being its SQLSTATE, or with whatever the driver says of the connection.
 */
export type Sql = (statement: SqlStatement, values: readonly SqlValue[]) => Promise<readonly SqlRow[]>;

/** The part of a `pg` Pool (or Client) that is used. */
export interface PgLike {
  query(config: { name: string; text: string; values: unknown[] }): Promise<{ rows: unknown[] }>;
}

/** The part of PGlite that is used. */
export interface PgliteLike {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** Statements by way of `pg`, prepared once a connection. */
export const sqlOverPg =
  (pool: PgLike): Sql =>
  async ({ name, text }, values) =>
    (await pool.query({ name, text, values: [...values] })).rows as SqlRow[];

/** Statements by way of an embedded PostgreSQL. */
export const sqlOverPglite =
  (database: PgliteLike): Sql =>
  async ({ text }, values) =>
    (await database.query(text, [...values])).rows as SqlRow[];
