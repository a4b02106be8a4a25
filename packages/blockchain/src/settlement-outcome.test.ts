import type {
  AbortReason,
  SettlementAttempt,
  SettlementRecord,
  TransactionBuild,
  TransactionOutcome,
  TransactionRecord,
} from '@canza/core';
import { describe, expect, it } from 'vitest';

import { afterTransaction, giveUp, joinTransaction, type OutcomeContext, putOff } from './settlement-outcome.ts';

const CONTEXT: OutcomeContext = { nowMs: 100_000, recoverAfterMs: 20_000, retryForMs: 50_000, retryEveryMs: 5000 };
const ATTEMPT: SettlementAttempt = { number: 1, transactionId: 't1', startedAtMs: 1, moneyMoved: 'maybe' };

const settlement = (id: string, change: Partial<SettlementRecord> = {}): SettlementRecord => ({
  settlementId: id,
  version: 2,
  kind: 'payment',
  status: 'pending',
  moneyMoved: 'maybe',
  network: 'model',
  amount: '5.00',
  fromCurrency: 'USD',
  toCurrency: 'USD',
  call: { kind: 'transfers', asset: 'usd', transfers: [{ to: `acct:${id}`, amount: '5' }] },
  fingerprint: 'f',
  attempts: [ATTEMPT],
  evidence: [],
  createdAtMs: 90_000,
  updatedAtMs: 90_000,
  dueAtMs: 95_000,
  ...change,
});
const BUILD: TransactionBuild = {
  number: 1,
  purpose: 'call',
  builtAtMs: 1,
  sender: 'acct:us',
  slot: '7',
  bytes: 'AA==',
  hash: '0x1',
  fee: { maxUnits: '100', unitPrice: '100' },
  validUntil: '30',
  bornAtVersion: '5',
};
const transaction = (
  status: TransactionRecord['status'],
  outcome?: TransactionOutcome,
  change: Partial<TransactionRecord> = {},
): TransactionRecord => ({
  transactionId: 't1',
  version: 2,
  status,
  network: 'model',
  sender: 'acct:us',
  slot: '7',
  slotGuards: 'for-ever',
  call: { kind: 'void' },
  members: ['a', 'b', 'c'],
  builds: [BUILD],
  concluded: false,
  looks: 1,
  evidence: [],
  createdAtMs: 1,
  updatedAtMs: 1,
  dueAtMs: 1,
  ...(outcome === undefined ? {} : { outcome }),
  ...change,
});
const proof = (amount = '5', asset = 'usd') => ({ event: 0, account: 'store', asset, amount });
const committed = (proofs: TransactionOutcome['proofs']): TransactionRecord =>
  transaction('committed', { hash: '0x1', version: '9', atMs: 7, feePaid: '300', proofs: proofs ?? [] });
const aborted = (
  reason: AbortReason,
  change: Partial<TransactionRecord> = {},
  transfer?: number,
): TransactionRecord => {
  const abort = { reason, code: 'C', detail: 'It said no.', ...(transfer === undefined ? {} : { transfer }) };
  return transaction('aborted', { hash: '0x1', feePaid: '300', abort }, change);
};
const after = (id: string, carried: TransactionRecord | undefined, change: Partial<SettlementRecord> = {}) =>
  afterTransaction(settlement(id, change), carried, CONTEXT);

describe('what a committed transaction means for a member', () => {
  it('that its own event shows: settled, with its share of the fee', () => {
    expect(after('b', committed([proof(), { ...proof(), event: 4 }, proof()]))).toMatchObject({
      status: 'settled',
      moneyMoved: 'yes',
      attempts: [{ moneyMoved: 'yes' }],
      receipt: { transactionHash: '0x1', version: '9', atMs: 7, feeShare: '100', proofs: [{ event: 4 }] },
    });
  });

  it.each([
    ['no event shows', [proof(), null, proof()]],
    ['an event shows with another amount', [proof(), proof('4'), proof()]],
    ['an event shows with another asset', [proof(), proof('5', 'eur'), proof()]],
    ['the transaction says nothing of', []],
  ])('that %s: a person has to look', (_, proofs) => {
    expect(after('b', committed(proofs))).toMatchObject({ status: 'review', moneyMoved: 'maybe', dueAtMs: null });
  });

  it('that it does not name: a person has to look', () => {
    expect(after('x', committed([proof(), proof(), proof()])).status).toBe('review');
  });

  it('that is a liquidity operation: settled, with all that was received', () => {
    const call = { kind: 'remove-liquidity', pool: 'p', shares: '9', minimum: [] } as never;
    const received = [proof('1'), proof('2', 'eur')];
    expect(after('a', committed(received), { call }).receipt?.proofs).toEqual(received);
    expect(after('x', committed(received), { call }).status, 'of somebody else').toBe('review');
  });
});

