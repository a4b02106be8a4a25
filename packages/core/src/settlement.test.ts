import { describe, expect, it } from 'vitest';

import {
  isSettlementFinal,
  keepRefunds,
  moveSettlement,
  SETTLEMENT_STATUSES,
  type SettlementAttempt,
  type SettlementChange,
  type SettlementRecord,
  type SettlementStatus,
  settlementFingerprint,
  settlementMoneyMovedAt,
} from './settlement.ts';

const ATTEMPT: SettlementAttempt = { number: 1, transactionId: 't1', startedAtMs: 1, moneyMoved: 'maybe' };
const GONE: SettlementAttempt = { ...ATTEMPT, moneyMoved: 'no', outcome: 'never-committed' };
const PAID: SettlementAttempt = { ...ATTEMPT, moneyMoved: 'yes' };
const RECEIPT = { transactionHash: '0x1', version: '7', atMs: 2, proofs: [], feeShare: '80' };

const record = (status: SettlementStatus, attempts: readonly SettlementAttempt[] = []): SettlementRecord => ({
  settlementId: 's1',
  version: 3,
  kind: 'payment',
  status,
  moneyMoved: settlementMoneyMovedAt(status),
  network: 'model',
  amount: '5.00',
  fromCurrency: 'USD',
  toCurrency: 'USD',
  call: { kind: 'transfers', asset: 'usd', transfers: [{ to: 'acct:a', amount: '5000000' }] },
  fingerprint: 'f',
  attempts,
  evidence: [],
  createdAtMs: 1,
  updatedAtMs: 1,
  dueAtMs: 10,
});

const refused = (from: SettlementRecord, change: SettlementChange): string => {
  try {
    moveSettlement(from, 5, change);
  } catch (error) {
    return (error as Error).message;
  }
  return 'it was allowed';
};

