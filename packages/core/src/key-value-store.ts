import type { CallOptions } from './environment.ts';

/**
 * Short-lived shared state (sessions, tokens, hints), as a port. Never money: that is the journal's.
 * Values are text; a codec above the store gives them their type. Every method throws StoreError and nothing else.
 */
export interface KeyValueStore {
  get(key: string, options?: CallOptions): Promise<StoredValue | undefined>;
  /** Writes whatever stood there before. */
  set(key: string, value: string, options?: WriteOptions): Promise<void>;
  /**
   * Writes only over the version that the caller has seen, `0` meaning that there is none.
   * When another one stands there, it comes back with the refusal, so that a lost race costs no second round trip.
   */
  swap(key: string, seenVersion: number, value: string, options?: WriteOptions): Promise<SwapResult>;
  /** Whether there was something to delete. */
  delete(key: string, options?: CallOptions): Promise<boolean>;
  /** Adds to a whole number (0 when there is none) and returns the sum; `ttlMs` applies when the key is new. */
  increment(key: string, by: number, options?: WriteOptions): Promise<number>;
}

/** A value, and which write of its key it is. */
export interface StoredValue {
  readonly value: string;
  /** Grows with every write of the key. */
  readonly version: number;
}

/** How a value is kept. */
export interface WriteOptions extends CallOptions {
  /** Milliseconds until the value is gone; left out, it stays. */
  readonly ttlMs?: number;
}

/** Whether a value was written over the version that was seen, or what stands there instead. */
export type SwapResult =
  | { readonly swapped: true; readonly version: number }
  | { readonly swapped: false; readonly current: StoredValue | undefined };
