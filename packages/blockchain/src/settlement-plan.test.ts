import type {
  LedgerSnapshot,
  LedgerView,
  NetworkRules,
  Sighting,
  TransactionBuild,
  TransactionRecord,
} from '@canza/core';
import { describe, expect, it } from 'vitest';

import {
  haveAllExpired,
  lookRequestOf,
  nextLookInMs,
  nextTransactionStep,
  type TransactionContext,
  type TransactionStep,
} from './settlement-plan.ts';

const NOW_MS = 1_000_000;

const RULES: NetworkRules = {
  slotOrder: 'ordered',
  slotGuards: 'for-ever',
  maxPendingPerSender: 100,
  maxBatchSize: 100,
  firstLookAfterMs: 200,
  lookEveryMs: 500,
  bumpAfterMs: 10_000,
};
const NONCES: NetworkRules = { ...RULES, slotOrder: 'unordered', slotGuards: 'until-expiry' };
const CONTEXT: TransactionContext = {
  nowMs: NOW_MS,
  rules: RULES,
  canBump: true,
  canVoid: true,
  canBuild: true,
  reviewAfterMs: 3_600_000,
};

/** Valid while the ledger's clock is below 60, built when the ledger was at version 40. */
const build = (number: number, change: Partial<TransactionBuild> = {}): TransactionBuild => ({
  number,
  purpose: 'call',
  builtAtMs: NOW_MS - 1000,
  sender: 'acct:us',
  slot: '7',
  bytes: 'AA==',
  hash: `0x${number}`,
  fee: { maxUnits: '100', unitPrice: '100' },
  validUntil: '60',
  bornAtVersion: '40',
  ...change,
});

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
  builds: [build(1)],
  concluded: false,
  looks: 0,
  evidence: [],
  createdAtMs: NOW_MS - 1000,
  updatedAtMs: NOW_MS - 1000,
  dueAtMs: NOW_MS,
  ...change,
});
const nonce = (change: Partial<TransactionRecord> = {}): TransactionRecord =>
  record({ slotGuards: 'until-expiry', slot: 'nonce', builds: [build(1, { slot: 'nonce' })], ...change });

const at = (position: number, change: Partial<LedgerSnapshot> = {}): LedgerSnapshot => ({
  node: 'one',
  version: '50',
  oldestVersion: '0',
  position: String(position),
  atMs: position * 1000,
  ...change,
});
const absent = (hash: string, ledger: LedgerSnapshot): Sighting => ({ hash, ledger, status: 'absent' });
const pending = (hash: string, ledger = at(10)): Sighting => ({ hash, ledger, status: 'pending' });
const committed = (hash: string, final = true): Sighting => ({
  hash,
  ledger: at(10),
  status: 'committed',
  version: '45',
  atMs: 9000,
  feePaid: 80n,
  final,
  proofs: [{ event: 1, account: 'acct:a', asset: 'usd', amount: '5' }],
});
const aborted = (hash: string, final = true): Sighting => ({
  hash,
  ledger: at(10),
  status: 'aborted',
  version: '45',
  atMs: 9000,
  feePaid: 80n,
  final,
  abort: { reason: 'recipient-refused', code: 'FROZEN', detail: 'Frozen.' },
});

const step = (
  of: TransactionRecord,
  sightings: readonly Sighting[],
  { slot, ...context }: Partial<TransactionContext> & { slot?: LedgerView['slot'] } = {},
): TransactionStep => {
  const rules = of.slotGuards === 'for-ever' ? RULES : NONCES;
  return nextTransactionStep(of, slot === undefined ? { sightings } : { sightings, slot }, {
    ...CONTEXT,
    rules,
    ...context,
  });
};
const doing = (...args: Parameters<typeof step>): string => step(...args).do;

