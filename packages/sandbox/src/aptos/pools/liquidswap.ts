import { unknownAbort } from '../framework/aborts.ts';
import type { CallContext } from '../framework/call.ts';
import { fn, type MoveFunction } from '../framework/function-table.ts';
import { knownAddress } from '../move/address.ts';
import type { MoveType } from '../move/type-tag.ts';
import { type CoinPoolNames, coinAt, createPool, findPool, orderOf } from './coin-pools.ts';
import { addLiquidity, type FoundPool, type PoolRefusal, type PoolRules, removeLiquidity, swap } from './pool.ts';

const AT = '0x190d44266241744264b964a37b8f09863167a12d3e70cda39376cfb4e3561e12';
const address = knownAddress(AT);
const LP_ADDRESS = knownAddress('0x05a97986a9d031c4567e15b797be516910cfcb4156312482efc6a19c0a30c948');

/** Reasons of the router and of the pool's own module. (unconfirmed) */
const CODES: Readonly<Record<PoolRefusal, readonly [module: string, code: number]>> = {
  'pool-exists': ['liquidity_pool', 101],
  'insufficient-liquidity': ['liquidity_pool', 102],
  'no-pool': ['liquidity_pool', 107],
  'nothing-given': ['router_v2', 200],
  'insufficient-x': ['router_v2', 202],
  'insufficient-y': ['router_v2', 203],
  'insufficient-output': ['router_v2', 205],
  'excessive-input': ['router_v2', 206],
  'same-asset': ['coin_helper', 3000],
};
const WRONG_ORDER = ['router_v2', 208] as const;

const RULES: PoolRules = {
  address,
  feeBasisPoints: 30n,
  minimumLiquidity: 1_000n,
  refuse(reason) {
    const [module, code] = CODES[reason];
    throw unknownAbort(address, module, code);
  },
};

const NAMES: CoinPoolNames = {
  protocol: 'Liquidswap',
  share: { address: LP_ADDRESS, module: 'lp_coin', name: 'LP' },
  resource: { address, module: 'liquidity_pool', name: 'LiquidityPool' },
};

/** Names are compared as BCS bytes, which begin with their length: `USDC` stands before `AptosCoin`, as in the pools on mainnet. */
function isSorted(one: MoveType, other: MoveType): boolean {
  const [a, b] = [orderOf(one), orderOf(other)];
  const difference = a.findIndex((part, index) => part !== b[index]);
  const [left, right] = [a[difference] ?? '', b[difference] ?? ''];
  return left.length === right.length ? left < right : left.length < right.length;
}

/** The types of a pool, which this router wants in their order. */
function sortedTypes({ typeArgs }: CallContext): readonly MoveType[] {
  const [x, y] = typeArgs;
  if (x === undefined || y === undefined || !isSorted(x, y)) throw unknownAbort(address, ...WRONG_ORDER);
  return typeArgs;
}

const poolOf = (context: CallContext): FoundPool =>
  findPool(context, RULES, sortedTypes(context)) ?? RULES.refuse('no-pool');

/** Swaps go either way: the pool is that of the sorted types. */
function poolOfSwap(context: CallContext): FoundPool {
  const [from, to, curve] = context.typeArgs;
  if (from === undefined || to === undefined || curve === undefined) return RULES.refuse('no-pool');
  const types = isSorted(from, to) ? [from, to, curve] : [to, from, curve];
  return findPool(context, RULES, types) ?? RULES.refuse('no-pool');
}

const entry = (
  signature: string,
  run: (context: CallContext, numbers: readonly [bigint, bigint, bigint, bigint]) => void,
): MoveFunction =>
  fn(`entry ${AT}::scripts_v2::${signature}`, (context, args) => {
    const [a = 0n, b = 0n, c = 0n, d = 0n] = args as readonly bigint[];
    run(context, [a, b, c, d]);
  });

/** The second set of scripts; both curves are constant product here. Source: docs/sandbox/aptos.md#pools */
export const liquidswapFunctions = (): readonly MoveFunction[] => [
  entry('register_pool<T0, T1, T2>(&signer)', (context) => {
    createPool(context, RULES, NAMES, sortedTypes(context));
  }),
  entry('add_liquidity<T0, T1, T2>(&signer, u64, u64, u64, u64)', (context, [x, leastX, y, leastY]) =>
    addLiquidity(context, RULES, poolOf(context), [x, y], [leastX, leastY]),
  ),
  entry('remove_liquidity<T0, T1, T2>(&signer, u64, u64, u64)', (context, [shares, leastX, leastY]) =>
    removeLiquidity(context, RULES, poolOf(context), shares, [leastX, leastY]),
  ),
  entry('swap<T0, T1, T2>(&signer, u64, u64)', (context, [amount, leastOut]) => {
    const from = coinAt(context, context.typeArgs[0]);
    swap(context, RULES, poolOfSwap(context), from, { kind: 'exact-in', amount, leastOut });
  }),
  entry('swap_into<T0, T1, T2>(&signer, u64, u64)', (context, [mostIn, amount]) => {
    const from = coinAt(context, context.typeArgs[0]);
    swap(context, RULES, poolOfSwap(context), from, { kind: 'exact-out', amount, mostIn });
  }),
];
