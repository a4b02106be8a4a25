import type { PoolCell } from '../chain/cells.ts';
import type { CallContext } from '../framework/call.ts';
import { burn, mint, transferPrimary } from '../framework/stores.ts';
import type { Address } from '../move/address.ts';

/** How one protocol's pools behave, where they differ. */
export interface PoolRules {
  /** Where the protocol's pools are kept. */
  readonly address: Address;
  /** What stays in the pool of each swap, in ten-thousandths of what comes in. */
  readonly feeBasisPoints: bigint;
  /** Shares that the first deposit leaves behind for good. */
  readonly minimumLiquidity: bigint;
  /** Ends the transaction for the protocol's own reason. */
  readonly refuse: (reason: PoolRefusal) => never;
}

/** What can be wrong with an operation. */
export type PoolRefusal =
  | 'no-pool'
  | 'pool-exists'
  | 'same-asset'
  | 'insufficient-x'
  | 'insufficient-y'
  | 'insufficient-output'
  | 'excessive-input'
  | 'insufficient-liquidity'
  | 'nothing-given';

/** A pool with the key that it is kept under. */
export interface FoundPool {
  readonly name: `pool:${string}`;
  readonly pool: PoolCell;
}

const WHOLE = 10_000n;

/** What comes out of a pool for an exact amount that goes in, rounded down. */
const amountOut = (given: bigint, reserveIn: bigint, reserveOut: bigint, feeBasisPoints: bigint): bigint => {
  const effective = given * (WHOLE - feeBasisPoints);
  return (effective * reserveOut) / (reserveIn * WHOLE + effective);
};

/** What has to go into a pool for an exact amount to come out, rounded up. */
const amountIn = (wanted: bigint, reserveIn: bigint, reserveOut: bigint, feeBasisPoints: bigint): bigint =>
  (reserveIn * wanted * WHOLE) / ((reserveOut - wanted) * (WHOLE - feeBasisPoints)) + 1n;

function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let guess = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const better = (guess + value / guess) >> 1n;
    if (better >= guess) return guess;
    guess = better;
  }
}

/** Puts units into a pool in the proportion of its reserves, at most what is wanted and at least what is asked. */
export function addLiquidity(
  context: CallContext,
  rules: PoolRules,
  { name, pool }: FoundPool,
  wanted: readonly [bigint, bigint],
  least: readonly [bigint, bigint],
): void {
  const { session, sender } = context;
  const [x, y] = proportion(rules, pool, wanted, least);
  const supply = session.get(pool.share, 'asset')?.supply ?? 0n;
  const isFirst = supply === 0n;
  const shares = isFirst
    ? squareRoot(x * y) - rules.minimumLiquidity
    : smaller((x * supply) / pool.reserveX, (y * supply) / pool.reserveY);
  if (shares <= 0n) rules.refuse('insufficient-liquidity');
  transferPrimary(context, sender, rules.address, pool.x, x);
  transferPrimary(context, sender, rules.address, pool.y, y);
  if (isFirst && rules.minimumLiquidity > 0n) mint(context, pool.share, rules.address, rules.minimumLiquidity);
  mint(context, pool.share, sender, shares);
  session.set(rules.address, name, { ...pool, reserveX: pool.reserveX + x, reserveY: pool.reserveY + y });
}

function proportion(
  rules: PoolRules,
  { reserveX, reserveY }: PoolCell,
  [wantX, wantY]: readonly [bigint, bigint],
  [leastX, leastY]: readonly [bigint, bigint],
): readonly [bigint, bigint] {
  if (wantX === 0n || wantY === 0n) rules.refuse('nothing-given');
  if (reserveX === 0n && reserveY === 0n) return [wantX, wantY];
  const y = (wantX * reserveY) / reserveX;
  if (y <= wantY) {
    if (y < leastY) rules.refuse('insufficient-y');
    return [wantX, y];
  }
  const x = (wantY * reserveX) / reserveY;
  if (x < leastX) rules.refuse('insufficient-x');
  return [x, wantY];
}

/** Takes units out of a pool for shares, which are gone then. */
export function removeLiquidity(
  context: CallContext,
  rules: PoolRules,
  { name, pool }: FoundPool,
  shares: bigint,
  [leastX, leastY]: readonly [bigint, bigint],
): void {
  const { session, sender } = context;
  const supply = session.get(pool.share, 'asset')?.supply ?? 0n;
  if (shares === 0n || supply === 0n) rules.refuse('insufficient-liquidity');
  const x = (shares * pool.reserveX) / supply;
  const y = (shares * pool.reserveY) / supply;
  burn(context, pool.share, sender, shares);
  if (x < leastX) rules.refuse('insufficient-x');
  if (y < leastY) rules.refuse('insufficient-y');
  transferPrimary(context, rules.address, sender, pool.x, x);
  transferPrimary(context, rules.address, sender, pool.y, y);
  session.set(rules.address, name, { ...pool, reserveX: pool.reserveX - x, reserveY: pool.reserveY - y });
}

/** What a swap is bounded by: exactly what goes in, or exactly what comes out. */
export type SwapBounds =
  | { readonly kind: 'exact-in'; readonly amount: bigint; readonly leastOut: bigint }
  | { readonly kind: 'exact-out'; readonly amount: bigint; readonly mostIn: bigint };

/** Gives units of one asset for units of the other. Returns what came out. */
export function swap(
  context: CallContext,
  rules: PoolRules,
  { name, pool }: FoundPool,
  from: Address,
  bounds: SwapBounds,
  recipient: Address = context.sender,
): bigint {
  const { session, sender } = context;
  const isFromX = from === pool.x;
  const [reserveIn, reserveOut] = isFromX ? [pool.reserveX, pool.reserveY] : [pool.reserveY, pool.reserveX];
  const [given, taken] = quote(rules, bounds, reserveIn, reserveOut);
  transferPrimary(context, sender, rules.address, from, given);
  transferPrimary(context, rules.address, recipient, isFromX ? pool.y : pool.x, taken);
  const [x, y] = isFromX ? [given, -taken] : [-taken, given];
  session.set(rules.address, name, { ...pool, reserveX: pool.reserveX + x, reserveY: pool.reserveY + y });
  return taken;
}

function quote(
  rules: PoolRules,
  bounds: SwapBounds,
  reserveIn: bigint,
  reserveOut: bigint,
): readonly [given: bigint, taken: bigint] {
  if (bounds.amount === 0n) rules.refuse('nothing-given');
  if (reserveIn === 0n || reserveOut === 0n) rules.refuse('insufficient-liquidity');
  if (bounds.kind === 'exact-in') {
    const taken = amountOut(bounds.amount, reserveIn, reserveOut, rules.feeBasisPoints);
    if (taken < bounds.leastOut || taken === 0n) rules.refuse('insufficient-output');
    return [bounds.amount, taken];
  }
  if (bounds.amount >= reserveOut) rules.refuse('insufficient-liquidity');
  const given = amountIn(bounds.amount, reserveIn, reserveOut, rules.feeBasisPoints);
  if (given > bounds.mostIn) rules.refuse('excessive-input');
  return [given, bounds.amount];
}

const smaller = (one: bigint, other: bigint): bigint => (one < other ? one : other);
