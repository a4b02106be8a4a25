import type { Journal } from '@canza/core';
import { openPostgresJournal } from '../../src/postgres/index.ts';

/** Opens a journal on a test's server. */
export async function openJournal(
  store: string,
  url: string,
): Promise<{ readonly journal: Journal; close(): Promise<void> }> {
  if (store !== 'postgres') throw new Error(`no journal is known by the name "${store}"`);
  const journal = await openPostgresJournal({ url, durability: 'development' });
  return { journal, close: () => journal.close() };
}
