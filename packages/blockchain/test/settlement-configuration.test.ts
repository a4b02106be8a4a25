import { InvalidRequestError, type TransactionRecord, UnexpectedResponseError } from '@canza/core';
import { MODEL_ASSETS } from '@canza/core/testing';
import { describe, expect, it } from 'vitest';

import { settlementKinds } from '../src/index.ts';
import { MINUTE_MS, REQUEST, type World, world } from './settlement-world.ts';

const KINDS = settlementKinds('model');
const ID = REQUEST.settlementId;
const OLD = { chain: { senders: ['acct:old'] } };
const NEW = { chain: { senders: ['acct:new'] } };
const BOTH = { chain: { senders: ['acct:new', 'acct:old'] } };

async function transactions({ journal }: World): Promise<readonly TransactionRecord[]> {
  const { entries } = await journal.list({ kind: KINDS.transactions, limit: 100 });
  return entries.map(({ body }) => body as TransactionRecord);
}

/** How often the recipient was paid, by the ledger's own books, and what the record says. */
const books = async ({ service, ledger, clock }: World, id = ID) => [
  ledger.commits.filter(({ proofs }) => proofs.some(({ account }) => account === 'acct:alice')).length,
  (await clock.runUntil(service.getSettlement(id))).status,
];

/** A process that is gone, and left a transaction whose bytes are in a pool, or reached nobody; by now too late. */
async function left(
  where: 'pool' | 'nowhere' | 'expired',
  settings: Parameters<typeof world>[0] = OLD,
): Promise<World> {
  const made = await world(settings);
  if (where !== 'pool') made.chain.arm('submit', 'request-lost');
  made.ledger.hold();
  await made.clock.runUntil(made.service.settlePayment(REQUEST));
  await made.clock.runUntil(made.service.shutdown());
  if (where !== 'pool') made.ledger.hold(false);
  if (where === 'expired') await made.clock.advance(31_000);
  return made;
}

describe('a transaction whose key is not configured any more', () => {
  it('is settled when the ledger shows it', async () => {
    const made = await left('pool');
    const other = await made.another(NEW);
    await made.clock.advance(5000);
    made.ledger.hold(false);
    expect((await other.clock.runUntil(other.service.waitForSettlement(ID))).status).toBe('settled');
    expect(await books(other)).toEqual([1, 'settled']);
  });

  it('and that has expired on the ledger is dead, and its settlement goes from another account, once', async () => {
    const made = await left('expired');
    const other = await made.another(NEW);
    const settled = await other.clock.runUntil(other.service.waitForSettlement(ID));
    expect(settled).toMatchObject({ status: 'settled', attempts: 2 });
    expect(other.ledger.commits.map(({ transaction }) => transaction.sender)).toEqual(['acct:new']);
    await other.clock.advance(10 * MINUTE_MS);
    expect(await books(other)).toEqual([1, 'settled']);
    expect((await transactions(other)).map(({ status, outcome }) => [status, outcome?.died])).toContainEqual([
      'dead',
      'expired',
    ]);
  });

  it('leaves no number that blocks its account, should the key come back', async () => {
    const made = await left('expired');
    const other = await made.another(NEW);
    await other.clock.runUntil(other.service.waitForSettlement(ID));
    await other.clock.runUntil(other.service.shutdown());
    const back = await made.another({ ...OLD, seed: 5 });
    await back.clock.runUntil(back.service.settlePayment({ ...REQUEST, settlementId: 's2' }));
    await back.clock.advance(3 * MINUTE_MS);
    expect(await books(back, 's2')).toEqual([2, 'settled']);
    const [dead] = (await transactions(back)).filter(({ outcome }) => outcome?.died === 'expired');
    const filled = (await transactions(back)).filter(({ after }) => after !== undefined);
    expect(filled).toMatchObject([{ slot: '0', after: dead?.transactionId, members: [], outcome: { died: 'voided' } }]);
  });

  it('has its number used up once, by however many processes that have the key again', async () => {
    const made = await left('expired');
    const other = await made.another(NEW);
    await other.clock.runUntil(other.service.waitForSettlement(ID));
    const back = await Promise.all([5, 6, 7].map((seed) => made.another({ ...BOTH, seed })));
    await made.clock.runUntil(
      Promise.all(
        back.flatMap(({ service }, at) =>
          [1, 2, 3, 4].map((n) =>
            service.settlePayment({ ...REQUEST, settlementId: `s${at}${n}`, toAddress: `acct:r${at}${n}` }),
          ),
        ),
      ),
    );
    await made.clock.advance(10 * MINUTE_MS);
    const slots = made.ledger.commits.map(({ transaction: { sender, slot } }) => `${sender} ${slot}`);
    expect(new Set(slots).size).toBe(slots.length);
    for (const at of [0, 1, 2]) for (const n of [1, 2, 3, 4]) expect(made.held(`acct:r${at}${n}`)).toBe(500_000_000n);
    expect(await books(other)).toEqual([1, 'settled']);
  });

  it('and of which the ledger shows nothing for an hour is for a person to decide, who is told why', async () => {
    const made = await left('nowhere');
    made.ledger.stop();
    const other = await made.another(NEW);
    await other.clock.advance(59 * MINUTE_MS);
    expect((await other.service.getSettlement(ID)).status).toBe('pending');
    await other.clock.advance(5 * MINUTE_MS);
    const kept = await other.service.getSettlement(ID);
    expect(kept).toMatchObject({ status: 'review', moneyMoved: 'maybe' });
    expect(kept.evidence.at(-1)?.detail).toMatch(/cannot be built again/);
    const [{ transactionId } = { transactionId: '' }] = (await other.service.findTransactions({ status: 'review' }))
      .transactions;
    expect(other.alerts).toContainEqual({
      alert: 'transaction-needs-review',
      transactionId,
      sender: 'acct:old',
      slot: '0',
    });
    made.ledger.stop(false);
    await other.service.resolveTransaction(transactionId, {
      action: 'look-again',
      by: 'Ada',
      because: 'the ledger goes on',
    });
    expect((await other.clock.runUntil(other.service.waitForSettlement(ID))).status).toBe('settled');
    expect(await books(other)).toEqual([1, 'settled']);
  });
});