describe('what was seen, and what follows', () => {
  it('in a block, carried out: it ends committed, with version, time, fee and proofs', () => {
    expect(step(record(), [committed('0x1')])).toEqual({
      do: 'end',
      status: 'committed',
      outcome: {
        hash: '0x1',
        version: '45',
        atMs: 9000,
        feePaid: '80',
        proofs: [{ event: 1, account: 'acct:a', asset: 'usd', amount: '5' }],
      },
    });
  });

  it('in a block, come to nothing: it ends aborted, and is never sent again', () => {
    expect(step(record(), [aborted('0x1')])).toMatchObject({
      do: 'end',
      status: 'aborted',
      outcome: { hash: '0x1', feePaid: '80', abort: { reason: 'recipient-refused' } },
    });
  });

  it('in a block that can still be undone: it is looked at again', () => {
    expect(doing(record(), [committed('0x1', false)])).toBe('wait');
    expect(doing(record(), [aborted('0x1', false)])).toBe('wait');
  });

  it('pending: it waits, and pays more once that has taken long', () => {
    expect(doing(record(), [pending('0x1')])).toBe('wait');
    const old = record({ builds: [build(1, { builtAtMs: NOW_MS - 10_000 })] });
    expect(step(old, [pending('0x1')])).toMatchObject({ do: 'bump', build: { hash: '0x1' } });
    expect(doing(old, [pending('0x1')], { canBump: false })).toBe('wait');
  });

  it('pending at five prices: it waits for one of them', () => {
    const builds = [1, 2, 3, 4, 5].map((number) => build(number, { builtAtMs: 0 }));
    const sightings = builds.map(({ hash }) => (hash === '0x5' ? pending(hash) : absent(hash, at(10))));
    expect(doing(record({ builds }), sightings)).toBe('wait');
  });

  it('absent before its end: the same bytes are sent again', () => {
    expect(step(record(), [absent('0x1', at(59))])).toMatchObject({ do: 'resubmit', build: { hash: '0x1' } });
    expect(step(nonce(), [absent('0x1', at(59))])).toMatchObject({ do: 'resubmit', build: { hash: '0x1' } });
  });

  it('absent past its end: a number is used by other bytes, a nonce sets its settlements free', () => {
    expect(doing(record(), [absent('0x1', at(60))])).toBe('rebuild');
    expect(step(nonce(), [absent('0x1', at(60))])).toEqual({
      do: 'end',
      status: 'dead',
      outcome: { died: 'expired' },
    });
  });

  it('absent past its end, and the price it rests on has expired too: its number is used up without it', () => {
    const holdsUntilMs = NOW_MS;
    expect(doing(record({ holdsUntilMs }), [absent('0x1', at(60))])).toBe('void');
    expect(doing(record({ holdsUntilMs }), [absent('0x1', at(59))])).toBe('resubmit');
    expect(doing(record({ holdsUntilMs: NOW_MS + 1 }), [absent('0x1', at(60))])).toBe('rebuild');
  });

  it('never expiring and absent: the same bytes, for ever', () => {
    const evm = record({ builds: [build(1, { validUntil: null })] });
    expect(doing(evm, [absent('0x1', at(10 ** 9))])).toBe('resubmit');
  });

  it('its slot used by another transaction: it can never happen', () => {
    const slot = { status: 'used', by: '0xelse', ledger: at(10) } as const;
    expect(step(record(), [absent('0x1', at(10))], { slot })).toEqual({
      do: 'end',
      status: 'dead',
      outcome: { died: 'slot-used-by-another', hash: '0xelse' },
    });
    expect(doing(record(), [pending('0x1')], { slot })).toBe('end');
  });

  it('its slot used by one of its own builds that the node does not show yet: it waits', () => {
    const slot = { status: 'used', by: '0x1', ledger: at(70) } as const;
    expect(doing(record(), [absent('0x1', at(70))], { slot })).toBe('wait');
  });

  it('its slot used by one of its own builds that no node shows for an hour: a person has to look', () => {
    const slot = { status: 'used', by: '0x1', ledger: at(70) } as const;
    expect(doing(record(), [absent('0x1', at(70))], { slot, nowMs: NOW_MS + 3_600_000 })).toBe('review');
  });

  it('history forgotten, and its number free: none of its builds happened, and the number is used', () => {
    const forgotten = at(70, { oldestVersion: '41' });
    const slot = { status: 'free', ledger: at(70) } as const;
    const late = { nowMs: NOW_MS + 3_600_000 };
    expect(doing(record(), [absent('0x1', forgotten)], { slot, ...late })).toBe('rebuild');
    expect(haveAllExpired(record(), { sightings: [absent('0x1', forgotten)], slot })).toBe(true);
    const early = { ...slot, ledger: at(59) };
    expect(haveAllExpired(record(), { sightings: [absent('0x1', forgotten)], slot: early })).toBe(false);
    expect(doing(nonce(), [absent('0x1', forgotten)], { slot, ...late })).toBe('review');
  });

  it('two builds in a block: a person has to look', () => {
    expect(doing(record({ builds: [build(1), build(2)] }), [committed('0x1'), committed('0x2')])).toBe('review');
  });

  it('a void in a block: what it was to carry never happened', () => {
    const voided = record({ builds: [build(1), build(2, { purpose: 'void' })] });
    const end = { do: 'end', status: 'dead', outcome: { died: 'voided', hash: '0x2' } };
    expect(step(voided, [absent('0x1', at(10)), committed('0x2')])).toMatchObject(end);
    expect(step(voided, [absent('0x1', at(10)), aborted('0x2')])).toMatchObject(end);
  });
});

