import type { Address } from '../move/address.ts';

/** The nonces that were used, for as long as using one again would be a double spend. */
export class NonceTable {
  readonly #overlapSeconds: bigint;
  readonly #expiries = new Map<string, bigint>();

  /** @param overlapSeconds How far beyond an old expiry a new one has to lie for its nonce to be free again. */
  constructor(overlapSeconds: bigint) {
    this.#overlapSeconds = overlapSeconds;
  }

  isFree(sender: Address, nonce: bigint, expirationSeconds: bigint, nowSeconds: bigint): boolean {
    const used = this.#expiries.get(keyOf(sender, nonce));
    return used === undefined || (used < nowSeconds && expirationSeconds > used + this.#overlapSeconds);
  }

  use(sender: Address, nonce: bigint, expirationSeconds: bigint, nowSeconds: bigint): void {
    const key = keyOf(sender, nonce);
    // Behind all others, so that the oldest stand in front.
    this.#expiries.delete(key);
    this.#expiries.set(key, expirationSeconds);
    for (const [old, expiry] of this.#expiries) {
      if (expiry + this.#overlapSeconds >= nowSeconds) break;
      this.#expiries.delete(old);
    }
  }
}

const keyOf = (sender: Address, nonce: bigint): string => `${sender}/${nonce}`;