describe('a transaction whose asset is not configured any more', () => {
  const WITHOUT = { chain: { assets: [MODEL_ASSETS.eur] } };

  it('is settled when the ledger shows it', async () => {
    const made = await left('pool', {});
    const other = await made.another(WITHOUT);
    made.ledger.hold(false);
    expect((await other.clock.runUntil(other.service.waitForSettlement(ID))).status).toBe('settled');
  });

  it('and that has expired sets its settlement free: it waits with a reason, raises an alert, and fails after an hour, unpaid', async () => {
    const made = await left('expired', {});
    const other = await made.another(WITHOUT);
    await other.clock.advance(5 * MINUTE_MS);
    const waiting = await other.service.getSettlement(ID);
    expect(waiting).toMatchObject({ status: 'created', moneyMoved: 'no' });
    expect(waiting.evidence.at(-1)).toMatchObject({ code: 'INVALID_REQUEST' });
    expect(other.alerts.filter(({ alert }) => alert === 'settlement-stuck')).toMatchObject([{ settlementId: ID }]);
    await other.clock.advance(60 * MINUTE_MS);
    expect(await other.service.getSettlement(ID)).toMatchObject({ status: 'failed', reason: 'network-refused' });
    expect(await books(other)).toEqual([0, 'failed']);
  });

  it('is sent after all where another process knows the asset, and others with that number go on', async () => {
    const made = await left('expired', {});
    const without = await made.another(WITHOUT);
    // Beside it, not in step with it.
    await without.clock.advance(2 * MINUTE_MS + 500);
    const other = await made.another({ seed: 4 });
    expect((await other.clock.runUntil(other.service.waitForSettlement(ID))).status).toBe('settled');
    expect(await books(other)).toEqual([1, 'settled']);
  });
});

describe('a key that no node takes any more, although it is configured', () => {
  const INVALID_KEY = {
    status: 'refused',
    reason: 'malformed',
    code: 'vm_error/2',
    detail: 'INVALID_AUTH_KEY',
  } as const;

  it('has its transaction end when the ledger shows that it expired, and is not tried for ever', async () => {
    const made = await world();
    Object.assign(made.chain.network, { submit: async () => INVALID_KEY });
    await made.clock.runUntil(made.service.settlePayment(REQUEST));
    await made.clock.advance(3 * MINUTE_MS);
    expect(await made.service.getSettlement(ID)).toMatchObject({
      status: 'failed',
      reason: 'network-refused',
      moneyMoved: 'no',
    });
    expect((await transactions(made)).map(({ status, builds }) => [status, builds.length])).toContainEqual(['dead', 2]);
  });

  it('and whose transactions cannot even be simulated: it ends by the proof of its expiry, within the hour', async () => {
    const made = await world();
    const { estimate } = made.chain.network;
    made.chain.arm('submit', 'request-lost');
    await made.clock.runUntil(made.service.settlePayment(REQUEST));
    made.ledger.hold();
    Object.assign(made.chain.network, {
      estimate: async () => {
        throw new UnexpectedResponseError('the node would refuse the transaction (INVALID_AUTH_KEY)', {
          status: 200,
          body: '',
        });
      },
      submit: async () => INVALID_KEY,
    });
    await made.clock.advance(65 * MINUTE_MS);
    expect(await made.service.getSettlement(ID)).toMatchObject({ status: 'failed', moneyMoved: 'no' });
    expect(await books(made)).toEqual([0, 'failed']);
    Object.assign(made.chain.network, { estimate });
  });
});

describe('a transaction that this configuration cannot even look for', () => {
  it('is for a person to decide after an hour, with the reason', async () => {
    const made = await world();
    made.chain.arm('submit', 'request-lost');
    const { look } = made.chain.network;
    Object.assign(made.chain.network, {
      look: async () => {
        throw new InvalidRequestError({ field: 'slot', expected: 'a whole number' });
      },
    });
    await made.clock.runUntil(made.service.settlePayment(REQUEST));
    await made.clock.advance(61 * MINUTE_MS);
    const kept = await made.service.getSettlement(ID);
    expect(kept).toMatchObject({ status: 'review', moneyMoved: 'maybe' });
    expect(kept.evidence.at(-1)?.detail).toMatch(/cannot be looked for.*slot/);
    Object.assign(made.chain.network, { look });
  });

  it('and a node that is away for as long is waited for', async () => {
    const made = await world();
    made.chain.arm('submit', 'request-lost');
    await made.clock.runUntil(made.service.settlePayment(REQUEST));
    made.chain.arm('look', 'request-lost', 400);
    await made.clock.advance(62 * MINUTE_MS);
    expect((await made.service.getSettlement(ID)).status).toBe('pending');
    const ended = made.service.waitForSettlement(ID, { timeoutMs: 60 * MINUTE_MS });
    expect((await made.clock.runUntil(ended)).status).toBe('settled');
    expect(await books(made)).toEqual([1, 'settled']);
  });
});
