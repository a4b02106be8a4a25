import {
  type ArchiveRequest,
  type CallOptions,
  type Claim,
  type ClaimRequest,
  type Clock,
  ConfigError,
  checkFirstVersion,
  checkJournalEntry,
  type HistoryLine,
  type InsertOptions,
  type InsertResult,
  type Journal,
  type JournalEntry,
  JournalError,
  type ListPage,
  type ListRequest,
  type Logger,
  type ReplaceOptions,
  type ReplaceResult,
  silentLogger,
  systemClock,
  withDeadline,
} from '@canza/core';
import { formatPosition, parsePosition } from '../journal/list-position.ts';
import { journalFailure, violates } from './failure.ts';
import { CURRENT_VERSION, migrate, parseSchemaName, schemaVersion } from './migrations.ts';
import { entryOf, entryValues, historyLineOf, noteValue } from './rows.ts';
import { checkServer } from './server-check.ts';
import type { Sql, SqlRow, SqlStatement, SqlValue } from './sql.ts';
import { type JournalStatements, journalStatements, ONE_HOLDER } from './statements.ts';

/** What a journal on PostgreSQL is made of. */
export interface PostgresJournalOptions {
  /** Of a `pg` pool: `sqlOverPg(pool)`; of a PGlite: `sqlOverPglite(database)`. It stays the caller's to close. */
  readonly sql: Sql;
  /** The schema that holds the tables. Default `canza_journal`. */
  readonly schema?: string;
  /** Whether a missing or older schema is brought up to date. Default true; false refuses to start instead. */
  readonly migrate?: boolean;
  /** `development` accepts a server that may lose acknowledged writes. Default `required`. */
  readonly durability?: 'required' | 'development';
  /** Milliseconds that a call may take where it does not say. Default 5,000. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** A journal on PostgreSQL, which looks at its server before it believes it. */
export interface PostgresJournal extends Journal {
  /**
   * Checks the server and brings the schema up to date. The first call does the same; this is for a clear error at the start.
   * @throws ConfigError when the server could lose a payment, naming the setting and how to change it.
   * @throws JournalError when it cannot be reached.
   */
  initialize(options?: CallOptions): Promise<void>;
}

/**
 * The journal on PostgreSQL, a server or an embedded one. Each change is one statement: one round trip, one transaction.
 * @throws ConfigError when the name of the schema cannot be used.
 */
export const createPostgresJournal = (options: PostgresJournalOptions): PostgresJournal => new SqlJournal(options);

/** How often a write is tried again whose reference another entry held, and then did not. */
const REFERENCE_RACES = 3;

class SqlJournal implements PostgresJournal {
  readonly #sql: Sql;
  readonly #schema: string;
  readonly #statements: JournalStatements;
  readonly #mayMigrate: boolean;
  readonly #durability: 'required' | 'development';
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #prepared: Promise<void> | undefined;
  #isPrepared = false;

  constructor(options: PostgresJournalOptions) {
    this.#sql = options.sql;
    this.#schema = parseSchemaName(options.schema ?? 'canza_journal');
    this.#statements = journalStatements(this.#schema);
    this.#mayMigrate = options.migrate ?? true;
    this.#durability = options.durability ?? 'required';
    this.#timeoutMs = options.timeoutMs ?? 5_000;
    this.#clock = options.clock ?? systemClock;
    this.#logger = options.logger ?? silentLogger;
  }

  async initialize(options?: CallOptions): Promise<void> {
    try {
      await this.#within('The preparation of the journal', 'no', options, () => this.#prepare());
    } catch (error) {
      throw error instanceof ConfigError ? error : journalFailure('The preparation of the journal', error, false);
    }
  }

  async insert(entry: JournalEntry, note: string, options?: InsertOptions): Promise<InsertResult> {
    checkFirstVersion(entry);
    const values = [...entryValues(entry), noteValue(note)];
    const written = await this.#write('An insert', this.#statements.insert, entry, values, options);
    if (written === true) return { outcome: 'written' };
    if (written !== false) return { outcome: 'reference-taken', reference: written };
    const standing = await this.read(entry.kind, entry.id, options);
    if (standing === undefined) throw new JournalError('The entry was there, and then was not: insert it again.', 'no');
    return { outcome: 'exists', entry: standing };
  }

  async replace(entry: JournalEntry, note: string, options: ReplaceOptions = {}): Promise<ReplaceResult> {
    checkJournalEntry(entry);
    const { fence, keepLease = false } = options;
    const values = [...entryValues(entry), noteValue(note), fence ?? null, keepLease];
    const written = await this.#write('A replace', this.#statements.replace, entry, values, options);
    if (written === true) return { outcome: 'written' };
    if (written !== false) return { outcome: 'reference-taken', reference: written };
    const [standing] = await this.#run('A read', this.#statements.read, [entry.kind, entry.id], false, options);
    if (standing === undefined) return { outcome: 'conflict', entry: undefined };
    if (fence !== undefined && Number(standing['fence']) !== fence) return { outcome: 'fenced' };
    return { outcome: 'conflict', entry: entryOf(standing) };
  }

  async read(kind: string, id: string, options?: CallOptions): Promise<JournalEntry | undefined> {
    const [row] = await this.#run('A read', this.#statements.read, [kind, id], false, options);
    return row === undefined ? undefined : entryOf(row);
  }

