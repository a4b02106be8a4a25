import { describe, expect, it } from 'vitest';

import { restoreCall, storeCall } from './settlement-call.ts';
import type { NetworkCall } from './settlement-network.ts';
import {
  isTransactionFinal,
  moveTransaction,
  type TransactionBuild,
  type TransactionChange,
  type TransactionRecord,
  transactionMoneyMoved,
} from './settlement-transaction.ts';

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
const SECOND: TransactionBuild = { ...BUILD, number: 2, hash: '0x2' };

const record = (change: Partial<TransactionRecord> = {}): TransactionRecord => ({
  transactionId: 't1',
  version: 1,
  status: 'open',
  network: 'model',
  sender: 'acct:us',
  slot: '7',
  slotGuards: 'for-ever',
  call: { kind: 'transfers', asset: 'usd', transfers: [{ to: 'acct:a', amount: '5' }] },
  members: ['s1'],
  builds: [BUILD],
  concluded: false,
  looks: 0,
  evidence: [],
  createdAtMs: 1,
  updatedAtMs: 1,
  dueAtMs: 10,
  ...change,
});

const refused = (from: TransactionRecord, change: TransactionChange): string => {
  try {
    moveTransaction(from, 5, change);
  } catch (error) {
    return (error as Error).message;
  }
  return 'it was allowed';
};

describe('a transaction', () => {
  it('ends by one of its own builds, and rests once its members have been told', () => {
    const ended = moveTransaction(record(), 5, { status: 'committed', outcome: { hash: '0x1' } });
    expect(ended).toMatchObject({ version: 2, status: 'committed', concluded: false, dueAtMs: 10 });
    expect(moveTransaction(ended, 6, { concluded: true })).toMatchObject({ concluded: true, dueAtMs: null });
    expect(refused(record(), { status: 'committed', outcome: { hash: '0xother' } })).toContain('its own builds');
    expect(refused(record(), { status: 'aborted', outcome: {} })).toContain('its own builds');
    expect(refused(record(), { status: 'committed' })).toContain('outcome');
    expect(refused(record(), { concluded: true })).toContain('an end only');
  });

  it('is not carried out by a void in its slot', () => {
    const voided = record({ builds: [BUILD, { ...SECOND, purpose: 'void' }] });
    expect(refused(voided, { status: 'committed', outcome: { hash: '0x2' } })).toContain('carries nothing out');
    expect(moveTransaction(voided, 5, { status: 'dead', outcome: { hash: '0x2', died: 'voided' } }).status).toBe(
      'dead',
    );
  });

  it('is dead only with what proves it', () => {
    expect(refused(record(), { status: 'dead', outcome: { hash: '0x9' } })).toContain('proves that it is dead');
    expect(moveTransaction(record(), 5, { status: 'dead', outcome: { died: 'expired' } }).status).toBe('dead');
  });

  it('has builds in one slot alone, numbered one by one, while it is open', () => {
    expect(moveTransaction(record(), 5, { build: SECOND }).builds).toEqual([BUILD, SECOND]);
    expect(refused(record(), { build: { ...SECOND, slot: '8' } })).toContain('same sender and slot');
    expect(refused(record(), { build: { ...SECOND, sender: 'acct:other' } })).toContain('same sender and slot');
    expect(refused(record(), { build: { ...SECOND, number: 3 } })).toContain('numbered');
    expect(refused(record({ status: 'review' }), { build: SECOND })).toContain('nothing is built');
  });

  it('in a slot that guards until expiry never has a second build', () => {
    expect(refused(record({ slotGuards: 'until-expiry' }), { build: SECOND })).toContain('one build');
  });

  it('that is final stays as it is; one that is not concluded falls due', () => {
    const dead = record({ status: 'dead', outcome: { died: 'expired' } });
    expect(refused(dead, { status: 'open' })).toContain('not legal');
    expect(refused(record(), { dueAtMs: null })).toContain('fall due');
    expect(moveTransaction(record(), 5, { status: 'review', dueAtMs: null }).dueAtMs).toBeNull();
    expect(isTransactionFinal('review')).toBe(false);
    expect((['open', 'review', 'committed', 'aborted', 'dead'] as const).map(transactionMoneyMoved)).toEqual([
      'maybe',
      'maybe',
      'yes',
      'no',
      'no',
    ]);
  });
});

describe('a transaction in review', () => {
  const reviewed = (change: Partial<TransactionRecord> = {}) => record({ status: 'review', dueAtMs: null, ...change });
  const LOOK_AGAIN = { to: 'look-again', settlements: 'send-again', atMs: 5 } as const;
  const VOID = { ...LOOK_AGAIN, to: 'void' } as const;

  it('is opened again by a person alone, and falls due', () => {
    expect(refused(reviewed(), { status: 'open', dueAtMs: 5 })).toContain('by a person');
    expect(refused(record(), { decided: LOOK_AGAIN })).toContain('by a person');
    expect(refused(reviewed(), { status: 'open', decided: LOOK_AGAIN })).toContain('fall due');
    const opened = moveTransaction(reviewed(), 5, { status: 'open', decided: LOOK_AGAIN, dueAtMs: 5 });
    expect(opened).toMatchObject({ status: 'open', decided: LOOK_AGAIN, dueAtMs: 5 });
    expect(moveTransaction(opened, 6, { build: SECOND }).builds).toHaveLength(2);
  });

  it('does not carry what a person has decided on: it can be voided, and builds nothing else then', () => {
    const decided = moveTransaction(reviewed(), 5, { decidedMember: 's1' });
    expect(moveTransaction(decided, 6, { decidedMember: 's1' }).decidedMembers).toEqual(['s1']);
    expect(refused(decided, { status: 'open', decided: LOOK_AGAIN, dueAtMs: 5 })).toContain('"s1"');
    const voided = moveTransaction(decided, 6, { status: 'open', decided: VOID, dueAtMs: 5 });
    expect(refused(voided, { build: SECOND })).toContain('only used up');
    expect(moveTransaction(voided, 7, { build: { ...SECOND, purpose: 'void' } }).builds).toHaveLength(2);
    expect(refused(voided, { decidedMember: 's1' })).toContain('nobody follows');
  });

  it('that was to be voided stays so', () => {
    const voided = moveTransaction(reviewed(), 5, { status: 'open', decided: VOID, dueAtMs: 5 });
    const again = moveTransaction(voided, 6, { status: 'review', dueAtMs: null });
    expect(refused(again, { status: 'open', decided: LOOK_AGAIN, dueAtMs: 7 })).toContain('stays so');
    expect(moveTransaction(again, 7, { status: 'open', decided: VOID, dueAtMs: 7 }).decided?.to).toBe('void');
  });
});

describe('a call in a record', () => {
  it('survives JSON with every base unit', () => {
    const pair = [
      { asset: 'a', amount: 2n ** 80n },
      { asset: 'b', amount: 1n },
    ] as const;
    const calls: NetworkCall[] = [
      { kind: 'transfers', asset: 'a', transfers: [{ to: '123', amount: 2n ** 80n }] },
      { kind: 'add-liquidity', pool: '7', desired: pair, minimum: pair },
      { kind: 'remove-liquidity', pool: '7', shares: 9n, minimum: pair },
      { kind: 'swap', pool: '7', pay: pair[0], minimum: pair[1] },
      { kind: 'void' },
    ];
    for (const call of calls) {
      const stored: unknown = JSON.parse(JSON.stringify(storeCall(call)));
      expect(restoreCall(stored as ReturnType<typeof storeCall>)).toEqual(call);
    }
  });
});
