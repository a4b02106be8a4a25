import { expect, test } from 'vitest';

import { createLedger } from './ledger.ts';

const entry = { from: 'wallet', to: 'shop', amountMinor: 5n, atMs: 0, reference: 'R1' };

test('takes from one account what it gives to the other, so that all of them add up to nothing', () => {
  const ledger = createLedger((account) => (account === 'wallet' ? 100n : 0n));
  ledger.post(entry);
  ledger.post({ ...entry, from: 'shop', to: 'fees', amountMinor: 7n });
  expect(['wallet', 'shop', 'fees', 'outside'].map((account) => ledger.balanceMinor(account))).toEqual([
    95n,
    -2n,
    7n,
    -100n,
  ]);
  expect(ledger.totalMinor()).toBe(0n);
});

test('refuses a movement of nothing or less', () => {
  const ledger = createLedger();
  for (const amountMinor of [0n, -1n]) expect(() => ledger.post({ ...entry, amountMinor })).toThrow(RangeError);
  expect(ledger.entries).toEqual([]);
});
