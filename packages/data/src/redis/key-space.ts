import { UnreadableValueError } from '../codec/errors.ts';
import type { CodecOptions } from '../codec/index.ts';
import { type Codec, createCodec, plainText } from '../codec/index.ts';
import type { RedisConnection, RunOptions } from './connection.ts';
import { type HashOperations, hashOperations } from './hashes.ts';
import { type ListOperations, listOperations } from './lists.ts';
import { allReady, type Operation, type OperationContext, type Runnable, runnable, runOperation } from './operation.ts';
import { type ScanOptions, scanKeys } from './scan.ts';
import { type SetOperations, setOperations } from './sets.ts';
import { type SortedSetOperations, sortedSetOperations } from './sorted-sets.ts';
import { type StreamOperations, streamOperations } from './streams.ts';
import { parseTtl, type SetOptions, type ValueOperations, valueOperations } from './values.ts';

/** How the values of a key space are written and read. */
export interface KeySpaceOptions<T> extends CodecOptions {
  /** `plain`: text without a frame, for keys that other programs read and write. Default `framed`. */
  readonly format?: 'framed' | 'plain';
  /** Checks what was read, such as a zod schema's `parse`. What it throws makes the value unreadable. */
  readonly parse?: (value: unknown) => T;
}

/** Operations of a key space as data, to be put into pipelines and transactions. */
export interface SpaceOperations<T> {
  readonly values: ValueOperations<T>;
  readonly hashes: HashOperations<T>;
  readonly lists: ListOperations<T>;
  readonly sets: SetOperations;
  readonly sortedSets: SortedSetOperations;
  readonly streams: StreamOperations<T>;
}

/** Keys whose values are of one type and written in one way. */
export class KeySpace<T> {
  readonly operations: SpaceOperations<T>;
  readonly hashes: Runnable<HashOperations<T>>;
  readonly lists: Runnable<ListOperations<T>>;
  readonly sets: Runnable<SetOperations>;
  readonly sortedSets: Runnable<SortedSetOperations>;
  readonly streams: Runnable<StreamOperations<T>>;
  readonly #connection: RedisConnection;
  readonly #context: OperationContext;
  readonly #values: ValueOperations<T>;

  constructor(connection: RedisConnection, keyOf: (key: string) => string, options: KeySpaceOptions<T> = {}) {
    const context = { keyOf, codec: codecOf(options) };
    this.#connection = connection;
    this.#context = context;
    this.#values = valueOperations<T>(context);
    this.operations = {
      values: this.#values,
      hashes: hashOperations<T>(context),
      lists: listOperations<T>(context),
      sets: setOperations(context),
      sortedSets: sortedSetOperations(context),
      streams: streamOperations<T>(context),
    };
    this.hashes = runnable(this.operations.hashes, connection);
    this.lists = runnable(this.operations.lists, connection);
    this.sets = runnable(this.operations.sets, connection);
    this.sortedSets = runnable(this.operations.sortedSets, connection);
    this.streams = runnable(this.operations.streams, connection);
  }

  /** How keys are spelled and values written, for work of the caller's own. */
  get context(): OperationContext {
    return this.#context;
  }

  /**
   * The value under a key, or `undefined`.
   * @throws UnreadableValueError when what is stored there is not a value of this space.
   */
  get(key: string, options?: RunOptions): Promise<T | undefined> {
    return this.#run(this.#values.get(key, options));
  }

