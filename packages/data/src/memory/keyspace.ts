import type { Clock } from '@canza/core';
import { ReplyError } from './reply-error.ts';
import { OpenScans } from './scans.ts';

/** Bytes as text that a Map can hold as a key: one character a byte, in the order of the bytes. */
type ByteText = string;

export interface SortedSet {
  readonly scores: Map<ByteText, number>;
}

/** One entry of a stream: its id as milliseconds and number, fields and values in turn. */
export interface StreamEntry {
  readonly ms: number;
  readonly seq: number;
  readonly fields: readonly Buffer[];
}

export interface StreamGroup {
  last: { ms: number; seq: number };
  readonly pending: Map<string, { consumer: string; deliveredMs: number; deliveries: number }>;
}

export interface Stream {
  readonly entries: StreamEntry[];
  last: { ms: number; seq: number };
  readonly groups: Map<string, StreamGroup>;
}

/** What a key can hold, by the names that TYPE replies. */
export interface Held {
  string: { bytes: Buffer };
  hash: Map<ByteText, Buffer>;
  list: Buffer[];
  set: Set<ByteText>;
  zset: SortedSet;
  stream: Stream;
}

export type HeldType = keyof Held;

interface Entry {
  readonly type: HeldType;
  value: Held[HeldType];
  expiresAtMs: number;
  /** At least what it occupies: grows with what is written, and is counted anew when room is needed. */
  bytes: number;
}

export interface KeyspaceOptions {
  readonly clock: Clock;
  /** Keys kept at most; the one used longest ago makes room. Default: no bound. */
  readonly maxKeys?: number;
  /** Bytes of values kept at most, roughly. Default: no bound. */
  readonly maxBytes?: number;
}

/** Typed values under keys, with expiry and a bound. Knows nothing of commands. */
export class Keyspace {
  readonly clock: Clock;
  readonly scans = new OpenScans();
  readonly #maxKeys: number;
  readonly #maxBytes: number;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;
  #evicted = 0;
  #micros = 0;

  constructor({ clock, maxKeys = Infinity, maxBytes = Infinity }: KeyspaceOptions) {
    this.clock = clock;
    this.#maxKeys = maxKeys;
    this.#maxBytes = maxBytes;
  }

  /** Microseconds since 1970: later with every question, as on a server, also where the clock stands still. */
  microseconds(): number {
    this.#micros = Math.max(this.#micros + 1, Math.floor(this.clock.nowMs() * 1000));
    return this.#micros;
  }

  /** Keys, some of which may have expired and not been noticed yet. */
  get size(): number {
    return this.#entries.size;
  }

  /** Keys dropped to make room. */
  get evicted(): number {
    return this.#evicted;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @throws ReplyError WRONGTYPE when something else is there. */
  read<T extends HeldType>(key: string, type: T): Held[T] | undefined {
    const entry = this.#live(key);
    if (entry === undefined) return undefined;
    if (entry.type !== type) {
      throw new ReplyError('WRONGTYPE Operation against a key holding the wrong kind of value');
    }
    if (this.#maxKeys !== Infinity) {
      this.#entries.delete(key);
      this.#entries.set(key, entry);
    }
    return entry.value as Held[T];
  }

  /** Reads, or puts an empty value there. */
  open<T extends HeldType>(key: string, type: T, empty: () => Held[T]): Held[T] {
    const present = this.read(key, type);
    if (present !== undefined) return present;
    const value = empty();
    this.put(key, type, value);
    return value;
  }

  /** Writes over whatever was there, of any type; it does not expire unless told. */
  put<T extends HeldType>(key: string, type: T, value: Held[T], expiresAtMs = Infinity): void {
    this.delete(key);
    this.#entries.set(key, { type, value, expiresAtMs, bytes: 0 });
  }

  delete(key: string): boolean {
    const entry = this.#live(key);
    if (entry === undefined) return false;
    this.#drop(key, entry);
    return true;
  }

  /** A collection without members does not exist. */
  deleteIfEmpty(key: string): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined && isEmpty(entry)) this.#drop(key, entry);
  }

  type(key: string): HeldType | undefined {
    return this.#live(key)?.type;
  }

  /** `Infinity` when it stays, `undefined` when there is none. */
  expiresAtMs(key: string): number | undefined {
    return this.#live(key)?.expiresAtMs;
  }

  /** Whether there was such a key. A moment that has passed deletes it. */
  expireAt(key: string, expiresAtMs: number): boolean {
    const entry = this.#live(key);
    if (entry === undefined) return false;
    entry.expiresAtMs = expiresAtMs;
    this.#live(key);
    return true;
  }

  *keys(): Iterable<string> {
    for (const key of this.#entries.keys()) if (this.#live(key) !== undefined) yield key;
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }

  /** Notes that so many bytes were written under the key, and makes room when that is too much. */
  grew(key: string, bytes: number): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    entry.bytes += bytes;
    this.#bytes += bytes;
    if (this.#bytes > this.#maxBytes) this.#recount();
    for (const [oldest, dropped] of this.#entries) {
      if (this.#entries.size <= this.#maxKeys && this.#bytes <= this.#maxBytes) break;
      this.#drop(oldest, dropped);
      this.#evicted += 1;
    }
  }

  #live(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.expiresAtMs > this.clock.nowMs()) return entry;
    this.#drop(key, entry);
    return undefined;
  }

  #drop(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }

  #recount(): void {
    this.#bytes = 0;
    for (const entry of this.#entries.values()) {
      entry.bytes = sizeOf(entry);
      this.#bytes += entry.bytes;
    }
  }
}

function isEmpty({ type, value }: Entry): boolean {
  if (type === 'list') return (value as Held['list']).length === 0;
  if (type === 'hash') return (value as Held['hash']).size === 0;
  if (type === 'set') return (value as Held['set']).size === 0;
  if (type === 'zset') return (value as Held['zset']).scores.size === 0;
  return false;
}

const total = (parts: Iterable<{ readonly length: number }>): number => {
  let bytes = 0;
  for (const { length } of parts) bytes += length;
  return bytes;
};

const SIZE_OF: { readonly [T in HeldType]: (value: Held[T]) => number } = {
  string: ({ bytes }) => bytes.length,
  list: total,
  hash: (hash) => total(hash.keys()) + total(hash.values()),
  set: total,
  zset: ({ scores }) => total(scores.keys()) + 8 * scores.size,
  stream: ({ entries }) => entries.reduce((bytes, { fields }) => bytes + total(fields), 0),
};

const sizeOf = ({ type, value }: Entry): number => (SIZE_OF[type] as (held: Held[HeldType]) => number)(value);
