import { type AssetAmount, InvalidRequestError, parseUnits } from '@canza/core';

import type { AptosAsset } from '../assets.ts';
import type { AmountPair, AptosPool } from '../pools/pool.ts';
import type { EntryFunction } from '../transaction/raw-transaction.ts';
import type { TransactionOptions } from './client.ts';
import type { TransactionReceipt } from './receipt.ts';
import { amountOf, assetByCurrency } from './requests.ts';

/** An amount of a configured asset, as decimal text. */
export interface PoolAmount {
  readonly asset: string;
  readonly amount: string;
}

/** What can be done with a configured pool. Each call sends a transaction and waits for its end. */
export interface PoolOperations {
  /** Adds up to `desired`; comes to nothing where less than `minimum` of either would be taken. */
  addLiquidity(
    request: {
      readonly pool: string;
      readonly desired: readonly [PoolAmount, PoolAmount];
      readonly minimum: readonly [PoolAmount, PoolAmount];
    },
    options?: TransactionOptions,
  ): Promise<TransactionReceipt>;
  /** Gives shares back. `shares` are base units of the pool's share token, as whole decimal text. */
  removeLiquidity(
    request: { readonly pool: string; readonly shares: string; readonly minimum: readonly [PoolAmount, PoolAmount] },
    options?: TransactionOptions,
  ): Promise<TransactionReceipt>;
  /** Pays exactly `pay`; comes to nothing where less than `minimum` would come back. */
  swap(
    request: { readonly pool: string; readonly pay: PoolAmount; readonly minimum: PoolAmount },
    options?: TransactionOptions,
  ): Promise<TransactionReceipt>;
}

type Send = (payload: EntryFunction, options?: TransactionOptions) => Promise<TransactionReceipt>;

export function poolOperations(
  pools: ReadonlyMap<string, AptosPool>,
  assets: readonly AptosAsset[],
  send: Send,
): PoolOperations {
  const poolOf = (name: string): AptosPool => {
    const pool = pools.get(name);
    if (pool === undefined) throw new InvalidRequestError({ field: 'pool', expected: 'the name of a configured pool' });
    return pool;
  };
  const read = ({ asset, amount }: PoolAmount, field: string): AssetAmount => {
    const of = assetByCurrency(assets, asset, `${field}.asset`);
    return { asset: of.id, amount: amountOf(amount, of, `${field}.amount`) };
  };
  const pair = ([left, right]: readonly [PoolAmount, PoolAmount], field: string): AmountPair => [
    read(left, `${field}.0`),
    read(right, `${field}.1`),
  ];
  return {
    addLiquidity: async ({ pool, desired, minimum }, options) =>
      send(poolOf(pool).addLiquidity(pair(desired, 'desired'), pair(minimum, 'minimum')), options),
    removeLiquidity: async ({ pool, shares, minimum }, options) =>
      send(poolOf(pool).removeLiquidity(parseUnits(shares, 0, 'shares'), pair(minimum, 'minimum')), options),
    swap: async ({ pool, pay, minimum }, options) =>
      send(poolOf(pool).swap(read(pay, 'pay'), read(minimum, 'minimum')), options),
  };
}
