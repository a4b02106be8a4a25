import type { Clock } from '../environment.ts';
import { StoreError } from '../errors/state.ts';
import type { KeyValueStore } from '../key-value-store.ts';

interface Stored {
  readonly value: string;
  readonly version: number;
  readonly expiresAtMs: number;
}

/** What a store in memory is made of. */
export interface MemoryKeyValueStoreOptions {
  readonly clock: Clock;
  /** Keys kept at most; the one written longest ago makes room. Default 100,000. */
  readonly maxKeys?: number;
}

const WHOLE_NUMBER = /^-?\d{1,16}$/;

/**
 * A key-value store in memory: bounded, and with expiry on the clock that it is given. Expiry goes by monotonic time, so a
 * correction of the machine's clock neither drops a session nor keeps a token alive.
 */
export function createMemoryKeyValueStore({ clock, maxKeys = 100_000 }: MemoryKeyValueStoreOptions): KeyValueStore {
  const stored = new Map<string, Stored>();
  let versions = 0;

  const live = (key: string): Stored | undefined => {
    const present = stored.get(key);
    if (present === undefined || present.expiresAtMs > clock.monotonicMs()) return present;
    stored.delete(key);
    return undefined;
  };
  const write = (key: string, value: string, expiresAtMs: number): number => {
    stored.delete(key);
    if (stored.size >= maxKeys) {
      for (const oldest of stored.keys()) {
        stored.delete(oldest);
        break;
      }
    }
    versions += 1;
    stored.set(key, { value, version: versions, expiresAtMs });
    return versions;
  };
  const expiry = (ttlMs: number | undefined): number => (ttlMs === undefined ? Infinity : clock.monotonicMs() + ttlMs);

  return {
    async get(key) {
      const present = live(key);
      return present === undefined ? undefined : { value: present.value, version: present.version };
    },
    async set(key, value, options) {
      write(key, value, expiry(options?.ttlMs));
    },
    async swap(key, seenVersion, value, options) {
      const present = live(key);
      if ((present?.version ?? 0) === seenVersion) {
        return { swapped: true, version: write(key, value, expiry(options?.ttlMs)) };
      }
      const current = present === undefined ? undefined : { value: present.value, version: present.version };
      return { swapped: false, current };
    },
    async delete(key) {
      return live(key) !== undefined && stored.delete(key);
    },
    async increment(key, by, options) {
      const present = live(key);
      const value = present?.value ?? '0';
      const sum = WHOLE_NUMBER.test(value) ? Number(value) + by : Number.NaN;
      if (!Number.isSafeInteger(sum))
        throw new StoreError('The value under that key, or the sum, is not a whole number.');
      write(key, String(sum), present?.expiresAtMs ?? expiry(options?.ttlMs));
      return sum;
    },
  };
}
