import { U64 } from '@aptos-labs/ts-sdk';
import { beforeEach, describe, expect, test } from 'vitest';

import { AptosCaller, addressOf, call } from '../../../test/aptos-caller.ts';
import { APTOS_ASSETS } from '../settings.ts';

const APT = '0x1::aptos_coin::AptosCoin';
const USDC = '0xf22bede237a07e121b56d91a491eb7bcdfd1f5907926a9e58338f964a01b17fa::asset::USDC';
const PANCAKE = '0xc7efb4076dbe143cbcd98cfaaa929ecfc8f299203dfff63b95ccb6bfe19850fa::router';
const LIQUIDSWAP = '0x190d44266241744264b964a37b8f09863167a12d3e70cda39376cfb4e3561e12';
const CURVE = `${LIQUIDSWAP}::curves::Uncorrelated`;

const numbers = (...values: readonly bigint[]) => values.map((value) => new U64(value));
let caller: AptosCaller;
let sequenceNumber: bigint;
beforeEach(() => {
  caller = new AptosCaller();
  sequenceNumber = 0n;
  caller.emulator.chain.mint(APTOS_ASSETS.lzUsdc, addressOf(caller.alice), 1_000_000_000n);
});

async function run(name: `${string}::${string}`, values: readonly bigint[], types: readonly string[]) {
  const payload = call(name, numbers(...values), types);
  const hash = await caller.commit(caller.signed(caller.alice, payload, { sequenceNumber, maxGas: 100_000n }));
  sequenceNumber += 1n;
  return caller.json(`/transactions/by_hash/${hash}`);
}

const usdc = () => caller.emulator.books.balanceMinor(addressOf(caller.alice), APTOS_ASSETS.lzUsdc);
const audit = () => caller.emulator.books.audit().flatMap((each) => [each.unaccountedMinor, each.supplyErrorMinor]);

describe('PancakeSwap', () => {
  const add = (...values: bigint[]) => run(`${PANCAKE}::add_liquidity`, values, [APT, USDC]);

  test('gives what the product of the reserves leaves, less a quarter of a percent', async () => {
    expect(await add(1_000_000n, 4_000_000n, 0n, 0n)).toMatchObject({ success: true });
    const before = usdc();
    expect(await run(`${PANCAKE}::swap_exact_input`, [10_000n, 1n], [APT, USDC])).toMatchObject({ success: true });
    // 4,000,000 × 9,975 ÷ (1,000,000 + 9,975), rounded down.
    expect(usdc() - before).toBe(39_505n);
    expect(audit()).toEqual(audit().map(() => 0n));
  });

  test('moves nothing when less would come out than is wanted', async () => {
    await add(1_000_000n, 4_000_000n, 0n, 0n);
    const before = usdc();
    expect(await run(`${PANCAKE}::swap_exact_input`, [10_000n, 39_506n], [APT, USDC])).toMatchObject({
      success: false,
      vm_status: `Move abort in ${PANCAKE}: 0x0`,
    });
    expect(await run(`${PANCAKE}::swap_exact_output`, [39_505n, 9_999n], [APT, USDC])).toMatchObject({
      success: false,
      vm_status: `Move abort in ${PANCAKE}: 0x1`,
    });
    expect(usdc()).toBe(before);
  });

  test('adds in the proportion of the pool, and gives it back for the shares', async () => {
    await add(1_000_000n, 4_000_000n, 0n, 0n);
    const before = usdc();
    expect(await add(1_000_000n, 5_000_000n, 0n, 4_000_001n)).toMatchObject({ success: false });
    expect(await add(1_000_000n, 5_000_000n, 0n, 4_000_000n)).toMatchObject({ success: true });
    expect(before - usdc()).toBe(4_000_000n);
    // The coins may be named the other way about.
    expect(await run(`${PANCAKE}::remove_liquidity`, [2_000_000n, 4_000_000n, 1_000_000n], [USDC, APT])).toMatchObject({
      success: true,
    });
    expect(usdc()).toBe(before);
    expect(audit()).toEqual(audit().map(() => 0n));
  });
});

describe('Liquidswap', () => {
  const types = [USDC, APT, CURVE];
  const scripts = (name: string) => `${LIQUIDSWAP}::scripts_v2::${name}` as const;

  test('wants a pool registered, with its coins in their order', async () => {
    expect(await run(scripts('add_liquidity'), [1_000n, 1n, 1_000n, 1n], types)).toMatchObject({ success: false });
    expect(await run(scripts('register_pool'), [], [APT, USDC, CURVE])).toMatchObject({ success: false });
    expect(await run(scripts('register_pool'), [], types)).toMatchObject({ success: true });
    expect(await run(scripts('register_pool'), [], types)).toMatchObject({ success: false });
  });

  test('swaps either way, and not below the least that is wanted', async () => {
    await run(scripts('register_pool'), [], types);
    expect(await run(scripts('add_liquidity'), [4_000_000n, 0n, 1_000_000n, 0n], types)).toMatchObject({
      success: true,
    });
    const before = usdc();
    expect(await run(scripts('swap'), [10_000n, 1n], [USDC, APT, CURVE])).toMatchObject({ success: true });
    expect(before - usdc()).toBe(10_000n);
    expect(await run(scripts('swap'), [10_000n, 10_000n], [USDC, APT, CURVE])).toMatchObject({
      success: false,
      vm_status: `Move abort in ${LIQUIDSWAP}::router_v2: 0xcd`,
    });
    expect(await run(scripts('swap_into'), [5_000n, 10_000n], [APT, USDC, CURVE])).toMatchObject({ success: true });
    expect(usdc() - before).toBe(0n);
    expect(audit()).toEqual(audit().map(() => 0n));
  });
});
