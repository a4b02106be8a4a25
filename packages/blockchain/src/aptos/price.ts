import type { CallOptions } from '@canza/core';
import { z } from 'zod';

import type { AptosConfig } from './config.ts';
import { bodyOf } from './fullnode/answer.ts';
import type { Fullnode } from './fullnode/fullnode.ts';
import { bucketPriceOf } from './gas.ts';

const price = z.int().positive();
const PriceSchema = z.object({
  gas_estimate: price,
  deprioritized_gas_estimate: price.optional(),
  prioritized_gas_estimate: price.optional(),
});

/** What a unit of gas costs now, in octas, by how soon the transaction is to be in a block. */
export interface GasPrices {
  readonly low: bigint;
  readonly market: bigint;
  readonly high: bigint;
}

export async function gasPrices(fullnode: Fullnode, options?: CallOptions): Promise<GasPrices> {
  const answer = await fullnode.read({ method: 'GET', path: 'estimate_gas_price' }, options);
  const estimate = bodyOf(answer, PriceSchema, 'the price of gas');
  const priceOf = (named: number | undefined): bigint => bucketPriceOf(BigInt(named ?? estimate.gas_estimate));
  return {
    low: priceOf(estimate.deprioritized_gas_estimate),
    market: priceOf(estimate.gas_estimate),
    high: priceOf(estimate.prioritized_gas_estimate),
  };
}

/** The configured one of the three prices, within the configured most. */
export async function currentPrice(
  fullnode: Fullnode,
  { gasPrice, maxGasUnitPrice }: Pick<AptosConfig, 'gasPrice' | 'maxGasUnitPrice'>,
  options?: CallOptions,
): Promise<bigint> {
  const { [gasPrice]: wanted } = await gasPrices(fullnode, options);
  return wanted < maxGasUnitPrice ? wanted : maxGasUnitPrice;
}
