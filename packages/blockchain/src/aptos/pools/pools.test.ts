import { describe, expect, it } from 'vitest';

import { type AptosAsset, readAsset } from '../assets.ts';
import { moveArgument } from '../bcs/move-argument.ts';
import { formatTypeTag } from '../bcs/type-tag.ts';
import type { EntryFunction } from '../transaction/raw-transaction.ts';
import { liquidswap } from './liquidswap.ts';
import { pancakeSwap } from './pancake-swap.ts';

const APT = readAsset('APT', { coin: '0x1::aptos_coin::AptosCoin', decimals: 8 });
const TOKEN = `0x${'f2'.repeat(32)}`;
const USDC = readAsset('USDC', { coin: `${TOKEN}::asset::USDC`, decimals: 6 });
const CONTEXT = { name: 'P', assets: [APT, USDC] };
const PANCAKE = '0xc7efb4076dbe143cbcd98cfaaa929ecfc8f299203dfff63b95ccb6bfe19850fa';
const LIQUIDSWAP = '0x190d44266241744264b964a37b8f09863167a12d3e70cda39376cfb4e3561e12';

const of = (asset: AptosAsset, amount: bigint) => ({ asset: asset.id, amount });
const shown = ({ address, module, name, typeArguments, arguments: args }: EntryFunction) => ({
  call: `${address}::${module}::${name}`,
  types: typeArguments.map(formatTypeTag),
  args: args.map((arg) => Buffer.from(arg).readBigUInt64LE()),
});

describe('PancakeSwap', () => {
  const pool = pancakeSwap({ x: 'APT', y: 'USDC' })(CONTEXT);

  it('adds both amounts, then both minimums, in whichever order they were given', () => {
    const expected = {
      call: `${PANCAKE}::router::add_liquidity`,
      types: [APT.id, USDC.id],
      args: [100n, 50n, 99n, 49n],
    };
    expect(shown(pool.addLiquidity([of(APT, 100n), of(USDC, 50n)], [of(APT, 99n), of(USDC, 49n)]))).toEqual(expected);
    expect(shown(pool.addLiquidity([of(USDC, 50n), of(APT, 100n)], [of(APT, 99n), of(USDC, 49n)]))).toEqual(expected);
  });

  it('removes shares against two minimums', () => {
    expect(shown(pool.removeLiquidity(7n, [of(USDC, 2n), of(APT, 1n)]))).toEqual({
      call: `${PANCAKE}::router::remove_liquidity`,
      types: [APT.id, USDC.id],
      args: [7n, 1n, 2n],
    });
  });

  it('swaps in either direction', () => {
    expect(shown(pool.swap(of(USDC, 10n), of(APT, 9n)))).toEqual({
      call: `${PANCAKE}::router::swap_exact_input`,
      types: [USDC.id, APT.id],
      args: [10n, 9n],
    });
  });

  it('refuses what is not its own', () => {
    const foreign = { asset: '0x1::a::B', amount: 1n };
    expect(() => pool.swap(foreign, of(APT, 1n))).toThrow(expect.objectContaining({ field: 'call.pay' }));
    expect(() => pool.swap(of(APT, 1n), of(APT, 1n))).toThrow(expect.objectContaining({ field: 'call.pay' }));
    expect(() => pool.removeLiquidity(1n, [of(APT, 1n), of(APT, 1n)])).toThrow(
      expect.objectContaining({ field: 'call.minimum' }),
    );
  });
});

describe('Liquidswap', () => {
  const curve = `${LIQUIDSWAP}::curves::Uncorrelated`;
  const pool = liquidswap({ x: 'USDC', y: 'APT' })(CONTEXT);

  it('puts each amount beside its minimum, in the order of its type', () => {
    expect(shown(pool.addLiquidity([of(APT, 100n), of(USDC, 50n)], [of(APT, 99n), of(USDC, 49n)]))).toEqual({
      call: `${LIQUIDSWAP}::scripts_v2::add_liquidity`,
      types: [USDC.id, APT.id, curve],
      args: [50n, 49n, 100n, 99n],
    });
  });

  it.each([
    ['the shorter name first', ['0x1::aptos_coin::AptosCoin', `${TOKEN}::asset::USDC`], ['USDC', 'AptosCoin']],
    ['names of one length by their letters', [`${TOKEN}::asset::USDT`, `${TOKEN}::asset::USDC`], ['USDC', 'USDT']],
    ['upper case before lower case', [`${TOKEN}::asset::Usdc`, `${TOKEN}::asset::UsDc`], ['UsDc', 'Usdc']],
  ])('has %s, in whichever order they were configured', (_what, coins, names) => {
    const assets = coins.map((coin, index) => readAsset(`C${index}`, { coin, decimals: 6 }));
    for (const [x, y] of [
      ['C0', 'C1'],
      ['C1', 'C0'],
    ] as const) {
      const sorted = liquidswap({ x, y })({ name: 'P', assets });
      const { types } = shown(sorted.removeLiquidity(1n, sorted.assets.map((asset) => of(asset, 1n)) as never));
      expect(types.slice(0, 2).map((type) => type.split('::').at(-1))).toEqual(names);
    }
  });

  it('has coins of one name by their module, then by their address', () => {
    const [a, b] = [`0x${'0a'.repeat(32)}`, `0x${'0b'.repeat(32)}`];
    const orderOf = (coins: readonly string[]) => {
      const assets = coins.map((coin, index) => readAsset(`C${index}`, { coin, decimals: 6 }));
      return liquidswap({ x: 'C0', y: 'C1' })({ name: 'P', assets }).assets.map(({ id }) => id);
    };
    expect(orderOf([`${a}::longer::T`, `${b}::m::T`])).toEqual([`${b}::m::T`, `${a}::longer::T`]);
    expect(orderOf([`${b}::m::T`, `${a}::m::T`])).toEqual([`${a}::m::T`, `${b}::m::T`]);
    expect(orderOf([`${b}::m::T<u8>`, `${a}::m::T`])).toEqual([`${b}::m::T<u8>`, `${a}::m::T`]);
  });

  it('removes and swaps with its curve', () => {
    expect(shown(pool.removeLiquidity(7n, [of(APT, 1n), of(USDC, 2n)]))).toEqual({
      call: `${LIQUIDSWAP}::scripts_v2::remove_liquidity`,
      types: [USDC.id, APT.id, curve],
      args: [7n, 2n, 1n],
    });
    expect(shown(pool.swap(of(APT, 10n), of(USDC, 9n)))).toEqual({
      call: `${LIQUIDSWAP}::scripts_v2::swap`,
      types: [APT.id, USDC.id, curve],
      args: [10n, 9n],
    });
    const stable = liquidswap({ x: 'USDC', y: 'APT', curve: 'stable' })(CONTEXT);
    expect(shown(stable.swap(of(APT, 1n), of(USDC, 1n))).types[2]).toBe(`${LIQUIDSWAP}::curves::Stable`);
  });
});

it('an amount is eight bytes, little end first', () => {
  expect([...moveArgument.u64(258n)]).toEqual([2, 1, 0, 0, 0, 0, 0, 0]);
});
