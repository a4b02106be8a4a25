import { type Address, parseAddress } from '../address.ts';
import { moveArgument } from '../bcs/move-argument.ts';
import type { EntryFunction } from '../transaction/raw-transaction.ts';
import { coinPair, direction, inPoolOrder, type PoolFactory } from './pool.ts';

const ROUTER = '0xc7efb4076dbe143cbcd98cfaaa929ecfc8f299203dfff63b95ccb6bfe19850fa';

/** Too little comes out, too much goes in, too little of X, too little of Y. */
const BOUND_CODES = ['0x0', '0x1', '0x2', '0x3'] as const;

/** Which PancakeSwap pool is meant. */
export interface PancakeSwapSettings {
  /** The two coins, by their configured currencies. The router sorts them itself. */
  readonly x: string;
  readonly y: string;
  /** Another deployment of the same router, such as a test network's. */
  readonly router?: string;
}

/**
 * A constant-product pool of PancakeSwap: two coins, 0.25 % a swap.
 * Source: docs/providers/aptos.md#pools
 */
export const pancakeSwap =
  ({ x, y, router = ROUTER }: PancakeSwapSettings): PoolFactory =>
  (context) => {
    const pair = coinPair(context, x, y);
    const address: Address = parseAddress(router, `pools.${context.name}.router`);
    const call = (
      name: string,
      typeArguments: EntryFunction['typeArguments'],
      ...amounts: readonly bigint[]
    ): EntryFunction => ({
      kind: 'entry-function',
      address,
      module: 'router',
      name,
      typeArguments,
      arguments: amounts.map(moveArgument.u64),
    });
    return {
      assets: pair.assets,
      boundAborts: BOUND_CODES.map((code) => `${address}::router/${code}`),
      addLiquidity(desired, minimum) {
        const [wantX, wantY] = inPoolOrder(pair, desired, 'call.desired');
        const [leastX, leastY] = inPoolOrder(pair, minimum, 'call.minimum');
        return call('add_liquidity', pair.types, wantX, wantY, leastX, leastY);
      },
      removeLiquidity(shares, minimum) {
        return call('remove_liquidity', pair.types, shares, ...inPoolOrder(pair, minimum, 'call.minimum'));
      },
      swap(pay, minimum) {
        return call('swap_exact_input', direction(pair, pay, minimum), pay.amount, minimum.amount);
      },
    };
  };
