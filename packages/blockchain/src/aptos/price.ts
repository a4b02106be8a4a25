import { type CallOptions, type Clock, withDeadline } from '@canza/core';
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

/** How old a price may be: a node itself keeps its own for as long. Source: docs/providers/aptos.md#endpoints */
const KEPT_MS = 500;

type PriceSettings = Pick<AptosConfig, 'gasPrice' | 'maxGasUnitPrice' | 'timeoutMs'>;

/** Knows the configured one of the three prices, within the configured most; asks at most every half second, for all at once. */
export class PriceReader {
  readonly #fullnode: Fullnode;
  readonly #settings: PriceSettings;
  readonly #clock: Clock;
  #last: { readonly reading: Promise<bigint>; readonly atMs: number } | undefined;

  constructor(fullnode: Fullnode, settings: PriceSettings, clock: Clock) {
    this.#fullnode = fullnode;
    this.#settings = settings;
    this.#clock = clock;
  }

  /** Octas for a unit of gas. */
  current({ timeoutMs = this.#settings.timeoutMs, signal }: CallOptions = {}): Promise<bigint> {
    if (this.#last === undefined || this.#clock.monotonicMs() - this.#last.atMs > KEPT_MS) {
      // Nobody's signal: whoever calls it off must not do so for the others.
      const last = { reading: this.#read(), atMs: this.#clock.monotonicMs() };
      this.#last = last;
      last.reading.catch(() => {
        if (this.#last === last) this.#last = undefined;
      });
    }
    const { reading } = this.#last;
    const wait = { timeoutMs, what: 'Asking for the price of gas', ...(signal === undefined ? {} : { signal }) };
    return withDeadline(this.#clock, wait, () => reading);
  }

  async #read(): Promise<bigint> {
    const { gasPrice, maxGasUnitPrice } = this.#settings;
    const { [gasPrice]: wanted } = await gasPrices(this.#fullnode);
    return wanted < maxGasUnitPrice ? wanted : maxGasUnitPrice;
  }
}
