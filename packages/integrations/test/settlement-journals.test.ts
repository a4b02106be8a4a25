import { settlementKinds } from '@canza/blockchain';
import type { Journal } from '@canza/core';
import { createRedisJournal } from '@canza/data/journal';
import { openPostgresJournal } from '@canza/data/postgres';
import { openRedis } from '@canza/data/redis';
import { describe, expect, inject, it } from 'vitest';

import { request, startSettlementChain, TREASURY_KEY, usd } from './support/settlement-chain.ts';

const redisUrl = inject('redisUrl');
const postgresUrl = inject('postgresUrl');
const LINES = Array.from({ length: 30 }, (_, index) => request(index, { amount: '2.00' }));

interface Opened {
  readonly journal: Journal;
  close(): Promise<void>;
}

async function openOnRedis(url: string): Promise<Opened> {
  const connection = await openRedis({ server: { url } });
  const namespace = `settlement-${process.pid}-${process.hrtime.bigint()}`;
  const journal = createRedisJournal({ connection, namespace, durability: 'development' });
  return {
    journal,
    async close() {
      await journal.close();
      await connection.close();
    },
  };
}

async function openOnPostgres(url: string): Promise<Opened> {
  const schema = `settlement_${process.pid}_${process.hrtime.bigint()}`;
  const journal = await openPostgresJournal({ url, schema, durability: 'development' });
  await journal.initialize();
  return { journal, close: () => journal.close() };
}

/** Two services of two processes share a journal on a server, and one of them goes away in between. */
async function settleOn({ journal, close }: Opened): Promise<void> {
  const on = await startSettlementChain([TREASURY_KEY], journal);
  const [first, second] = [await on.start(), await on.start()];
  const asked = [first, second].flatMap((service) => LINES.map((line) => service.settlePayment(line)));
  await Promise.all(asked);
  await first.shutdown();
  const all = await Promise.all(LINES.map(({ settlementId }) => second.waitForSettlement(settlementId)));
  expect(all.map(({ status }) => status)).toEqual(LINES.map(() => 'settled'));
  expect(LINES.map((_, index) => [on.held(index), on.arrivals(index)])).toEqual(LINES.map(() => [usd(2), 1]));
  const refunds = Array.from({ length: 4 }, (_, index) =>
    second.refund({
      settlementId: `r${index}`,
      originalSettlementId: 's0',
      toAddress: request(99).toAddress,
      amount: '1.00',
    }),
  );
  const given = await Promise.allSettled(refunds);
  expect(given.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  await Promise.all(['r0', 'r1', 'r2', 'r3'].map((id) => second.waitForSettlement(id).catch(() => undefined)));
  expect(on.held(99)).toBe(usd(2));
  const kinds = settlementKinds('aptos-4');
  for (const state of ['created', 'pending', 'review']) {
    expect((await journal.list({ kind: kinds.settlements, state, limit: 10 })).entries).toEqual([]);
  }
  expect((await journal.list({ kind: kinds.transactions, state: 'open', limit: 10 })).entries).toEqual([]);
  const states = (await journal.history(kinds.settlements, 's0')).map(({ state }) => state);
  expect([...new Set(states)]).toEqual(['created', 'pending', 'settled']);
  on.audit();
  await on.close();
  await close();
}

describe('settlements of two services on one journal and one account', () => {
  it.skipIf(redisUrl === null)(
    'on Redis: each is paid once, and refunds never add up to more',
    { timeout: 60_000 },
    async () => {
      await settleOn(await openOnRedis(redisUrl ?? ''));
    },
  );

  it.skipIf(postgresUrl === null)(
    'on PostgreSQL: each is paid once, and refunds never add up to more',
    { timeout: 60_000 },
    async () => {
      await settleOn(await openOnPostgres(postgresUrl ?? ''));
    },
  );
});
