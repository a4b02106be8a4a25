import { expect, test } from 'vitest';

import { knownAddress, toHex } from '../move/address.ts';
import { pairedAsset, primaryStore, RAW_TRANSACTION_PREFIX, RAW_TRANSACTION_WITH_DATA_PREFIX } from './hashes.ts';

test('separates what is signed by the digests that the chain has', () => {
  expect(toHex(RAW_TRANSACTION_PREFIX)).toMatch(/^0xb5e97db0.*00b193$/);
  expect(toHex(RAW_TRANSACTION_WITH_DATA_PREFIX)).toMatch(/^0x5efa3c4f.*50d9e67c$/);
});

test('finds the store of an owner where a real node had it', () => {
  const owner = knownAddress('0x34bf7e2d17674feb234371a7ea58efd715f0e56ba20ebf13789480d9d643afaf');
  expect(primaryStore(owner, knownAddress('0xa'))).toBe(
    '0xa5a7c7e10f3329999eb018de4dd05d03829f79585327b3df63121a8526acef61',
  );
});

test('pairs APT with the one asset that is not derived', () => {
  expect(pairedAsset('0x1::aptos_coin::AptosCoin')).toBe(knownAddress('0xa'));
});
