import type { BlockingOptions, BlockingPool } from './blocking-pool.ts';
import type { ListEnd } from './lists.ts';
import type { OperationContext } from './operation.ts';
import { type GroupRead, onlyStream, type StreamEntry, streamReader } from './streams.ts';

/**
 * Commands that wait until something comes, on connections of their own. What was taken when the connection breaks is lost
 * with the reply; `move` and groups keep it where it can be found.
 */
export class Waiting {
  readonly #pool: BlockingPool;
  readonly #context: OperationContext;

  constructor(pool: BlockingPool, context: OperationContext) {
    this.#pool = pool;
    this.#context = context;
  }

  /** Takes a value from the first of the lists that has one; `undefined` when none came within `waitMs`. */
  async pop(
    keys: readonly string[],
    end: ListEnd,
    options: BlockingOptions,
  ): Promise<{ key: string; value: unknown } | undefined> {
    const { codec, keyOf } = this.#context;
    const named = new Map(keys.map((key) => [keyOf(key), key]));
    const args = [...named.keys(), seconds(options.waitMs)];
    const reply = (await this.#pool.run(end === 'left' ? 'blpop' : 'brpop', args, options)) as [Buffer, Buffer] | null;
    if (reply === null) return undefined;
    const key = named.get(reply[0].toString()) ?? '';
    return { key, value: await codec.decode(reply[1], key) };
  }

  /** Moves a value between two lists in one step, waiting for it. */
  async move(from: string, fromEnd: ListEnd, to: string, toEnd: ListEnd, options: BlockingOptions): Promise<unknown> {
    const { codec, keyOf } = this.#context;
    const args = [keyOf(from), keyOf(to), fromEnd, toEnd, seconds(options.waitMs)];
    const reply = await this.#pool.run('blmove', args, options);
    return reply === null ? undefined : codec.decode(reply as Buffer, from);
  }

  /** Entries of a stream after an id (`$`: those that come from now on). */
  async readStream(
    key: string,
    after: string,
    options: BlockingOptions & { readonly limit?: number },
  ): Promise<readonly StreamEntry<unknown>[]> {
    const args = ['COUNT', options.limit ?? 10, 'BLOCK', options.waitMs, 'STREAMS', this.#context.keyOf(key), after];
    return this.#entries(await this.#pool.run('xread', args, options), key);
  }

  /** Entries that nobody in the group has been given yet; they are this consumer's until acknowledged. */
  async readGroup(
    key: string,
    { group, consumer, limit = 10 }: GroupRead,
    options: BlockingOptions,
  ): Promise<readonly StreamEntry<unknown>[]> {
    const stream = ['STREAMS', this.#context.keyOf(key), '>'];
    const args = ['GROUP', group, consumer, 'COUNT', limit, 'BLOCK', options.waitMs, ...stream];
    return this.#entries(await this.#pool.run('xreadgroup', args, options), key);
  }

  #entries(reply: unknown, key: string): readonly StreamEntry<unknown>[] | Promise<readonly StreamEntry<unknown>[]> {
    return streamReader<unknown>(this.#context)(onlyStream(reply), key);
  }
}

/** Redis counts these waits in seconds; 0 would be for ever. */
const seconds = (waitMs: number): string => String(Math.max(1, waitMs) / 1000);
