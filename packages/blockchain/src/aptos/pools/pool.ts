import { type AssetAmount, ConfigError, InvalidRequestError } from '@canza/core';

import type { AptosAsset } from '../assets.ts';
import type { TypeTag } from '../bcs/type-tag.ts';
import type { EntryFunction } from '../transaction/raw-transaction.ts';

/** One liquidity pool behind one router: turns an operation into the router's own entry function. Pure. */
export interface AptosPool {
  /** The pool's two assets, in the pool's own order. */
  readonly assets: readonly [AptosAsset, AptosAsset];
  /** Aborts by which the router says that a bound was not met, as `address::module/0xcode`. */
  readonly boundAborts: readonly string[];
  /** Adds up to `desired`; aborts below `minimum`. Both in the caller's order. */
  addLiquidity(desired: AmountPair, minimum: AmountPair): EntryFunction;
  /** Gives shares back; aborts where either asset comes to less than its minimum. */
  removeLiquidity(shares: bigint, minimum: AmountPair): EntryFunction;
  /** Pays exactly `pay`; aborts where less than `minimum` comes back. */
  swap(pay: AssetAmount, minimum: AssetAmount): EntryFunction;
}

export type AmountPair = readonly [AssetAmount, AssetAmount];

/** What a pool is given of the configuration it stands in. */
export interface PoolContext {
  /** The name under which it is configured. */
  readonly name: string;
  readonly assets: readonly AptosAsset[];
}

/** Checks its own settings when it is called with the network's. @throws ConfigError */
export type PoolFactory = (context: PoolContext) => AptosPool;

/** Both assets of a pool that takes coins by their type. */
export interface CoinPair {
  readonly assets: readonly [AptosAsset, AptosAsset];
  readonly types: readonly [TypeTag, TypeTag];
}

/** Finds two configured coins by their currencies. @throws ConfigError naming the field of the pool. */
export function coinPair({ name, assets }: PoolContext, x: string, y: string): CoinPair {
  const find = (field: 'x' | 'y', currency: string): readonly [AptosAsset, TypeTag] => {
    const asset = assets.find((candidate) => candidate.currency === currency);
    if (asset?.kind !== 'coin') {
      throw new ConfigError({
        field: `aptos.pools.${name}.${field}`,
        expected: 'the currency of a configured asset that is a coin: this router takes no others',
      });
    }
    return [asset, asset.coinType];
  };
  const [first, firstType] = find('x', x);
  const [second, secondType] = find('y', y);
  if (first.id === second.id)
    throw new ConfigError({ field: `aptos.pools.${name}.y`, expected: 'another asset than x' });
  return { assets: [first, second], types: [firstType, secondType] };
}

/**
 * Two amounts in the pool's order, whichever order they were given in.
 * @throws InvalidRequestError where they are not of the pool's two assets.
 */
export function inPoolOrder(pair: CoinPair, [left, right]: AmountPair, field: string): readonly [bigint, bigint] {
  const [x, y] = pair.assets;
  if (left.asset === x.id && right.asset === y.id) return [left.amount, right.amount];
  if (left.asset === y.id && right.asset === x.id) return [right.amount, left.amount];
  throw new InvalidRequestError({ field, expected: `amounts of ${x.currency} and ${y.currency}, once each` });
}

/** The types of what is paid and what comes back. @throws InvalidRequestError where they are not the pool's two assets. */
export function direction(pair: CoinPair, pay: AssetAmount, minimum: AssetAmount): readonly [TypeTag, TypeTag] {
  const [x, y] = pair.assets;
  const [xType, yType] = pair.types;
  if (pay.asset === x.id && minimum.asset === y.id) return [xType, yType];
  if (pay.asset === y.id && minimum.asset === x.id) return [yType, xType];
  throw new InvalidRequestError({
    field: 'call.pay',
    expected: `${x.currency} for ${y.currency}, or the other way about`,
  });
}