describe('what proves nothing', () => {
  const freed = (taken: TransactionStep): boolean =>
    taken.do === 'rebuild' || (taken.do === 'end' && taken.status === 'dead');

  it('our own clock, however late it is', () => {
    const late = { nowMs: NOW_MS + 86_400_000 };
    expect(freed(step(nonce(), [absent('0x1', at(59))], late))).toBe(false);
    expect(freed(step(record(), [absent('0x1', at(59))], late))).toBe(false);
  });

  it('a look that showed nothing, as after a time-out', () => {
    expect(freed(step(nonce(), []))).toBe(false);
    expect(step(nonce(), []).do).toBe('wait');
  });

  it('a 404 of a ledger that has not reached the end', () => {
    expect(freed(step(nonce(), [absent('0x1', at(59))]))).toBe(false);
    expect(freed(step(nonce(), [absent('0x1', at(60))]))).toBe(true);
  });

  it('absence from a pool, which is the same 404', () => {
    expect(step(nonce(), [absent('0x1', at(30, { version: '9999' }))]).do).toBe('resubmit');
  });

  it('the ledger of one answer beside the 404 of another', () => {
    const slot = { status: 'free', ledger: at(1000, { node: 'two' }) } as const;
    expect(freed(step(nonce(), [absent('0x1', at(59))], { slot }))).toBe(false);
    const other: Sighting = { hash: '0xother', ledger: at(1000), status: 'absent' };
    expect(freed(step(nonce(), [absent('0x1', at(59)), other]))).toBe(false);
    expect(freed(step(nonce(), [other]))).toBe(false);
  });

  it('the expiry of one of several builds', () => {
    const two = record({ builds: [build(1), build(2, { validUntil: '90' })] });
    expect(freed(step(two, [absent('0x1', at(70)), absent('0x2', at(70))]))).toBe(false);
    expect(freed(step(two, [absent('0x1', at(90)), absent('0x2', at(70))]))).toBe(false);
    expect(freed(step(two, [absent('0x1', at(70)), absent('0x2', at(90))]))).toBe(false);
    expect(freed(step(two, [absent('0x1', at(90)), absent('0x2', at(90))]))).toBe(true);
    expect(freed(step(two, [absent('0x1', at(90)), pending('0x2', at(90))]))).toBe(false);
  });

  it('a look for only some of the builds', () => {
    const two = record({ builds: [build(1), build(2)] });
    expect(step(two, [absent('0x1', at(90))]).do).toBe('wait');
    expect(step(two, [absent('0x2', at(90))]).do).toBe('wait');
  });

  it('absence from a node that does not remember back to before the send', () => {
    const forgot = at(90, { oldestVersion: '41' });
    expect(freed(step(nonce(), [absent('0x1', forgot)]))).toBe(false);
    expect(step(nonce(), [absent('0x1', forgot)]).do).toBe('wait');
    expect(freed(step(nonce(), [absent('0x1', at(90, { oldestVersion: '40' }))]))).toBe(true);
  });

  it('an answer that history is gone: it waits for a node that remembers, then a person has to look', () => {
    const gone: Sighting = { hash: '0x1', ledger: at(90), status: 'pruned' };
    expect(step(nonce(), [gone]).do).toBe('wait');
    expect(step(nonce({ createdAtMs: 0 }), [gone], { nowMs: 3_600_000 })).toMatchObject({ do: 'review' });
    expect(step(record({ createdAtMs: 0 }), [gone], { nowMs: 3_600_000 })).toMatchObject({ do: 'review' });
  });

  it('a refusal: another node may have taken the same bytes before', () => {
    for (const reason of ['malformed', 'cannot-pay-fee', 'expired', 'price-too-low', 'fee-out-of-bounds'] as const) {
      const refused = nonce({ refusal: { reason, code: 'X' } });
      expect([reason, freed(step(refused, [absent('0x1', at(59))]))]).toEqual([reason, false]);
    }
  });

  it('a used slot, where nobody says by which transaction, seen by a ledger that is newer than the one without ours', () => {
    const slot = { status: 'used', ledger: at(10, { version: '50' }) } as const;
    const older = at(10, { version: '49' });
    expect(freed(step(record(), [absent('0x1', older)], { slot }))).toBe(false);
    expect(freed(step(record(), [absent('0x1', at(10, { oldestVersion: '41' }))], { slot }))).toBe(false);
    expect(freed(step(record(), [absent('0x1', at(10))], { slot }))).toBe(true);
    expect(freed(step(record(), [pending('0x1')], { slot }))).toBe(false);
  });

  it('a used nonce: it says nothing once the first has expired', () => {
    const slot = { status: 'used', by: '0xelse', ledger: at(10) } as const;
    expect(freed(step(nonce(), [absent('0x1', at(10))], { slot }))).toBe(false);
  });
});

