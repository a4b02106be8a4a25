import { describe, expect, inject, it } from 'vitest';
import { runTwoClaimers } from '../../test/two-claimers.ts';
import { openRedis } from '../redis/index.ts';
import { createRedisJournal } from './index.ts';

const redisUrl = inject('redisUrl');

describe.skipIf(redisUrl === null)('two processes on one Redis', () => {
  it('claim each of 10,000 due entries once, and a late owner is refused by its fence', async () => {
    const connection = await openRedis({ server: { url: redisUrl ?? '' } });
    const journal = createRedisJournal({ connection, durability: 'development' });
    const { moved, lateOutcomes } = await runTwoClaimers(journal, 'redis', redisUrl ?? '', 10_000);
    await journal.close();
    await connection.close();
    const all = moved.flat();
    expect(all.length).toBe(10_000);
    expect(new Set(all).size).toBe(10_000);
    expect(moved.every((share) => share.length > 0)).toBe(true);
    expect(lateOutcomes).toEqual(Array(100).fill('fenced'));
  }, 60_000);
});
