import { createMemoryJournal, type Journal, type TransactionRecord } from '@canza/core';
import { describe, expect, it } from 'vitest';

import { settlementKinds } from '../src/index.ts';
import { MINUTE_MS, REQUEST, SENDER, type World, world } from './settlement-world.ts';

/** What the simulation found about failovers. Source: docs/decisions/0022-forgotten-writes.md#settlements */
const KINDS = settlementKinds('model');
const REVIEW = { status: 'review', moneyMoved: 'maybe' };

async function suspectWorld(settings: Parameters<typeof world>[0] = {}) {
  const journal = createMemoryJournal();
  const made = await world({ journal, ...settings });
  return { made, journal, failOver: () => journal.suspect(made.clock.nowMs(), 'A failover.') };
}

const purposesOf = async ({ journal }: World): Promise<readonly string[]> => {
  const { entries } = await journal.list({ kind: KINDS.transactions, limit: 1000 });
  return entries.flatMap(({ body }) => (body as TransactionRecord).builds.map(({ purpose }) => purpose));
};

describe('while the journal may have forgotten what was sent', () => {
  it('an id that it does not know is refused: it may have been paid; and is taken once it was compared', async () => {
    const { made, journal, failOver } = await suspectWorld();
    failOver();
    const asked = made.clock.runUntil(made.service.settlePayment(REQUEST));
    await expect(asked).rejects.toMatchObject({ code: 'JOURNAL_UNAVAILABLE', moneyMoved: 'maybe', retryable: true });
    await expect(made.service.getSettlement(REQUEST.settlementId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await journal.safety.reconciled('Compared with the ledger.');
    expect(await made.settle()).toMatchObject({ status: 'settled' });
  });

  it('one that looks unsent is for a person, and no transaction carries it', async () => {
    const { made, journal, failOver } = await suspectWorld();
    made.chain.arm('estimate', 'request-lost', 5);
    expect(await made.clock.runUntil(made.service.settlePayment(REQUEST))).toMatchObject({ status: 'created' });
    failOver();
    await made.clock.advance(5 * MINUTE_MS);
    expect(await made.service.getSettlement(REQUEST.settlementId)).toMatchObject(REVIEW);
    await journal.safety.reconciled('Compared with the ledger.');
    await made.clock.advance(5 * MINUTE_MS);
    expect(made.chain.submissions).toEqual([]);
  });

  it('one that looks unsent is not called off', async () => {
    const { made, failOver } = await suspectWorld({ autoConfirm: false });
    await made.clock.runUntil(made.service.settlePayment(REQUEST));
    failOver();
    const cancelled = made.service.cancelSettlement(REQUEST.settlementId);
    await expect(cancelled).rejects.toMatchObject({ code: 'JOURNAL_UNAVAILABLE', moneyMoved: 'maybe' });
  });

  it('a transaction that never arrived gives up its number to nothing, so that those behind it go on', async () => {
    const { made, journal, failOver } = await suspectWorld();
    made.chain.arm('submit', 'request-lost');
    await made.clock.runUntil(made.service.settlePayment(REQUEST));
    failOver();
    await made.clock.advance(5 * MINUTE_MS);
    expect(await made.service.getSettlement(REQUEST.settlementId)).toMatchObject(REVIEW);
    expect(await purposesOf(made)).toEqual(['call', 'void']);
    expect(made.ledger.commits.map(({ transaction }) => transaction.call.kind)).toEqual(['void']);
    await journal.safety.reconciled('Compared with the ledger.');
    expect(await made.settle({ settlementId: 'next' })).toMatchObject({ status: 'settled' });
    expect(made.held('acct:alice')).toBe(500_000_000n);
  });

  it('those whose transaction came to nothing are for a person: another may have carried them since', async () => {
    const { made, failOver } = await suspectWorld({ chain: { simulates: false } });
    made.ledger.freeze('acct:bob');
    made.ledger.hold();
    const both = ['alice', 'bob'].map((name) =>
      made.service.settlePayment({ ...REQUEST, settlementId: name, toAddress: `acct:${name}` }),
    );
    await made.clock.runUntil(Promise.all(both));
    failOver();
    made.ledger.hold(false);
    await made.clock.advance(5 * MINUTE_MS);
    for (const id of ['alice', 'bob']) expect(await made.service.getSettlement(id)).toMatchObject(REVIEW);
    expect(made.chain.submissions).toHaveLength(1);
  });

  it('what the ledger shows to have arrived is settled as always', async () => {
    const { made, failOver } = await suspectWorld();
    made.ledger.hold();
    await made.clock.runUntil(made.service.settlePayment(REQUEST));
    failOver();
    made.ledger.hold(false);
    const settled = await made.clock.runUntil(made.service.waitForSettlement(REQUEST.settlementId));
    expect(settled).toMatchObject({ status: 'settled', moneyMoved: 'yes' });
  });
});

it('a sender that the journal has lost is known again, without a new start of the process', async () => {
  let server: Journal = createMemoryJournal();
  const journal = new Proxy(server, { get: (_, name): unknown => Reflect.get(server, name, server) });
  const made = await world({ journal });
  server = createMemoryJournal();
  expect(await server.read(KINDS.senders, SENDER)).toBeUndefined();
  expect(await made.settle()).toMatchObject({ status: 'settled' });
});
