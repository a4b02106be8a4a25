import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { brokenPromises, writeThroughCrash } from '../../test/crash-writes.ts';
import { OwnPostgres } from '../../test/servers/postgres.ts';
import { openPostgresJournal } from './index.ts';

const server = new OwnPostgres();

/** Tries until the server is back: it first replays what it had written down. */
async function untilAnswered<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      // oxlint-disable-next-line no-await-in-loop
      return await work();
    } catch (error) {
      if (tries === 100) throw error;
      // oxlint-disable-next-line no-await-in-loop
      await sleep(100);
    }
  }
}

describe.skipIf(inject('postgresUrl') === null)('a PostgreSQL that is killed amid 5,000 writes', () => {
  beforeAll(() => server.start(), 60_000);
  afterAll(() => server.remove());

  it('has every acknowledged write when it is back, and none that was refused', async () => {
    const journal = await openPostgresJournal({ url: server.url, timeoutMs: 3_000, connectTimeoutMs: 500 });
    let killed: Promise<void> | undefined;
    const log = await writeThroughCrash(journal, 5_000, () => {
      killed = server.kill();
    });
    await killed;
    expect(log.foreign).toEqual([]);
    expect(log.refused.size).toBeGreaterThan(0);
    await untilAnswered(() => server.start());
    await untilAnswered(() => journal.initialize());
    expect(await brokenPromises(journal, log)).toEqual([]);
    await journal.close();
  }, 60_000);
});
