import { describe, expect, inject, it } from 'vitest';
import { raceTwoClaimers } from '../../test/two-claimers.ts';
import { openRedis } from '../redis/index.ts';
import { createRedisJournal } from './index.ts';

const redisUrl = inject('redisUrl');

describe.skipIf(redisUrl === null)('two processes on one Redis', () => {
  it('claim each of 10,000 due entries once, and a late owner is refused by its fence', async () => {
    const connection = await openRedis({ server: { url: redisUrl ?? '' } });
    const journal = createRedisJournal({ connection, durability: 'development' });
    const broken = await raceTwoClaimers(journal, 'redis', redisUrl ?? '', 10_000);
    await journal.close();
    await connection.close();
    expect(broken).toEqual([]);
  }, 60_000);
});
