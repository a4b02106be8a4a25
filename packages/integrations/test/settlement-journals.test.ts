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

/**
 * Two services of two processes share a journal on a server, and one of them goes away in between.
 * @returns How often each recipient was reached, by the chain's books; what the refunds came to; and what is left open in the journal.
 */
async function settleOn({ journal, close }: Opened) {
  const on = await startSettlementChain([TREASURY_KEY], journal);
  const [first, second] = [await on.start(), await on.start()];
  await Promise.all([first, second].flatMap((service) => LINES.map((line) => service.settlePayment(line))));
  await first.shutdown();
  const all = await Promise.all(LINES.map(({ settlementId }) => second.waitForSettlement(settlementId)));
  const refund = (index: number) =>
    second.refund({
      settlementId: `r${index}`,
      originalSettlementId: 's0',
      toAddress: request(99).toAddress,
      amount: '1.00',
    });
  const given = await Promise.allSettled([0, 1, 2, 3].map(refund));
  const accepted = given.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  await Promise.all(accepted.map(({ settlementId }) => second.waitForSettlement(settlementId)));
  const kinds = settlementKinds('aptos-4');
  const open = await Promise.all([
    ...['created', 'pending', 'review'].map((state) => journal.list({ kind: kinds.settlements, state, limit: 10 })),
    journal.list({ kind: kinds.transactions, state: 'open', limit: 10 }),
  ]);
  const states = (await journal.history(kinds.settlements, 's0')).map(({ state }) => state);
  const result = {
    ends: [...new Set(all.map(({ status }) => status))],
    arrivals: LINES.map((_, index) => [on.held(index), on.arrivals(index)]),
    refunds: accepted.length,
    refunded: on.held(99),
    open: open.flatMap(({ entries }) => entries.map(({ id }) => id)),
    history: [...new Set(states)],
  };
  on.audit();
  await on.close();
  await close();
  return result;
}

const RIGHT = {
  ends: ['settled'],
  arrivals: LINES.map(() => [usd(2), 1]),
  refunds: 2,
  refunded: usd(2),
  open: [],
  history: ['created', 'pending', 'settled'],
};

describe('settlements of two services on one journal and one account', () => {
  it.skipIf(redisUrl === null)(
    'on Redis are paid once, and refunds never add up to more',
    { timeout: 60_000 },
    async () => {
      expect(await settleOn(await openOnRedis(redisUrl ?? ''))).toEqual(RIGHT);
    },
  );

  it.skipIf(postgresUrl === null)(
    'on PostgreSQL are paid once, and refunds never add up to more',
    { timeout: 60_000 },
    async () => {
      expect(await settleOn(await openOnPostgres(postgresUrl ?? ''))).toEqual(RIGHT);
    },
  );
});
