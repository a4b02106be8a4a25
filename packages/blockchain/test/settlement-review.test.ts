import {
  createMemoryJournal,
  type Journal,
  moveSettlement,
  moveTransaction,
  PaymentError,
  type SettlementRecord,
  type TransactionRecord,
} from '@canza/core';
import {
  createModelNetwork,
  createMortal,
  createSeededRandom,
  createTurnedClock,
  ModelLedger,
} from '@canza/core/testing';
import { describe, expect, it } from 'vitest';

import { SettlementService, settlementKinds, type TransactionDecision } from '../src/index.ts';
import { fund, MINUTE_MS, REQUEST, SENDER, type World, type WorldSettings, world } from './settlement-world.ts';

const KINDS = settlementKinds('model');
const ID = REQUEST.settlementId;
const ADA = { by: 'Ada', because: 'the archive node is back' };
const LOOK_AGAIN: TransactionDecision = { action: 'look-again', ...ADA };
const VOID: TransactionDecision = { action: 'void', ...ADA };

async function only(journal: Journal): Promise<TransactionRecord> {
  const { entries } = await journal.list({ kind: KINDS.transactions, limit: 100 });
  const [record] = entries.map(({ body }) => body as TransactionRecord).filter(({ members }) => members.includes(ID));
  if (record === undefined) throw new Error('no transaction');
  return record;
}

/** Puts an open transaction and its settlement into review, as a service does that cannot tell what became of it. */
async function leaveToAPerson(journal: Journal, nowMs: number): Promise<string> {
  const transaction = await only(journal);
  const left = moveTransaction(transaction, nowMs, { status: 'review', dueAtMs: null });
  await rewrite(journal, KINDS.transactions, transaction.transactionId, left);
  for (const id of transaction.members) {
    const entry = await journal.read(KINDS.settlements, id);
    const member = entry?.body as SettlementRecord;
    await rewrite(journal, KINDS.settlements, id, moveSettlement(member, nowMs, { status: 'review', dueAtMs: null }));
  }
  return transaction.transactionId;
}

async function rewrite(
  journal: Journal,
  kind: string,
  id: string,
  body: { readonly version: number; readonly status: string; readonly dueAtMs: number | null },
): Promise<void> {
  const entry = await journal.read(kind, id);
  if (entry === undefined) throw new Error(`no ${id}`);
  const { version, status: state, dueAtMs } = body;
  const result = await journal.replace({ ...entry, version, state, dueAtMs, body }, 'for a person to decide');
  expect(result.outcome).toBe('written');
}

/** A world in which a transaction is in review: its bytes never reached a node, or are in the pool of one that holds them back. */
async function reviewed(where: 'nowhere' | 'pool', settings: WorldSettings = {}) {
  const made = await world(settings);
  if (where === 'nowhere') made.chain.arm('submit', 'request-lost');
  made.ledger.hold();
  await made.clock.runUntil(made.service.settlePayment(REQUEST));
  await made.clock.runUntil(made.service.shutdown());
  const transactionId = await leaveToAPerson(made.journal, made.clock.nowMs());
  if (where === 'nowhere') made.ledger.hold(false);
  return { made, transactionId, other: await made.another() };
}

/** How often the recipient was paid, by the ledger's own books, and what the record says. */
const books = async ({ service, ledger, clock }: World, id = ID) => [
  ledger.commits.filter(({ proofs }) => proofs.some(({ account }) => account === 'acct:alice')).length,
  (await clock.runUntil(service.getSettlement(id))).status,
];
const ended = (of: World, id = ID) => of.clock.runUntil(of.service.waitForSettlement(id));

