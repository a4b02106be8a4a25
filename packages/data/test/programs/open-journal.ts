import type { Journal } from '@canza/core';
import { createRedisJournal } from '../../src/journal/index.ts';
import { openPostgresJournal } from '../../src/postgres/index.ts';
import { openRedis } from '../../src/redis/index.ts';

interface Opened {
  readonly journal: Journal;
  close(): Promise<void>;
}

/** Opens a journal on a test's server. */
export const openJournal = (store: string, url: string): Promise<Opened> =>
  store === 'redis' ? onRedis(url) : onPostgres(url);

async function onRedis(url: string): Promise<Opened> {
  const connection = await openRedis({ server: { url } });
  const journal = createRedisJournal({ connection, durability: 'development' });
  const close = async (): Promise<void> => {
    await journal.close();
    await connection.close();
  };
  return { journal, close };
}

async function onPostgres(url: string): Promise<Opened> {
  const journal = await openPostgresJournal({ url, durability: 'development' });
  return { journal, close: () => journal.close() };
}