  async findByReference(kind: string, reference: string, options?: CallOptions): Promise<JournalEntry | undefined> {
    const [row] = await this.#run('A search', this.#statements.findByReference, [kind, reference], false, options);
    return row === undefined ? undefined : entryOf(row);
  }

  async claimDue(request: ClaimRequest, options?: CallOptions): Promise<readonly Claim[]> {
    const { kind, nowMs, leaseMs, limit, owner } = request;
    const values = [kind, nowMs, nowMs + leaseMs, limit, noteValue(owner)];
    const rows = await this.#run('A claim', this.#statements.claimDue, values, true, options);
    return rows
      .map((row) => ({ entry: entryOf(row), fence: Number(row['fence']) }))
      .toSorted(({ entry: left }, { entry: right }) => (left.dueAtMs ?? 0) - (right.dueAtMs ?? 0));
  }

  async release(kind: string, id: string, fence: number, options?: CallOptions): Promise<void> {
    await this.#run('A release', this.#statements.release, [kind, id, fence], true, options);
  }

  async list(request: ListRequest, options?: CallOptions): Promise<ListPage> {
    const after = request.cursor === undefined ? undefined : parsePosition(request.cursor);
    const { statement, values } = this.#statements.list(request, after);
    const rows = await this.#run('A list', statement, values, false, options);
    const entries = rows.slice(0, request.limit).map(entryOf);
    const last = entries.at(-1);
    return rows.length > request.limit && last !== undefined ? { entries, cursor: formatPosition(last) } : { entries };
  }

  async history(kind: string, id: string, options?: CallOptions): Promise<readonly HistoryLine[]> {
    return (await this.#run('A history', this.#statements.history, [kind, id], false, options)).map(historyLineOf);
  }

  async archive(request: ArchiveRequest, options?: CallOptions): Promise<number> {
    const { kind, states, updatedBeforeMs, limit } = request;
    const values = [kind, states, updatedBeforeMs, limit];
    const [row] = await this.#run('An archiving', this.#statements.archive, values, true, options);
    return Number(row?.['moved'] ?? 0);
  }

  async forget(kind: string, ids: readonly string[], options?: CallOptions): Promise<number> {
    const [row] = await this.#run('A forgetting', this.#statements.forget, [kind, ids], true, options);
    return Number(row?.['gone'] ?? 0);
  }

  /** Whether it was written; or the reference that another entry holds. */
  async #write(
    what: string,
    statement: SqlStatement,
    { kind, id, references }: JournalEntry,
    values: readonly SqlValue[],
    options: CallOptions | undefined,
  ): Promise<boolean | string> {
    for (let race = 0; race < REFERENCE_RACES; race++) {
      try {
        // Again only when what refused the write is gone.
        // oxlint-disable-next-line no-await-in-loop
        const [row] = await this.#run(what, statement, values, true, options, ONE_HOLDER);
        return Number(row?.['written'] ?? 0) === 1;
      } catch (error) {
        if (error instanceof JournalError) throw error;
      }
      const search = [kind, id, references];
      // oxlint-disable-next-line no-await-in-loop
      const [taken] = await this.#run('A search', this.#statements.firstTaken, search, false, options);
      if (taken !== undefined) return taken['reference'] as string;
    }
    throw new JournalError(`${what} met references that change hands.`, 'no');
  }

  /** @throws JournalError, or the driver's error where `expected` names the constraint that was violated. */
  async #run(
    what: string,
    statement: SqlStatement,
    values: readonly SqlValue[],
    isWrite: boolean,
    options: CallOptions | undefined,
    expected?: string,
  ): Promise<readonly SqlRow[]> {
    let isSent = false;
    try {
      return await this.#within(what, isWrite ? 'maybe' : 'no', options, async (signal) => {
        if (!this.#isPrepared) await this.#prepare();
        if (signal.aborted) return [];
        isSent = true;
        return this.#sql(statement, values);
      });
    } catch (error) {
      if (expected !== undefined && violates(error, expected)) throw error;
      throw journalFailure(what, error, isWrite && isSent);
    }
  }

  #within<T>(
    what: string,
    moneyMoved: 'no' | 'maybe',
    options: CallOptions | undefined,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { timeoutMs = this.#timeoutMs, signal } = options ?? {};
    return withDeadline(
      this.#clock,
      { timeoutMs, what, moneyMoved, ...(signal === undefined ? {} : { signal }) },
      work,
    );
  }

  /** Once for the journal's life; after a failure the next call tries again. */
  async #prepare(): Promise<void> {
    this.#prepared ??= this.#checkAndMigrate();
    try {
      await this.#prepared;
      this.#isPrepared = true;
    } catch (error) {
      this.#prepared = undefined;
      throw error;
    }
  }

  async #checkAndMigrate(): Promise<void> {
    await checkServer(this.#sql, { durability: this.#durability, logger: this.#logger });
    if (this.#mayMigrate) await migrate(this.#sql, this.#schema);
    else await refuseOldSchema(this.#sql, this.#schema);
  }
}

async function refuseOldSchema(sql: Sql, schema: string): Promise<void> {
  const standing = await schemaVersion(sql, schema);
  if (standing >= CURRENT_VERSION) return;
  const expected = `at version ${CURRENT_VERSION}, and it stands at ${standing}: let a process with migrate: true start first`;
  throw new ConfigError({ field: `PostgreSQL schema ${schema}`, expected });
}