describe('a transaction in review', () => {
  it('is found with what a person needs to look it up, and without its bytes', async () => {
    const { other, transactionId } = await reviewed('nowhere');
    const { transactions } = await other.service.findTransactions({ status: 'review' });
    const [hash] = (await only(other.journal)).builds.map((build) => build.hash);
    expect(transactions).toMatchObject([
      { transactionId, status: 'review', moneyMoved: 'maybe', sender: SENDER, slot: '0', settlementIds: [ID] },
    ]);
    expect(transactions[0]?.transactionHashes).toEqual([hash]);
    expect(JSON.stringify(transactions)).not.toContain('bytes');
    expect(await other.service.getTransaction(transactionId)).toEqual(transactions[0]);
    await expect(other.service.getTransaction('stx_none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('blocks its account until a person decides, and nothing else does', async () => {
    const { other } = await reviewed('nowhere');
    await other.clock.runUntil(other.service.settlePayment({ ...REQUEST, settlementId: 's2' }));
    await other.clock.advance(10 * MINUTE_MS);
    expect(await books(other, 's2')).toEqual([0, 'pending']);
    expect(other.alerts.map(({ alert }) => alert)).not.toContain('gap-filled');
  });

  it('is looked for again, and goes through: its settlement is pending, then paid once, and the account goes on', async () => {
    const { other, transactionId } = await reviewed('nowhere');
    await other.clock.runUntil(other.service.settlePayment({ ...REQUEST, settlementId: 's2' }));
    const decided = await other.service.resolveTransaction(transactionId, LOOK_AGAIN);
    expect(decided).toMatchObject({ status: 'open', decided: 'look-again' });
    expect(decided.evidence.at(-1)).toMatchObject({
      source: 'person',
      code: 'DECIDED',
      detail: expect.stringContaining('Ada'),
    });
    expect(await other.service.getSettlement(ID)).toMatchObject({ status: 'pending', moneyMoved: 'maybe' });
    expect(await ended(other)).toMatchObject({ status: 'settled', attempts: 1 });
    expect(await ended(other, 's2')).toMatchObject({ status: 'settled' });
    expect(other.held('acct:alice')).toBe(1_000_000_000n);
  });

  it('is looked for again, and was committed long ago: nothing is sent', async () => {
    const { made, other, transactionId } = await reviewed('pool');
    made.ledger.hold(false);
    await made.clock.advance(5000);
    await other.service.resolveTransaction(transactionId, LOOK_AGAIN);
    expect((await ended(other)).status).toBe('settled');
    expect(other.chain.submissions).toHaveLength(0);
    expect(await books(other)).toEqual([1, 'settled']);
  });

  it('comes back to review when it cannot be told after all, as patiently as at first', async () => {
    const { made, other, transactionId } = await reviewed('nowhere', { model: { slots: 'nonces' } });
    made.ledger.fund('acct:x', 'asset:usd', 1n);
    made.ledger.prune();
    // The ledger has forgotten everything up to here, and what it remembers begins after the send.
    for (let times = 0; times < 3; times++) made.ledger.useElsewhere('acct:x');
    made.ledger.prune();
    await other.clock.advance(61 * MINUTE_MS);
    await other.service.resolveTransaction(transactionId, LOOK_AGAIN);
    await other.clock.advance(30 * MINUTE_MS);
    expect((await other.service.getTransaction(transactionId)).status).toBe('open');
    const waited = other.service.waitForSettlement(ID, { timeoutMs: 120 * MINUTE_MS });
    expect(await other.clock.runUntil(waited)).toMatchObject({ status: 'review', moneyMoved: 'maybe' });
    expect(other.alerts.map(({ alert }) => alert)).toContain('transaction-needs-review');
  });
});

describe('a transaction that a person voids', () => {
  it('frees its account by an empty one with its number, and its settlement goes with another', async () => {
    const { other, transactionId } = await reviewed('nowhere');
    await other.clock.runUntil(other.service.settlePayment({ ...REQUEST, settlementId: 's2' }));
    const given = await other.service.resolveTransaction(transactionId, VOID);
    expect(given).toMatchObject({ status: 'open', decided: 'void' });
    expect(await ended(other)).toMatchObject({ status: 'settled', attempts: 2 });
    expect((await ended(other, 's2')).status).toBe('settled');
    expect(await other.service.getTransaction(transactionId)).toMatchObject({ status: 'dead', moneyMoved: 'no' });
    expect(other.ledger.commits.map(({ transaction }) => [transaction.slot, transaction.call.kind])[0]).toEqual([
      '0',
      'void',
    ]);
    expect(other.held('acct:alice')).toBe(1_000_000_000n);
  });

  it('and whose settlements are called off fails them by proof, and not before', async () => {
    const { other, transactionId } = await reviewed('nowhere');
    other.ledger.hold();
    await other.service.resolveTransaction(transactionId, { ...VOID, settlements: 'call-off' });
    await other.clock.advance(10_000);
    expect(await other.service.getSettlement(ID)).toMatchObject({ status: 'pending', moneyMoved: 'maybe' });
    other.ledger.hold(false);
    expect(await ended(other)).toMatchObject({ status: 'failed', reason: 'not-settled', moneyMoved: 'no' });
    await other.clock.advance(5 * MINUTE_MS);
    expect(await books(other)).toEqual([0, 'failed']);
  });

  it('takes the place of what pends in a pool, at a higher price: one of both is committed', async () => {
    const { made, other, transactionId } = await reviewed('pool');
    await other.service.resolveTransaction(transactionId, { ...VOID, settlements: 'call-off' });
    await other.clock.advance(5000);
    made.ledger.hold(false);
    expect((await ended(other)).status).toBe('failed');
    expect(made.ledger.commits.map(({ transaction }) => transaction.call.kind)).toEqual(['void']);
    const prices = other.chain.submissions.map(({ fee }) => BigInt(fee.unitPrice));
    expect(prices[0]).toBeGreaterThan(100n);
  });

  it('and is committed all the same, because the void came too late: its settlement is paid, whatever was decided', async () => {
    for (const settlements of ['send-again', 'call-off'] as const) {
      const { made, other, transactionId } = await reviewed('pool');
      other.chain.arm('submit', 'request-lost', 100);
      await other.service.resolveTransaction(transactionId, { ...VOID, settlements });
      await other.clock.advance(2000);
      expect((await only(other.journal)).builds.map(({ purpose }) => purpose)).toEqual(['call', 'void']);
      made.ledger.hold(false);
      expect(await ended(other)).toMatchObject({ status: 'settled', attempts: 1 });
      await other.clock.advance(5 * MINUTE_MS);
      expect(await books(other)).toEqual([1, 'settled']);
    }
  });

  it('never has its call offered again, by no process, also after every build has expired', async () => {
    const { other, transactionId } = await reviewed('nowhere');
    other.chain.arm('submit', 'request-lost', 60);
    await other.service.resolveTransaction(transactionId, VOID);
    await other.clock.advance(2 * MINUTE_MS);
    const builds = (await only(other.journal)).builds;
    expect(builds.length).toBeGreaterThan(2);
    expect(builds.slice(1).map(({ purpose }) => purpose)).toEqual(builds.slice(1).map(() => 'void'));
    const [first] = builds;
    expect(other.chain.submissions.map(({ hash }) => hash)).not.toContain(first?.hash);
    await ended(other);
    expect(other.held('acct:alice')).toBe(500_000_000n);
  });

  it('stays to be voided, when it comes to review again and somebody has it looked for', async () => {
    const { other, transactionId } = await reviewed('nowhere');
    await other.service.resolveTransaction(transactionId, { ...VOID, settlements: 'call-off' });
    await other.clock.runUntil(other.service.shutdown());
    await leaveToAPerson(other.journal, other.clock.nowMs());
    const third = await other.another({ seed: 9 });
    expect(await third.service.resolveTransaction(transactionId, LOOK_AGAIN)).toMatchObject({ decided: 'void' });
    expect((await ended(third)).status).toBe('failed');
    expect(await books(third)).toEqual([0, 'failed']);
  });

  it('is refused where nothing keeps it and an empty one apart', async () => {
    const { other, transactionId } = await reviewed('nowhere', { model: { slots: 'nonces' } });
    await expect(other.service.resolveTransaction(transactionId, VOID)).rejects.toMatchObject({ field: 'action' });
    expect((await other.service.getTransaction(transactionId)).status).toBe('review');
    await other.service.resolveTransaction(transactionId, LOOK_AGAIN);
    expect((await ended(other)).status).toBe('settled');
    expect(await books(other)).toEqual([1, 'settled']);
  });
});

describe('a decision', () => {
  it('says who and why, and is one of two', async () => {
    const { other, transactionId } = await reviewed('nowhere');
    for (const [field, wrong] of [
      ['by', { ...LOOK_AGAIN, by: '' }],
      ['because', { action: 'void', by: 'Ada' }],
      ['action', { ...ADA, action: 'forget' }],
      ['settlements', { ...VOID, settlements: 'lose' }],
    ] as const) {
      const decided = other.service.resolveTransaction(transactionId, wrong as never);
      await expect(decided).rejects.toMatchObject({ code: 'INVALID_REQUEST', field });
    }
    expect((await other.service.getTransaction(transactionId)).status).toBe('review');
  });

  it('is made once: what is open, or has ended, is not decided on', async () => {
    const { other, transactionId } = await reviewed('nowhere');
    await other.service.resolveTransaction(transactionId, LOOK_AGAIN);
    await expect(other.service.resolveTransaction(transactionId, VOID)).rejects.toMatchObject({
      code: 'INVALID_TRANSITION',
    });
    await ended(other);
    await expect(other.service.resolveTransaction(transactionId, VOID)).rejects.toMatchObject({
      code: 'INVALID_TRANSITION',
    });
    expect(await books(other)).toEqual([1, 'settled']);
  });

  it('of two people in two processes at the same moment is made by one of them, and paid once', async () => {
    for (const [one, two] of [
      [LOOK_AGAIN, VOID],
      [VOID, LOOK_AGAIN],
      [VOID, VOID],
      [LOOK_AGAIN, LOOK_AGAIN],
    ] as const) {
      const { other, transactionId } = await reviewed('nowhere');
      const third = await other.another({ seed: 7 });
      const both = Promise.allSettled([
        other.service.resolveTransaction(transactionId, one),
        third.service.resolveTransaction(transactionId, { ...two, by: 'Grace' }),
      ]);
      const outcomes = (await other.clock.runUntil(both)).map(({ status }) => status);
      expect(outcomes.toSorted()).toEqual(['fulfilled', 'rejected']);
      expect((await ended(third)).status).toBe('settled');
      await other.clock.advance(5 * MINUTE_MS);
      expect(await books(other)).toEqual([1, 'settled']);
    }
  });

  it('on a settlement keeps its transaction from carrying it later: it can only be voided, and the account goes on', async () => {
    const { other, transactionId } = await reviewed('nowhere');
    await other.service.resolveSettlement(ID, { status: 'failed', ...ADA });
    await expect(other.service.resolveTransaction(transactionId, LOOK_AGAIN)).rejects.toMatchObject({
      code: 'INVALID_TRANSITION',
    });
    await other.service.resolveTransaction(transactionId, VOID);
    await other.clock.advance(MINUTE_MS);
    expect((await other.service.getTransaction(transactionId)).status).toBe('dead');
    expect(await books(other)).toEqual([0, 'failed']);
    await other.clock.runUntil(other.service.settlePayment({ ...REQUEST, settlementId: 's2' }));
    expect((await ended(other, 's2')).status).toBe('settled');
  });

  it('on a settlement, of which a failover has lost the mark, is found before anything is offered again', async () => {
    const { other, transactionId } = await reviewed('nowhere');
    await other.service.resolveSettlement(ID, { status: 'failed', ...ADA });
    const { decidedMembers: _, ...record } = await only(other.journal);
    await rewrite(other.journal, KINDS.transactions, transactionId, { ...record, version: record.version + 1 });
    await other.service.resolveTransaction(transactionId, LOOK_AGAIN);
    await other.clock.advance(MINUTE_MS);
    expect((await other.service.getTransaction(transactionId)).status).toBe('review');
    expect(other.chain.submissions).toHaveLength(0);
  });

  it('on a settlement that the ledger contradicts later is told to a person', async () => {
    const { made, other, transactionId } = await reviewed('pool');
    await other.service.resolveSettlement(ID, { status: 'failed', ...ADA });
    made.ledger.hold(false);
    await made.clock.advance(2000);
    await other.service.resolveTransaction(transactionId, VOID);
    await other.clock.advance(MINUTE_MS);
    const [commit] = made.ledger.commits;
    expect(other.alerts).toContainEqual({
      alert: 'decision-contradicted',
      settlementId: ID,
      transactionHash: commit?.hash,
    });
  });

  it('on a settlement is refused while its transaction is looked for again', async () => {
    const { other, transactionId } = await reviewed('nowhere');
    const mortal = createMortal(other.clock, { atCall: 1, named: 'journal.replace', effect: 'after' });
    await other.clock.runUntil(other.service.shutdown());
    const dying = serviceOn(other, mortal);
    void dying.resolveTransaction(transactionId, LOOK_AGAIN).catch(() => undefined);
    await other.clock.advance(0);
    // It died between the two: the transaction is open, its settlement still in review.
    expect((await other.service.getSettlement(ID)).status).toBe('review');
    await expect(other.service.resolveSettlement(ID, { status: 'failed', ...ADA })).rejects.toMatchObject({
      code: 'INVALID_TRANSITION',
    });
    await other.another({ seed: 9 });
    await other.clock.advance(MINUTE_MS);
    expect(await books(other)).toEqual([1, 'settled']);
  });

  it('while the journal is in doubt sends nothing until it has been compared', async () => {
    const journal = createMemoryJournal();
    const { other, transactionId } = await reviewed('nowhere', { journal });
    journal.suspect(other.clock.nowMs(), 'A failover.');
    await other.service.resolveTransaction(transactionId, LOOK_AGAIN);
    await other.clock.advance(15_000);
    expect(other.chain.submissions).toHaveLength(0);
    await journal.safety.reconciled('Compared with the ledger.');
    expect((await ended(other)).status).toBe('settled');
    expect(await books(other)).toEqual([1, 'settled']);
  });
});

const serviceOn = (
  { chain, journal }: Pick<World, 'chain' | 'journal'>,
  mortal: ReturnType<typeof createMortal>,
  seed = 3,
) =>
  new SettlementService({
    network: mortal.network(chain.factory),
    journal: mortal.journal(journal),
    clock: mortal.clock,
    random: createSeededRandom(seed),
    transport: async () => Promise.reject(new Error('A model network sends nothing.')),
    policy: { tickMs: 2000 },
  });

describe('a process that dies while it carries a decision out, wherever it does', () => {
  for (const decision of [LOOK_AGAIN, VOID, { ...VOID, settlements: 'call-off' }] as const) {
    for (const where of ['nowhere', 'pool'] as const) {
      for (const effect of ['before', 'after'] as const) {
        const what = 'settlements' in decision ? 'void and call-off' : decision.action;
        it(`${effect} a call, ${what}, with its bytes in ${where === 'pool' ? 'a pool' : 'no pool'}: the next one ends it, and the books agree`, async () => {
          let deaths = 0;
          for (let atCall = 1; ; atCall++) {
            const clock = createTurnedClock();
            const journal = createMemoryJournal();
            const ledger = new ModelLedger({ clock });
            fund(ledger, SENDER);
            const chain = createModelNetwork({ ledger });
            const first = serviceOn({ chain, journal }, createMortal(clock), 1);
            await first.initialize();
            ledger.hold();
            if (where === 'nowhere') chain.arm('submit', 'request-lost');
            await clock.runUntil(first.settlePayment(REQUEST));
            await clock.runUntil(first.shutdown());
            const transactionId = await leaveToAPerson(journal, clock.nowMs());
            const mortal = createMortal(clock, { atCall, effect });
            const dying = serviceOn({ chain, journal }, mortal, 2);
            const work = dying.initialize().then(() => dying.resolveTransaction(transactionId, decision));
            work.catch(() => undefined);
            await clock.advance(1500);
            ledger.hold(false);
            await clock.advance(1500);
            const next = serviceOn({ chain, journal }, createMortal(clock), 3);
            await next.initialize();
            const again = await clock.runUntil(next.resolveTransaction(transactionId, decision)).then(
              () => 'decided',
              (error: unknown) => PaymentError.isInstance(error) && error.code,
            );
            expect(['decided', 'INVALID_TRANSITION']).toContain(again);
            // Whoever died may hold a lease.
            await clock.advance(45_000);
            const { status } = await clock.runUntil(next.waitForSettlement(ID));
            await clock.advance(40_000);
            const paid = ledger.commits.filter(({ proofs }) => proofs.length > 0).length;
            expect([atCall, status, paid]).toEqual([atCall, paid === 1 ? 'settled' : 'failed', paid]);
            expect([atCall, paid === 1 || 'settlements' in decision]).toEqual([atCall, true]);
            for (const state of ['open', 'review']) {
              const { entries } = await journal.list({ kind: KINDS.transactions, state, limit: 10 });
              expect([atCall, state, entries.length]).toEqual([atCall, state, 0]);
            }
            const isDead = mortal.dead;
            await clock.runUntil(Promise.all([next, ...(isDead ? [] : [dying])].map((service) => service.shutdown())));
            if (!isDead) break;
            deaths += 1;
          }
          expect(deaths).toBeGreaterThan(10);
        });
      }
    }
  }
});