describe('what an aborted transaction means for a member', () => {
  it('beside others: it goes with its half, at once', () => {
    const groups = ['a', 'b', 'c'].map((id) => after(id, aborted('recipient-refused')));
    expect(groups.map(({ group }) => group)).toEqual(['t1/1', 't1/1', 't1/2']);
    expect(groups[0]).toMatchObject({
      status: 'created',
      moneyMoved: 'no',
      attempts: [{ moneyMoved: 'no', outcome: 'batch-aborted' }],
      dueAtMs: CONTEXT.nowMs,
    });
  });

  it('that the chain names: it fails, and the others go on together', () => {
    const known = aborted('recipient-refused', {}, 1);
    expect(after('b', known)).toMatchObject({ status: 'failed', reason: 'recipient-refused', moneyMoved: 'no' });
    expect(['a', 'c'].map((id) => after(id, known)).map(({ status, group }) => [status, group])).toEqual([
      ['created', 't1/rest'],
      ['created', 't1/rest'],
    ]);
  });

  it('by reason of the sender: every one fails, since halves would too', () => {
    expect(after('a', aborted('sender-refused'))).toMatchObject({ status: 'failed', reason: 'sender-refused' });
  });

  const alone = { members: ['a'] };
  it.each(['recipient-refused', 'sender-refused', 'slippage', 'contract-refused'] as const)(
    'alone, %s: it fails',
    (reason) => {
      expect(after('a', aborted(reason, alone))).toMatchObject({
        status: 'failed',
        reason,
        moneyMoved: 'no',
        dueAtMs: null,
      });
    },
  );

  it.each(['insufficient-balance', 'out-of-gas'] as const)(
    'alone, %s: it is tried again later, for a while',
    (reason) => {
      expect(after('a', aborted(reason, alone))).toMatchObject({ status: 'created', dueAtMs: 105_000 });
      const old = after('a', aborted(reason, alone), { createdAtMs: 50_000 });
      expect(old).toMatchObject({ status: 'failed', reason });
    },
  );
});

describe('what a dead transaction means for a member', () => {
  it('sets it free at once, in the company it had', () => {
    for (const died of ['expired', 'slot-used-by-another', 'voided'] as const) {
      const freed = after('a', transaction('dead', { died }), { group: 'g' });
      expect(freed).toMatchObject({ status: 'created', group: 'g', dueAtMs: CONTEXT.nowMs });
      expect(freed.attempts).toMatchObject([{ moneyMoved: 'no', outcome: 'never-committed' }]);
    }
    expect(after('a', undefined)).toMatchObject({ status: 'created', evidence: [{ source: 'local' }] });
  });

  it('that no node takes: alone it fails, with others it goes with its half', () => {
    const refusal = { reason: 'malformed', code: 'SIZE' } as const;
    const dead = transaction('dead', { died: 'voided' }, { refusal });
    expect(after('c', dead)).toMatchObject({ status: 'created', group: 't1/2' });
    const alone = transaction('dead', { died: 'voided' }, { refusal, members: ['a'] });
    expect(after('a', alone)).toMatchObject({ status: 'failed', reason: 'network-refused' });
  });
});

describe('a member', () => {
  it('of an open transaction is looked at again much later, since whoever follows that tells it', () => {
    expect(after('a', transaction('open'))).toMatchObject({ status: 'pending', dueAtMs: 400_000 });
  });

  it('of one that a person has to look at waits for that person', () => {
    expect(after('a', transaction('review'))).toMatchObject({ status: 'review', dueAtMs: null });
  });

  it('is told nothing by a transaction that it is not in, or not in any more', () => {
    const known = settlement('a');
    expect(afterTransaction(known, transaction('dead', { died: 'expired' }, { transactionId: 't0' }), CONTEXT)).toBe(
      known,
    );
    const free = settlement('a', { status: 'created', moneyMoved: 'no', attempts: [] });
    expect(afterTransaction(free, transaction('dead', { died: 'expired' }), CONTEXT)).toBe(free);
  });

  it('joins one that is named before it exists', () => {
    const free = settlement('a', { status: 'created', moneyMoved: 'no', attempts: [] });
    expect(joinTransaction(free, 't2', CONTEXT)).toMatchObject({
      status: 'pending',
      moneyMoved: 'maybe',
      attempts: [{ number: 1, transactionId: 't2', moneyMoved: 'maybe' }],
      dueAtMs: 120_000,
    });
    expect(() => joinTransaction(settlement('a'), 't2', CONTEXT)).toThrow('one transaction at a time');
  });

  it('that cannot be sent yet is put off, and says why once', () => {
    const free = settlement('a', { status: 'created', moneyMoved: 'no', attempts: [] });
    const once = putOff(free, 1000.5, 'X', 'Because.', CONTEXT);
    expect(once).toMatchObject({ dueAtMs: 101_001, evidence: [{ code: 'X', moneyMoved: 'no' }] });
    expect(putOff(once, 1000, 'X', 'Because.', CONTEXT).evidence).toHaveLength(1);
    expect(giveUp(once, 'cancelled', 'Called off.', CONTEXT)).toMatchObject({ status: 'failed', reason: 'cancelled' });
  });
});
