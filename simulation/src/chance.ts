import { createSeededRandom } from '@canza/core/testing';

/** Everything that a run leaves to chance, from one seed; each part of the world draws from a stream of its own. */
export class Chance {
  readonly #random;

  constructor(seed: number) {
    this.#random = createSeededRandom(seed);
  }

  /** True with this probability. */
  happens(share: number): boolean {
    return this.#random.float() < share;
  }

  /** Uniform between two numbers. */
  between(from: number, to: number): number {
    return from + this.#random.float() * (to - from);
  }

  /** A whole number from 0 to `below` − 1. */
  index(below: number): number {
    return Math.floor(this.#random.float() * below);
  }

  pick<T>(from: readonly [T, ...T[]]): T {
    return from[this.index(from.length)] ?? from[0];
  }

  /** A knob: often nothing at all, else anything up to its maximum. */
  knob(most: number): number {
    return this.happens(0.4) ? 0 : this.between(0, most);
  }

  /** A seed for another stream. */
  seed(): number {
    return this.index(2 ** 31);
  }
}