describe('a build that a node refused', () => {
  it('for what it is, is replaced by a void in its slot; without voids, and with nonces, its end is waited for', () => {
    const refusal = { reason: 'malformed', code: 'SIZE' } as const;
    expect(doing(record({ refusal }), [absent('0x1', at(10))])).toBe('void');
    expect(doing(record({ refusal }), [absent('0x1', at(60))])).toBe('void');
    expect(doing(record({ refusal }), [absent('0x1', at(10))], { canVoid: false })).toBe('wait');
    expect(doing(nonce({ refusal }), [absent('0x1', at(10))])).toBe('wait');
    expect(step(nonce({ refusal }), [absent('0x1', at(60))])).toMatchObject({ do: 'end', status: 'dead' });
  });

  it('for its fee, is built again in its slot, a few times', () => {
    const refusal = { reason: 'fee-out-of-bounds', code: 'GAS' } as const;
    expect(doing(record({ refusal }), [absent('0x1', at(10))])).toBe('rebuild');
    expect(doing(nonce({ refusal }), [absent('0x1', at(10))])).toBe('wait');
    const builds = [1, 2, 3, 4, 5].map((number) => build(number));
    const sightings = builds.map(({ hash }) => absent(hash, at(10)));
    expect(doing(record({ refusal, builds }), sightings)).toBe('wait');
  });

  it('for its fee, under a configuration that sends nonces by now, is not built again beside its number', () => {
    const refusal = { reason: 'fee-out-of-bounds', code: 'FEE' } as const;
    expect(doing(record({ refusal }), [absent('0x1', at(10))], { rules: NONCES })).toBe('wait');
  });

  it('for lack of money, is offered again until it ends', () => {
    const refusal = { reason: 'cannot-pay-fee', code: 'GAS' } as const;
    expect(doing(record({ refusal }), [absent('0x1', at(10))])).toBe('resubmit');
    expect(doing(record({ refusal }), [absent('0x1', at(60))])).toBe('rebuild');
  });

  it('as expired, waits for the ledger to show it', () => {
    expect(doing(record({ refusal: { reason: 'expired', code: 'X' } }), [absent('0x1', at(59))])).toBe('wait');
  });
});

describe('builds that were proven to have expired', () => {
  const builds = [build(1, { expired: true }), build(2, { validUntil: '120' })];

  it('are not looked for again, and do not keep the next from being proven', () => {
    expect(lookRequestOf(record({ builds })).hashes).toEqual(['0x2']);
    expect(doing(record({ builds }), [absent('0x2', at(70))])).toBe('resubmit');
    expect(doing(record({ builds }), [absent('0x2', at(120))])).toBe('rebuild');
  });

  it('are those of a view that proves it for all', () => {
    const open = record({ builds: [build(1), build(2)] });
    expect(haveAllExpired(open, { sightings: [absent('0x1', at(60)), absent('0x2', at(60))] })).toBe(true);
    expect(haveAllExpired(open, { sightings: [absent('0x1', at(60)), absent('0x2', at(59))] })).toBe(false);
    expect(haveAllExpired(open, { sightings: [absent('0x1', at(60))] })).toBe(false);
    const forgot = at(60, { oldestVersion: '41' });
    expect(haveAllExpired(open, { sightings: [absent('0x1', forgot), absent('0x2', at(60))] })).toBe(false);
  });
});

describe('the rhythm of looks', () => {
  it('is the chain’s own at first, and slower later, within bounds', () => {
    const inMs = (looks: number): number => nextLookInMs(record({ looks }), RULES, 10_000);
    expect([0, 1, 10, 11, 12, 50].map(inMs)).toEqual([200, 500, 500, 750, 1125, 10_000]);
  });
});

