/** `@canza/data/postgres`: the journal on PostgreSQL, as a server or embedded. `pg` and PGlite are loaded when one is opened. */

export { createPostgresJournal, type PostgresJournal, type PostgresJournalOptions } from './journal.ts';
export { type OpenEmbeddedJournalOptions, openEmbeddedJournal } from './open-embedded.ts';
export { type OpenPostgresJournal, type OpenPostgresJournalOptions, openPostgresJournal } from './open-server.ts';
export {
  type PgLike,
  type PgliteLike,
  type Sql,
  type SqlRow,
  type SqlStatement,
  type SqlValue,
  sqlOverPg,
  sqlOverPglite,
} from './sql.ts';