describe('a settlement', () => {
  it('goes from created to settled, one version at a time, and is at rest then', () => {
    const pending = moveSettlement(record('created'), 5, { status: 'pending', attempts: [ATTEMPT], dueAtMs: 20 });
    expect(pending).toMatchObject({ version: 4, status: 'pending', moneyMoved: 'maybe', dueAtMs: 20, updatedAtMs: 5 });
    const settled = moveSettlement(pending, 6, { status: 'settled', attempts: [PAID], receipt: RECEIPT });
    expect(settled).toMatchObject({ version: 5, moneyMoved: 'yes', dueAtMs: null, receipt: RECEIPT });
  });

  it('goes back to created only when what carried it is proven to have moved nothing', () => {
    const pending = record('pending', [ATTEMPT]);
    expect(moveSettlement(pending, 5, { status: 'created', attempts: [GONE] }).moneyMoved).toBe('no');
    expect(refused(pending, { status: 'created' })).toContain('not proven to have moved nothing');
    expect(refused(pending, { status: 'failed', reason: 'slippage' })).toContain('not proven to have moved nothing');
  });

  it('is never in two transactions at once', () => {
    const second = { ...ATTEMPT, number: 2, transactionId: 't2' };
    expect(refused(record('pending', [ATTEMPT]), { attempts: [ATTEMPT, second] })).toContain(
      'one transaction at a time',
    );
    expect(refused(record('created'), { status: 'pending', attempts: [ATTEMPT, second] })).toContain('one transaction');
    const again = moveSettlement(record('created', [GONE]), 5, { status: 'pending', attempts: [GONE, second] });
    expect(again.attempts).toHaveLength(2);
    expect(refused(record('created', [PAID]), { status: 'pending', attempts: [PAID, second] })).toContain('no other');
  });

  it('never forgets a transaction that named it', () => {
    expect(refused(record('pending', [ATTEMPT]), { attempts: [] })).toContain('never forgotten');
    expect(refused(record('pending', [ATTEMPT]), { attempts: [{ ...ATTEMPT, transactionId: 'x' }] })).toContain(
      'never',
    );
  });

  it('is settled by one proof, with its receipt', () => {
    expect(refused(record('pending', [ATTEMPT]), { status: 'settled', receipt: RECEIPT })).toContain(
      'proven to have paid',
    );
    expect(refused(record('pending', [ATTEMPT]), { status: 'settled', attempts: [PAID] })).toContain('receipt');
    const twice = [PAID, { ...PAID, number: 2, transactionId: 't2' }];
    expect(refused(record('review', twice), { status: 'settled', receipt: RECEIPT })).toContain('exactly one');
  });

  it('fails with a reason, and has a reason only then', () => {
    expect(moveSettlement(record('created'), 5, { status: 'failed', reason: 'quote-expired' }).reason).toBe(
      'quote-expired',
    );
    expect(refused(record('created'), { status: 'failed' })).toContain('reason');
    expect(refused(record('created'), { reason: 'slippage' })).toContain('reason');
  });

  it('that is open falls due; one that awaits a word, or a person, need not', () => {
    expect(refused(record('created'), { dueAtMs: null })).toContain('fall due');
    expect(refused(record('pending', [ATTEMPT]), { dueAtMs: null })).toContain('fall due');
    expect(moveSettlement(record('awaiting-confirmation'), 5, { dueAtMs: null }).dueAtMs).toBeNull();
    expect(moveSettlement(record('pending', [ATTEMPT]), 5, { status: 'review', dueAtMs: null }).dueAtMs).toBeNull();
  });

  it('in review is pending again where its transaction is, and free only by proof', () => {
    const reviewed = { ...record('review', [ATTEMPT]), dueAtMs: null };
    expect(moveSettlement(reviewed, 5, { status: 'pending', dueAtMs: 9 })).toMatchObject({
      status: 'pending',
      dueAtMs: 9,
    });
    expect(refused(reviewed, { status: 'pending' })).toContain('fall due');
    expect(refused(reviewed, { status: 'created', dueAtMs: 9 })).toContain('not proven');
    expect(moveSettlement(reviewed, 5, { status: 'created', attempts: [GONE], dueAtMs: 9 }).moneyMoved).toBe('no');
  });

  it('that is final never changes, and each state says what it says of the money', () => {
    expect(SETTLEMENT_STATUSES.filter(isSettlementFinal)).toEqual(['settled', 'failed']);
    for (const status of ['settled', 'failed'] as const) expect(refused(record(status), {})).toContain('final');
    expect(SETTLEMENT_STATUSES.map(settlementMoneyMovedAt)).toEqual(['no', 'no', 'maybe', 'maybe', 'yes', 'no']);
  });

  it('that was paid keeps what is given back of it, and loses sight of none that was accepted', () => {
    const paid = { ...record('settled', [PAID]), dueAtMs: null };
    const kept = keepRefunds(paid, 5, [{ settlementId: 'r1', units: '5', accepted: true }]);
    expect(kept).toMatchObject({ version: 4, status: 'settled', attempts: [PAID], updatedAtMs: 5, dueAtMs: null });
    const waiting = { settlementId: 'r2', units: '1', accepted: false };
    const both = keepRefunds(kept, 6, [{ settlementId: 'r1', units: '0', accepted: true }, waiting]);
    expect(keepRefunds(both, 7, both.refunds?.slice(0, 1) ?? []).refunds).toHaveLength(1);
    expect(() => keepRefunds(both, 7, [waiting])).toThrow('never forgotten');
    expect(() => keepRefunds(record('failed'), 7, [waiting])).toThrow('only a settled payment');
    expect(() => keepRefunds({ ...paid, kind: 'refund' }, 7, [waiting])).toThrow('only a settled payment');
  });

  it('is the same as another by all that decides what moves, and by nothing else', () => {
    const base = { ...record('created'), terms: 'acct:a' };
    const digest = settlementFingerprint(base);
    expect(settlementFingerprint({ ...base, version: 9, description: 'x' } as typeof base)).toBe(digest);
    const original = { settlementId: 's0', amount: '5.00', slot: 1 };
    for (const other of [
      { kind: 'refund' as const },
      { network: 'other' },
      { amount: '5.01' },
      { fromCurrency: 'EUR' },
      { toCurrency: 'EUR' },
      { terms: 'acct:b' },
      { original },
    ]) {
      expect(settlementFingerprint({ ...base, ...other })).not.toBe(digest);
    }
  });
});
