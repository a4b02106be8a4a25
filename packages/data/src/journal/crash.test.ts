import { JournalError } from '@canza/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brokenPromises, writeThroughCrash } from '../../test/crash-writes.ts';
import { lacksRedisServer, OwnRedis } from '../../test/servers/redis.ts';
import { until } from '../../test/until.ts';
import { openRedis } from '../redis/index.ts';
import { createRedisJournal } from './index.ts';

const server = new OwnRedis();

describe.skipIf(lacksRedisServer)('a Redis that is killed amid 5,000 writes', () => {
  beforeAll(() => server.start());
  afterAll(() => server.remove());

  it('has every acknowledged write when it is back, and none that was refused', async () => {
    const connection = await openRedis({ server: { url: server.url } });
    const journal = createRedisJournal({ connection, timeoutMs: 300 });
    let killed: Promise<void> | undefined;
    const log = await writeThroughCrash(journal, 5_000, () => {
      killed = server.kill();
    });
    await killed;
    expect(log.foreign).toEqual([]);
    expect(log.unknown.size).toBeGreaterThan(0);
    await server.start();
    await until(async () => (await journal.read('crash', 'tx-0')) !== undefined);
    expect(await brokenPromises(journal, log)).toEqual([]);
    expect(journal.safety.state).toEqual({ verdict: 'sound' });
    await journal.close();
    await connection.close();
  }, 60_000);
});

describe.skipIf(lacksRedisServer)('a Redis that hangs', () => {
  const hanging = new OwnRedis();
  beforeAll(() => hanging.start());
  afterAll(() => hanging.remove());

  it('is given up at the deadline of each call: a write may have happened', async () => {
    const connection = await openRedis({ server: { url: hanging.url } });
    const journal = createRedisJournal({ connection });
    await journal.initialize();
    hanging.pause();
    const startedMs = performance.now();
    const call = { timeoutMs: 100 };
    const failed = await Promise.all([
      journal
        .claimDue({ kind: 'payment', owner: 'one', nowMs: 1, leaseMs: 1, limit: 1 }, call)
        .catch((error: unknown) => error),
      journal.read('payment', 'tx-1', call).catch((error: unknown) => error),
    ]);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    expect(failed.every((error) => error instanceof JournalError)).toBe(true);
    expect(failed.map((error) => (error as JournalError).moneyMoved)).toEqual(['maybe', 'no']);
    await journal.close();
    await connection.close();
  });
});
