import { parseAddress } from '../address.ts';
import { moveArgument } from '../bcs/move-argument.ts';
import { parseTypeTag, type TypeTag } from '../bcs/type-tag.ts';
import type { EntryFunction } from '../transaction/raw-transaction.ts';
import { type CoinPair, coinPair, direction, inPoolOrder, type PoolFactory } from './pool.ts';

const ROUTER = '0x190d44266241744264b964a37b8f09863167a12d3e70cda39376cfb4e3561e12';
const CURVES = { uncorrelated: 'Uncorrelated', stable: 'Stable' } as const;

/** 202 to 206: too little of Y, of X; too much of X; too little comes out; more is needed than the most. */
const BOUND_CODES = ['0xca', '0xcb', '0xcc', '0xcd', '0xce'] as const;

/** Which Liquidswap pool is meant. */
export interface LiquidswapSettings {
  /** The two coins, by their configured currencies. They are brought into the order of the pool's type: Liquidswap knows them in no other. */
  readonly x: string;
  readonly y: string;
  /** `uncorrelated` (default) is constant product, `stable` for two coins of one value. */
  readonly curve?: keyof typeof CURVES;
  /** Another deployment of the same router, such as a test network's. */
  readonly router?: string;
}

/**
 * The router takes two coins in one order alone: by the name of their struct, then by their module's, then by their address; a shorter name comes first.
 * Source: docs/providers/aptos.md#pools
 */
function inRouterOrder(pair: CoinPair): CoinPair {
  const [x, y] = pair.types;
  // Of a generic coin the parameters belong to the name, spelled in the chain's own way: it stays where it was put.
  if (x.kind !== 'struct' || y.kind !== 'struct' || x.typeArguments.length + y.typeArguments.length > 0) return pair;
  const order = byLength(x.name, y.name) || byLength(x.module, y.module) || byLength(x.address, y.address);
  if (order <= 0) return pair;
  const [first, second] = pair.assets;
  return { assets: [second, first], types: [y, x] };
}

/** As their bytes compare behind the number of them. */
const byLength = (left: string, right: string): number =>
  left.length - right.length || (left < right ? -1 : left === right ? 0 : 1);

/**
 * A pool of Liquidswap v1, through its second set of scripts (the first overflowed on large reserves).
 * Source: docs/providers/aptos.md#pools
 */
export const liquidswap =
  ({ x, y, curve = 'uncorrelated', router = ROUTER }: LiquidswapSettings): PoolFactory =>
  (context) => {
    const pair = inRouterOrder(coinPair(context, x, y));
    const address = parseAddress(router, `pools.${context.name}.router`);
    const curveType = parseTypeTag(`${address}::curves::${CURVES[curve]}`);
    const call = (name: string, coins: readonly TypeTag[], ...amounts: readonly bigint[]): EntryFunction => ({
      kind: 'entry-function',
      address,
      module: 'scripts_v2',
      name,
      typeArguments: [...coins, curveType],
      arguments: amounts.map(moveArgument.u64),
    });
    return {
      assets: pair.assets,
      boundAborts: ['router', 'router_v2'].flatMap((module) =>
        BOUND_CODES.map((code) => `${address}::${module}/${code}`),
      ),
      addLiquidity(desired, minimum) {
        const [wantX, wantY] = inPoolOrder(pair, desired, 'call.desired');
        const [leastX, leastY] = inPoolOrder(pair, minimum, 'call.minimum');
        // Each amount stands beside its own minimum here.
        return call('add_liquidity', pair.types, wantX, leastX, wantY, leastY);
      },
      removeLiquidity(shares, minimum) {
        return call('remove_liquidity', pair.types, shares, ...inPoolOrder(pair, minimum, 'call.minimum'));
      },
      swap(pay, minimum) {
        return call('swap', direction(pair, pay, minimum), pay.amount, minimum.amount);
      },
    };
  };
