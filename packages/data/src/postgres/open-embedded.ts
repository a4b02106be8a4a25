import { join } from 'node:path';
import { ConfigError } from '@canza/core';
import { lockFolder } from './folder-lock.ts';
import { createPostgresJournal, type PostgresJournalOptions } from './journal.ts';
import type { OpenPostgresJournal } from './open-server.ts';
import { sqlOverPglite } from './sql.ts';
import { createSyncedFiles, durableParameters } from './synced-files.ts';

/** Where an embedded database lives, and how its journal behaves. */
export interface OpenEmbeddedJournalOptions extends Omit<PostgresJournalOptions, 'sql'> {
  /** Where the database lives; made when it is not there. One process at a time. */
  readonly folder: string;
}

/**
 * Opens the journal on an embedded PostgreSQL: durable, and no server to run. For one process; several need a server.
 * The package `@electric-sql/pglite` is loaded here and not before; starting takes two to three seconds.
 * @throws ConfigError when another process has the folder, or the package is not installed.
 */
export async function openEmbeddedJournal(options: OpenEmbeddedJournalOptions): Promise<OpenPostgresJournal> {
  const { folder, ...rest } = options;
  const { PGlite, NodeFS } = await loadPglite();
  const unlock = lockFolder(folder);
  try {
    const database = await PGlite.create({
      fs: createSyncedFiles(NodeFS, join(folder, 'data')),
      startParams: durableParameters(PGlite.defaultStartParams),
    });
    const journal = createPostgresJournal({ ...rest, sql: sqlOverPglite(database) });
    let closing: Promise<void> | undefined;
    const close = async (): Promise<void> => {
      closing ??= database.close().finally(unlock);
      await closing;
    };
    return Object.assign(journal, { close });
  } catch (error) {
    unlock();
    throw error;
  }
}

async function loadPglite() {
  try {
    const [{ PGlite }, { NodeFS }] = await Promise.all([
      import('@electric-sql/pglite'),
      import('@electric-sql/pglite/nodefs'),
    ]);
    return { PGlite, NodeFS };
  } catch (error) {
    const expected = 'the package "@electric-sql/pglite" to be installed beside @canza/data';
    throw new ConfigError({ field: '@electric-sql/pglite', expected }, { cause: error });
  }
}
