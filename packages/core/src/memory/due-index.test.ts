import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { DueIndex } from './due-index.ts';

/** The same, slow and plain: an array that is sorted each time. */
class SortedArray {
  #entries: { readonly id: string; readonly atMs: number; readonly order: number }[] = [];
  #orders = 0;

  get size(): number {
    return this.#entries.length;
  }

  move(id: string, atMs: number | null): void {
    if (this.#entries.some((entry) => entry.id === id && entry.atMs === atMs)) return;
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
    if (atMs !== null) this.#entries.push({ id, atMs, order: this.#orders++ });
  }

  take(nowMs: number): string | undefined {
    const [first] = this.#entries.toSorted((left, right) => left.atMs - right.atMs || left.order - right.order);
    if (first === undefined || first.atMs > nowMs) return undefined;
    this.#entries = this.#entries.filter((entry) => entry !== first);
    return first.id;
  }
}

interface Action {
  readonly id: string;
  /** Moves the id to that time or takes it out; left out, what is due by `nowMs` is taken instead. */
  readonly move?: { readonly toMs: number | null };
  readonly nowMs: number;
}

describe('ids in the order in which they fall due', () => {
  it('come out as from a sorted array, whatever was moved meanwhile', () => {
    const time = fc.integer({ min: 0, max: 100 });
    const action: fc.Arbitrary<Action> = fc.record(
      {
        id: fc.stringMatching(/^[a-h][a-h]$/),
        move: fc.record({ toMs: fc.oneof({ weight: 3, arbitrary: time }, fc.constant(null)) }),
        nowMs: time,
      },
      { requiredKeys: ['id', 'nowMs'] },
    );
    fc.assert(
      fc.property(fc.array(action, { minLength: 50, maxLength: 200 }), (actions) => {
        const index = new DueIndex();
        const model = new SortedArray();
        const act = (store: DueIndex | SortedArray, { id, move, nowMs }: Action): string | undefined => {
          if (move === undefined) return store.take(nowMs);
          store.move(id, move.toMs);
          return undefined;
        };
        for (const each of actions) {
          expect(act(index, each)).toBe(act(model, each));
          expect(index.size).toBe(model.size);
        }
        for (let left = model.size; left > 0; left--) expect(index.take(Infinity)).toBe(model.take(Infinity));
        expect(index.take(Infinity)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it('come out first in, first out when they fall due at once', () => {
    const index = new DueIndex();
    for (const id of ['a', 'b', 'c', 'd', 'e']) index.move(id, 5);
    index.move('a', 6);
    index.move('a', 5);
    expect(Array.from({ length: 5 }, () => index.take(5))).toEqual(['b', 'c', 'd', 'e', 'a']);
  });

  it('are not out before their time, and leave when they come to rest', () => {
    const index = new DueIndex();
    index.move('a', 10);
    expect(index.take(9)).toBeUndefined();
    index.move('a', null);
    index.move('never-there', null);
    expect(index.take(10)).toBeUndefined();
    expect(index.size).toBe(0);
  });

  it('take no room for the times that they were moved away from', () => {
    const index = new DueIndex();
    for (let round = 0; round < 1000; round++) {
      for (let id = 0; id < 20; id++) index.move(`tx-${id}`, 1_000_000 + round * 60_000 + id);
    }
    expect(index.size).toBe(20);
  });
});
