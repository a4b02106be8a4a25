import { describe, expect, it } from 'vitest';

import { pairedAssetOf, parseAddress, primaryStoreOf, readAddress, readNodeAddress, shortAddress } from './address.ts';

const OWNER = '0x34bf7e2d17674feb234371a7ea58efd715f0e56ba20ebf13789480d9d643afaf';

describe('an address given by a caller', () => {
  it('is taken whole, in either case, or as one of the framework’s', () => {
    expect(readAddress(OWNER)).toBe(OWNER);
    expect(readAddress(`0x${OWNER.slice(2).toUpperCase()}`)).toBe(OWNER);
    expect(readAddress('0xa')).toBe(`0x${'0'.repeat(63)}a`);
  });

  it.each([OWNER.slice(0, -1), `${OWNER}0`, OWNER.slice(2), '0xa550c18', '0x10', '0x', '', ` ${OWNER}`, 10, null])(
    'is refused as %s: a lost digit would be another account',
    (value) => {
      expect(readAddress(value)).toBeUndefined();
      expect(() => parseAddress(value, 'toAddress')).toThrow(expect.objectContaining({ field: 'toAddress' }));
    },
  );
});

it('reads a node’s address with its leading zeros put back', () => {
  expect(readNodeAddress('0xa550c18')).toBe(`0x${'0'.repeat(57)}a550c18`);
  expect(readNodeAddress('a550c18')).toBeUndefined();
  expect(readNodeAddress(5)).toBeUndefined();
});

it('derives the store that a node recorded for this owner', () => {
  expect(primaryStoreOf(OWNER, parseAddress('0xa', 'metadata'))).toBe(
    '0xa5a7c7e10f3329999eb018de4dd05d03829f79585327b3df63121a8526acef61',
  );
});

it('pairs APT with 0xa, and every other coin with an asset of its own', () => {
  expect(shortAddress(pairedAssetOf('0x1::aptos_coin::AptosCoin'))).toBe('0xa');
  expect(pairedAssetOf(`${OWNER}::asset::USDC`)).toMatch(/^0x[0-9a-f]{64}$/);
});
