import type { CallOptions, Journal, Logger } from '@canza/core';
import { createRedisJournal } from '@canza/data/journal';
import { openPostgresJournal } from '@canza/data/postgres';
import { openRedis } from '@canza/data/redis';

export const JOURNALS = ['redis', 'postgres'] as const;

export type JournalName = (typeof JOURNALS)[number];

/** Where a journal's server is, and which journal on it. */
export interface JournalPlace {
  readonly on: JournalName;
  readonly url: string;
  readonly namespace: string;
}

export interface OpenJournal {
  readonly journal: Journal & { initialize(options?: CallOptions): Promise<void> };
  readonly close: () => Promise<void>;
}

/** Opens a journal as an app does, with everything that it asks of its server. */
export async function openJournal({ on, url, namespace }: JournalPlace, logger: Logger): Promise<OpenJournal> {
  if (on === 'postgres') {
    const journal = await openPostgresJournal({ url, schema: namespace, logger });
    return { journal, close: () => journal.close() };
  }
  const connection = await openRedis({ server: { url }, logger });
  const kinds = ['payment', 'settlement:aptos-4'];
  const journal = createRedisJournal({ connection, namespace, logger, kinds });
  return {
    journal,
    async close() {
      await journal.close();
      await connection.close();
    },
  };
}