describe('what cannot be built here', () => {
  const unable = { canBuild: false, canBump: false, canVoid: false };

  it('is offered as it is, and ends by what the ledger shows', () => {
    expect(doing(record(), [absent('0x1', at(59))], unable)).toBe('resubmit');
    expect(doing(record(), [pending('0x1')], unable)).toBe('wait');
    expect(step(record(), [committed('0x1')], unable)).toMatchObject({ do: 'end', status: 'committed' });
    const expired = { do: 'end', status: 'dead', outcome: { died: 'expired' } };
    expect(step(record(), [absent('0x1', at(60))], unable)).toEqual(expired);
    expect(step(record(), [absent('0x1', at(60))], { ...unable, canVoid: true })).toEqual(expired);
  });

  it('is for a person to decide when the ledger shows nothing for long, and not before', () => {
    const atHour = { ...unable, nowMs: NOW_MS - 1000 + 3_600_000 };
    for (const seen of [absent('0x1', at(59)), pending('0x1')]) {
      expect(doing(record(), [seen], { ...atHour, nowMs: atHour.nowMs - 1 })).not.toBe('review');
      expect(doing(record(), [seen], atHour)).toBe('review');
      expect(doing(record(), [seen], { nowMs: atHour.nowMs })).not.toBe('review');
    }
    expect(doing(record(), [absent('0x1', at(60))], atHour)).toBe('end');
  });
});

describe('a key that nodes do not take', () => {
  const refusal = { reason: 'malformed', code: 'INVALID_AUTH_KEY' } as const;
  const voided = record({ refusal, builds: [build(1), build(2, { purpose: 'void' })] });

  it('is not tried for ever: once a void has expired that was refused too, the transaction is dead', () => {
    expect(doing(voided, [absent('0x1', at(59)), absent('0x2', at(59))])).toBe('wait');
    expect(step(voided, [absent('0x1', at(60)), absent('0x2', at(60))])).toEqual({
      do: 'end',
      status: 'dead',
      outcome: { died: 'expired' },
    });
  });
});

describe('a transaction that a person has decided on', () => {
  const decide = (to: 'look-again' | 'void', change: Partial<TransactionRecord> = {}): TransactionRecord =>
    record({ decided: { to, settlements: 'send-again', atMs: NOW_MS }, ...change });
  const VOIDED = { builds: [build(1), build(2, { purpose: 'void' })] } as const;

  it('to be looked for again goes on as it would have, and is asked for as long as at first', () => {
    expect(step(decide('look-again'), [absent('0x1', at(59))])).toMatchObject({ do: 'resubmit' });
    expect(doing(decide('look-again'), [absent('0x1', at(60))])).toBe('rebuild');
    const gone: Sighting = { hash: '0x1', ledger: at(90), status: 'pruned' };
    const old = { createdAtMs: 0 };
    expect(doing(decide('look-again', old), [gone], { nowMs: NOW_MS + 3_599_999 })).toBe('wait');
    expect(doing(decide('look-again', old), [gone], { nowMs: NOW_MS + 3_600_000 })).toBe('review');
  });

  it('to be voided is never offered: a void takes its slot, at a higher price than what pends', () => {
    expect(step(decide('void'), [absent('0x1', at(59))])).toMatchObject({ do: 'void' });
    expect(step(decide('void'), [absent('0x1', at(60))])).toMatchObject({ do: 'void' });
    expect(step(decide('void'), [pending('0x1')])).toMatchObject({ do: 'void', replaces: { hash: '0x1' } });
    expect(doing(decide('void'), [pending('0x1')], { canBump: false })).toBe('wait');
    expect(doing(decide('void'), [absent('0x1', at(59))], { canVoid: false })).toBe('wait');
    expect(step(decide('void'), [absent('0x1', at(60))], { canVoid: false, canBuild: false })).toMatchObject({
      do: 'end',
    });
  });

  it('to be voided ends by whichever of both the ledger has', () => {
    const either = decide('void', VOIDED);
    expect(step(either, [committed('0x1'), absent('0x2', at(10))])).toMatchObject({ do: 'end', status: 'committed' });
    expect(step(either, [absent('0x1', at(10)), committed('0x2')])).toMatchObject({
      status: 'dead',
      outcome: { died: 'voided' },
    });
    expect(doing(either, [committed('0x1'), committed('0x2')])).toBe('review');
  });

  it('to be voided has its void offered until it ends, and another once both have expired', () => {
    const either = decide('void', VOIDED);
    const early = at(59);
    expect(step(either, [absent('0x1', early), absent('0x2', early)])).toMatchObject({
      do: 'resubmit',
      build: { hash: '0x2' },
    });
    expect(step(either, [pending('0x1'), absent('0x2', early)])).toMatchObject({
      do: 'resubmit',
      build: { hash: '0x2' },
    });
    expect(doing(either, [absent('0x1', early), pending('0x2')])).toBe('wait');
    expect(doing(either, [absent('0x1', at(60)), absent('0x2', at(60))])).toBe('void');
  });
});
