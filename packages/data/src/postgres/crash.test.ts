import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { brokenPromises, writeThroughCrash } from '../../test/crash-writes.ts';
import { OwnPostgres } from '../../test/servers/postgres.ts';
import { until } from '../../test/until.ts';
import { openPostgresJournal } from './index.ts';

const server = new OwnPostgres();

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
    // It first replays what it had written down.
    await until(() => server.start().then(() => true));
    await until(() => journal.initialize().then(() => true));
    expect(await brokenPromises(journal, log)).toEqual([]);
    await journal.close();
  }, 60_000);
});
