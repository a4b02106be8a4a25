import { ConfigError, type Logger } from '@canza/core';
import type { Sql, SqlRow } from './sql.ts';

/** What must be true of a server that keeps payments, with the way to make it so. In the order in which they are checked. */
const REQUIREMENTS: readonly {
  readonly isMet: (row: SqlRow) => boolean;
  readonly field: string;
  readonly expected: string;
}[] = [
  {
    isMet: (row) => row['in_recovery'] === false,
    field: 'PostgreSQL server',
    expected:
      'the primary: this one is a standby, so connect with target_session_attrs=read-write or to the primary itself',
  },
  {
    isMet: (row) => row['fsync'] === 'on',
    field: 'PostgreSQL fsync',
    expected:
      'on, else a power failure loses payments: ALTER SYSTEM SET fsync = on; SELECT pg_reload_conf(); ' +
      "or say durability: 'development'",
  },
  {
    isMet: (row) => row['synchronous_commit'] !== 'off',
    field: 'PostgreSQL synchronous_commit',
    expected:
      'on (or local, remote_write, remote_apply), else a crash loses payments that were acknowledged: ' +
      "ALTER ROLE CURRENT_USER SET synchronous_commit = on, or say durability: 'development'",
  },
];

const SETTINGS = {
  name: '',
  text: `SELECT pg_is_in_recovery() AS in_recovery, current_setting('fsync') AS fsync,
    current_setting('synchronous_commit') AS synchronous_commit, current_setting('full_page_writes') AS full_page_writes`,
};

export interface ServerCheckOptions {
  readonly durability: 'required' | 'development';
  readonly logger: Logger;
}

/**
 * Refuses a server that could lose an acknowledged write without a word.
 * @throws ConfigError naming the setting and the way to change it; a standby is refused in development too.
 */
export async function checkServer(sql: Sql, { durability, logger }: ServerCheckOptions): Promise<void> {
  const [row = {}] = await sql(SETTINGS, []);
  const unmet = REQUIREMENTS.filter(({ isMet }) => !isMet(row));
  const [first] = unmet;
  if (first !== undefined && (durability === 'required' || row['in_recovery'] !== false)) throw new ConfigError(first);
  for (const { field } of unmet) logger.warn({ field }, 'The journal runs on a server that may lose payments.');
  if (row['full_page_writes'] === 'off') {
    const hint = 'leave it off only where the file system never writes half a page';
    logger.warn({ field: 'PostgreSQL full_page_writes', hint }, 'The journal runs on a server that may lose payments.');
  }
}