  /**
   * Writes a value. Resolves with whether it was written: always, unless `only` says otherwise.
   * @throws InvalidRequestError when the value cannot be written or is larger than `maxValueBytes`.
   */
  set(key: string, value: T, options?: SetOptions): Promise<boolean> {
    try {
      return this.#run(this.#values.set(key, value, options));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Writes, and gives what stood there before. */
  async getAndSet(key: string, value: T, options?: SetOptions): Promise<T | undefined> {
    return this.#run(this.#values.getAndSet(key, value, options));
  }

  /** Deletes, and gives what stood there. */
  async getAndDelete(key: string, options?: RunOptions): Promise<T | undefined> {
    return this.#run(this.#values.getAndDelete(key, options));
  }

  /** The values that there are, by their keys: one command, or one a key in a cluster. */
  async getMany(keys: readonly string[], options?: RunOptions): Promise<Map<string, T>> {
    const values = this.#connection.isCluster
      ? await Promise.all(keys.map((key) => this.get(key, options)))
      : await this.#getTogether(keys, options);
    const found = new Map<string, T>();
    for (const [index, key] of keys.entries()) {
      const value = values[index];
      if (value !== undefined) found.set(key, value);
    }
    return found;
  }

  /** Writes several values, each by itself: when some fail, the others stand. */
  async setMany(values: ReadonlyMap<string, T>, options?: SetOptions): Promise<void> {
    await Promise.all([...values].map(([key, value]) => this.set(key, value, options)));
  }

  /** Whether there was something. */
  async delete(key: string, options?: RunOptions): Promise<boolean> {
    return this.#run(this.#values.delete(key, options));
  }

  /** How many of the keys were there. */
  async deleteMany(keys: readonly string[], options?: RunOptions): Promise<number> {
    if (keys.length === 0) return 0;
    if (this.#connection.isCluster) {
      return (await Promise.all(keys.map((key) => this.delete(key, options)))).filter(Boolean).length;
    }
    return Number(await this.#connection.run('unlink', keys.map(this.#context.keyOf), options));
  }

  async has(key: string, options?: RunOptions): Promise<boolean> {
    return this.#run(this.#values.has(key, options));
  }

  /** Whether there is such a key. */
  async expire(key: string, ttlMs: number, options?: RunOptions): Promise<boolean> {
    return this.#run(this.#values.expire(key, parseTtl(ttlMs), options));
  }

  /** Makes a value stay. Whether it had a time to live. */
  async persist(key: string, options?: RunOptions): Promise<boolean> {
    return this.#run(this.#values.persist(key, options));
  }

  /** Milliseconds to live; `Infinity` when it stays, `undefined` when there is none. */
  async timeToLive(key: string, options?: RunOptions): Promise<number | undefined> {
    return this.#run(this.#values.timeToLive(key, options));
  }

  /** Adds to a counter (0 when there is none) and gives the sum. Counters are plain digits, read with `count`. */
  async increment(key: string, by = 1, options?: RunOptions): Promise<number> {
    return this.#run(this.#values.increment(key, by, options));
  }

  /** What a counter stands at; 0 when there is none. */
  async count(key: string, options?: RunOptions): Promise<number> {
    return this.#run(this.#values.count(key, options));
  }

  /** Goes through the keys that fit a pattern (`*`, `?`, `[…]`), in pages. */
  scan(pattern = '*', options?: ScanOptions): AsyncGenerator<readonly string[]> {
    return scanKeys(this.#connection, this.#context.keyOf(''), pattern, options);
  }

  async #getTogether(keys: readonly string[], options: RunOptions | undefined): Promise<readonly (T | undefined)[]> {
    if (keys.length === 0) return [];
    const { codec, keyOf } = this.#context;
    const replies = await this.#connection.runBytes('mget', keys.map(keyOf), { ...options, repeatable: true });
    return allReady(
      (replies as (Buffer | null)[]).map((bytes, index) =>
        bytes === null ? undefined : (codec.decode(bytes, keys[index] ?? '') as T | Promise<T>),
      ),
    );
  }

  #run<Result>(operation: Operation<Result>): Promise<Result> {
    return runOperation(this.#connection, operation);
  }
}

function codecOf<T>({ format = 'framed', parse, ...options }: KeySpaceOptions<T>): Codec {
  const codec = format === 'plain' ? plainText : createCodec(options);
  if (parse === undefined) return codec;
  const check = (value: unknown, key: string): T => {
    try {
      return parse(value);
    } catch (error) {
      throw new UnreadableValueError(`The value of "${key}" is not what its key space holds.`, 'wrong-type', {
        cause: error,
      });
    }
  };
  return {
    encode: (value) => codec.encode(value),
    decode(bytes, key) {
      const value = codec.decode(bytes, key);
      return value instanceof Promise ? value.then((ready) => check(ready, key)) : check(value, key);
    },
  };
}
