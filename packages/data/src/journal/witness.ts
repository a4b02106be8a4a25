import type { LostWrite } from '@canza/core';

/** An epoch of a family, and how many changes the journal had seen when it began. Oldest first. */
export type EpochStart = readonly [epoch: string, changes: number];

interface Witnessed {
  readonly epoch: string;
  /** The number of this change, as the journal counts them. */
  readonly change: number;
  readonly id: string;
  readonly version: number;
}

/**
 * Remembers the last acknowledged writes of this process. A copy of a server has a beginning of its changes, so what it lacks
 * is known from numbers alone: all that was acknowledged in an earlier epoch with a number above the one at which a later
 * epoch began.
 */
export class Witness {
  readonly #kept: number;
  readonly #ring: (Witnessed | undefined)[];
  #next = 0;

  constructor(kept: number) {
    this.#kept = kept;
    this.#ring = [];
  }

  add(epoch: string, change: number, id: string, version: number): void {
    this.#ring[this.#next] = { epoch, change, id, version };
    this.#next = (this.#next + 1) % this.#kept;
  }

  /** Takes out and returns what is not there in a journal with these epochs: the highest lost version of each id. */
  takeLost(kind: string, epochs: readonly EpochStart[]): LostWrite[] {
    const position = new Map(epochs.map(([epoch], index) => [epoch, index]));
    const lowestLaterStart = lowestLaterStarts(epochs);
    const lost = new Map<string, number>();
    for (const [index, seen] of this.#ring.entries()) {
      if (seen === undefined) continue;
      const at = position.get(seen.epoch);
      // An epoch that the journal does not know was lost with all that was written in it.
      if (at !== undefined && seen.change <= (lowestLaterStart[at] ?? Infinity)) continue;
      lost.set(seen.id, Math.max(seen.version, lost.get(seen.id) ?? 0));
      this.#ring[index] = undefined;
    }
    return [...lost].map(([id, version]) => ({ kind, id, version }));
  }
}

/** For each epoch the lowest start of those after it. */
function lowestLaterStarts(epochs: readonly EpochStart[]): number[] {
  const lowest: number[] = [];
  let least = Infinity;
  for (let index = epochs.length - 1; index >= 0; index--) {
    lowest[index] = least;
    least = Math.min(least, epochs[index]?.[1] ?? Infinity);
  }
  return lowest;
}
