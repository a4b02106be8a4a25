/**
 * Prices from which mempool treats a transaction better than one below; what lies between two buys nothing.
 * Source: docs/providers/aptos.md#gas
 */
const BUCKETS = [150n, 300n, 500n, 1000n, 3000n, 5000n, 10_000n, 100_000n, 1_000_000n] as const;
const LOWEST_PRICE = 100n;
/** Fewer units than the cheapest transaction could ever use. */
const LEAST_UNITS = 2000n;

/** The lowest price of the bucket that a price lies in. */
export const bucketPriceOf = (price: bigint): bigint => BUCKETS.findLast((edge) => edge <= price) ?? LOWEST_PRICE;

/** The lowest price that mempool prefers to this one; `undefined` above the last bucket. */
export const nextBucketPrice = (price: bigint): bigint | undefined => BUCKETS.find((edge) => edge > price);

/**
 * Most units for a transaction whose simulation used `usedUnits`: half as much again, because the ledger moves on in between.
 * Capped at the configured most.
 */
export function unitsWithMargin(usedUnits: bigint, mostUnits: bigint): bigint {
  const wanted = (usedUnits * 3n + 1n) / 2n;
  const atLeast = wanted > LEAST_UNITS ? wanted : LEAST_UNITS;
  return atLeast < mostUnits ? atLeast : mostUnits;
}
