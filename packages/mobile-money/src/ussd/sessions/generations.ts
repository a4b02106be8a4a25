/** A map with a bound, for what is looked up and written at every hop. */
export interface Generations<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  delete(key: string): void;
}

/**
 * Two generations instead of an order of use: when the young one is full, the old one is let go. Looking up and writing are
 * then each one access of a map, a third of what keeping an order costs; what was written among the last half is never lost.
 */
export function createGenerations<V>(max: number): Generations<V> {
  const size = Math.max(1, Math.ceil(max / 2));
  let young = new Map<string, V>();
  let old = new Map<string, V>();
  return {
    get: (key) => young.get(key) ?? old.get(key),
    set(key, value) {
      if (young.size >= size && !young.has(key)) {
        old = young;
        young = new Map();
      }
      young.set(key, value);
    },
    delete(key) {
      young.delete(key);
      old.delete(key);
    },
  };
}
