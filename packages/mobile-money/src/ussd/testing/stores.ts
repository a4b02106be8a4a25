import type { KeyValueStore } from '@canza/core';

/** A part of a store that nobody else uses. */
export const withPrefix = (store: KeyValueStore, prefix: string): KeyValueStore => ({
  get: (key, options) => store.get(prefix + key, options),
  set: (key, value, options) => store.set(prefix + key, value, options),
  swap: (key, seenVersion, value, options) => store.swap(prefix + key, seenVersion, value, options),
  delete: (key, options) => store.delete(prefix + key, options),
  increment: (key, by, options) => store.increment(prefix + key, by, options),
});

/** A store that tells how it was called. */
export interface CountingStore extends KeyValueStore {
  /** Calls since the last look, by method: `swap swap get`. Looking starts anew. */
  takeCalls(): string;
}

/** Counts round trips. */
export function countCalls(store: KeyValueStore): CountingStore {
  let calls: string[] = [];
  const count =
    <A extends readonly unknown[], R>(name: string, method: (...given: A) => R) =>
    (...given: A): R => {
      calls.push(name);
      return method(...given);
    };
  return {
    get: count('get', store.get.bind(store)),
    set: count('set', store.set.bind(store)),
    swap: count('swap', store.swap.bind(store)),
    delete: count('delete', store.delete.bind(store)),
    increment: count('increment', store.increment.bind(store)),
    takeCalls() {
      const taken = calls.join(' ');
      calls = [];
      return taken;
    },
  };
}
