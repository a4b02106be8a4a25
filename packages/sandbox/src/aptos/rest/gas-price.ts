import type { HttpResponse } from '@canza/core';

import type { Chain } from '../chain/chain.ts';
import type { Snapshot } from '../chain/ledger.ts';
import { bucketAbove } from '../chain/ready-queue.ts';
import type { NodeRequest } from './node-request.ts';

/** Octas a unit. */
export interface GasPriceEstimate {
  readonly low: bigint;
  readonly market: bigint;
  readonly prioritized: bigint;
}

const LOW_BLOCKS = 10;
const MARKET_BLOCKS = 30;
const AGGRESSIVE_BLOCKS = 120;
const AGGRESSIVE_SHARE = 0.9;

/** Made of the prices that the last blocks would have taken. Source: docs/sandbox/aptos.md#gas */
export function estimateGasPrice(chain: Chain, snapshot: Snapshot): GasPriceEstimate {
  const minimum = chain.settings.gas.minimumPrice;
  const floor = chain.floorPrice > minimum ? chain.floorPrice : minimum;
  const prices = chain.ledger
    .lastBlocks(snapshot.blockHeight, AGGRESSIVE_BLOCKS)
    .map(({ inclusionPrice }) => (inclusionPrice > floor ? inclusionPrice : floor));
  const low = sorted(prices.slice(0, LOW_BLOCKS))[0] ?? floor;
  const recent = sorted(prices.slice(0, MARKET_BLOCKS));
  const median = recent[Math.floor(recent.length / 2)] ?? low;
  const all = sorted(prices);
  const high = all[Math.floor(all.length * AGGRESSIVE_SHARE)] ?? median;
  return { low, market: median > low ? median : low, prioritized: bucketAbove(high) };
}

const sorted = (prices: readonly bigint[]): readonly bigint[] =>
  prices.toSorted((one, other) => (one < other ? -1 : one > other ? 1 : 0));

export function getGasPrice({ chain, snapshot, reply }: NodeRequest): HttpResponse {
  const { low, market, prioritized } = estimateGasPrice(chain, snapshot);
  return reply({
    deprioritized_gas_estimate: Number(low),
    gas_estimate: Number(market),
    prioritized_gas_estimate: Number(prioritized),
  });
}
