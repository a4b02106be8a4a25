import type { PoolCell } from '../chain/cells.ts';
import type { CallContext } from '../framework/call.ts';
import { assetOfCoin } from '../framework/transfers.ts';
import type { Address } from '../move/address.ts';
import { formatType, type MoveType, type StructType } from '../move/type-tag.ts';
import { pairedAsset } from '../transaction/hashes.ts';
import type { FoundPool, PoolRules } from './pool.ts';

/** What names a pool of two coins. */
export interface CoinPoolNames {
  readonly protocol: string;
  /** The coin that stands for a share, and the resource that shows the reserves; their arguments come with the pool. */
  readonly share: { readonly address: Address; readonly module: string; readonly name: string };
  readonly resource: { readonly address: Address; readonly module: string; readonly name: string };
}

const LP_DECIMALS = 6;

/** Whether the first coin stands before the second in a pool: by name, then module, then address, as text. */
export function isSorted(one: MoveType, other: MoveType): boolean {
  const [a, b] = [orderOf(one), orderOf(other)];
  const difference = a.findIndex((part, index) => part !== b[index]);
  return (a[difference] ?? '') < (b[difference] ?? '');
}

/** By what coins are put in order, the first difference first. */
export const orderOf = (coin: MoveType): readonly string[] =>
  coin.kind === 'struct' ? [coin.name, coin.module, coin.address] : [];

const keyOf = (types: readonly MoveType[]): `pool:${string}` => `pool:${types.map(formatType).join('|')}`;

/** The pool of these types, in their order. */
export function findPool(
  { session }: CallContext,
  { address }: PoolRules,
  types: readonly MoveType[],
): FoundPool | undefined {
  const name = keyOf(types);
  const pool = session.get(address, name);
  return pool === undefined ? undefined : { name, pool };
}

/** Opens an empty pool with a coin for its shares. Ends the transaction where there is one. */
export function createPool(
  context: CallContext,
  rules: PoolRules,
  names: CoinPoolNames,
  types: readonly MoveType[],
): FoundPool {
  if (findPool(context, rules, types) !== undefined) rules.refuse('pool-exists');
  const [x, y] = [coinAt(context, types[0]), coinAt(context, types[1])];
  if (x === y) rules.refuse('same-asset');
  const shareType: StructType = { kind: 'struct', ...names.share, args: types };
  const share = pairedAsset(formatType(shareType));
  context.session.set(share, 'asset', {
    name: `${names.protocol} LP`,
    symbol: 'LP',
    decimals: LP_DECIMALS,
    iconUri: '',
    projectUri: '',
    supply: 0n,
    maximum: undefined,
    issuer: rules.address,
    isDispatchable: false,
    coinType: shareType,
  });
  const resource: StructType = { kind: 'struct', ...names.resource, args: types };
  const pool: PoolCell = { protocol: names.protocol, x, y, reserveX: 0n, reserveY: 0n, share, resource };
  const name = keyOf(types);
  context.session.set(rules.address, name, pool);
  return { name, pool };
}

/** The asset of a coin that is named by its type. */
export const coinAt = (context: CallContext, coin: MoveType | undefined): Address =>
  assetOfCoin({ ...context, typeArgs: coin === undefined ? [] : [coin] });
