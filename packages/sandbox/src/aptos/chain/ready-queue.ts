import type { PendingTransaction } from './mempool.ts';

/** Prices between two edges buy the same place. */
const BUCKETS = [0n, 150n, 300n, 500n, 1_000n, 3_000n, 5_000n, 10_000n, 100_000n, 1_000_000n] as const;

const bucketOf = (price: bigint): number => {
  let bucket = BUCKETS.length - 1;
  while (bucket > 0 && price < (BUCKETS[bucket] ?? 0n)) bucket -= 1;
  return bucket;
};

/** The lowest price of the bucket strictly above a price; the highest edge when there is none. */
export const bucketAbove = (price: bigint): bigint => BUCKETS[bucketOf(price) + 1] ?? (BUCKETS.at(-1) as bigint);

/** Transactions that could run at once, best first: a heap of one per sequence of numbers, and all that have none. */
export class ReadyQueue {
  readonly #successor: (entry: PendingTransaction) => PendingTransaction | undefined;
  readonly #takes: (entry: PendingTransaction) => boolean;
  readonly #rank: ((entry: PendingTransaction) => number) | undefined;
  readonly #heap: PendingTransaction[] = [];

  /**
   * @param successor The next of the same sender.
   * @param takes Whether it may go into this block at all.
   * @param rank Smaller comes first, in the place of price and arrival.
   */
  constructor(
    successor: (entry: PendingTransaction) => PendingTransaction | undefined,
    takes: (entry: PendingTransaction) => boolean,
    rank?: (entry: PendingTransaction) => number,
  ) {
    this.#successor = successor;
    this.#takes = takes;
    this.#rank = rank;
  }

  get isEmpty(): boolean {
    return this.#heap.length === 0;
  }

  offer(entry: PendingTransaction): void {
    if (!this.#takes(entry)) return;
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(at, parent)) break;
      this.#swap(at, parent);
      at = parent;
    }
  }

  take(): PendingTransaction | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    heap[0] = last;
    for (let at = 0; ; ) {
      let best = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && this.#isBefore(child, best)) best = child;
      }
      if (best === at) return first;
      this.#swap(at, best);
      at = best;
    }
  }

  /** Lets the next of the same sender follow one that ran. */
  follow(entry: PendingTransaction): void {
    if (entry.transaction.payload.nonce !== undefined) return;
    const next = this.#successor(entry);
    if (next !== undefined) this.offer(next);
  }

  #isBefore(one: number, other: number): boolean {
    const a = this.#heap[one];
    const b = this.#heap[other];
    if (a === undefined || b === undefined) return false;
    if (this.#rank !== undefined) return this.#rank(a) < this.#rank(b);
    const byPrice = bucketOf(b.transaction.gasUnitPrice) - bucketOf(a.transaction.gasUnitPrice);
    return byPrice === 0 ? a.arrival < b.arrival : byPrice < 0;
  }

  #swap(one: number, other: number): void {
    const heap = this.#heap;
    const entry = heap[one];
    heap[one] = heap[other] as PendingTransaction;
    heap[other] = entry as PendingTransaction;
  }
}
