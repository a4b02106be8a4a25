import fc from 'fast-check';
import { expect, test } from 'vitest';

import { knownAddress } from '../move/address.ts';
import { type CellKey, cellKey } from './cells.ts';
import { VersionedState } from './state.ts';

const addresses = ['0x1', '0x2', '0x3'].map(knownAddress);
const keys: readonly CellKey[] = addresses.map((each) => cellKey(each, 'directTransfer'));

const change = fc.record({
  key: fc.constantFrom(...keys),
  allows: fc.option(fc.boolean()),
  /** How many versions lie between this write and the one before. */
  step: fc.integer({ min: 0, max: 3 }),
});

test('reads what stood at each version that it keeps, however much was written and cut off since', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 200 }), fc.integer({ min: 1, max: 60 }), (changes, kept) => {
      const state = new VersionedState();
      const written: { readonly version: number; readonly key: CellKey; readonly value: object | undefined }[] = [];
      let version = 0;
      for (const { key, allows, step } of changes) {
        version += step + 1;
        const value = allows === null ? undefined : { allowsArbitrary: allows };
        state.oldestVersion = Math.max(0, version - kept);
        state.write(key, version, value);
        written.push({ version, key, value });
      }
      for (let at = state.oldestVersion; at <= version; at++) {
        for (const key of keys) {
          const last = written.findLast((each) => each.key === key && each.version <= at);
          expect(state.read(key, at)).toEqual(last?.value);
        }
      }
    }),
    { seed: 7, numRuns: 60 },
  );
});

test('keeps no more of a cell than the versions that may be asked for', () => {
  const state = new VersionedState();
  const key = cellKey(knownAddress('0x1'), 'directTransfer');
  for (let version = 1; version <= 10_000; version++) {
    state.oldestVersion = Math.max(0, version - 100);
    state.write(key, version, { allowsArbitrary: true });
  }
  expect(state.historyLength(key)).toBeLessThan(250);
});
