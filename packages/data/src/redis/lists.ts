import type { RunOptions } from './connection.ts';
import {
  allReady,
  asNumber,
  nothing,
  type Operation,
  type OperationContext,
  reading,
  valueReader,
  withValue,
  withValues,
} from './operation.ts';

/** An end of a list. */
export type ListEnd = 'left' | 'right';

/** Operations on lists. */
export function listOperations<T>(context: OperationContext) {
  const { codec, keyOf } = context;
  const decode = valueReader<T>(context);
  return {
    /** Adds values at an end, in their order, and gives the length. */
    push: (key: string, end: ListEnd, values: readonly T[], options?: RunOptions): Operation<number> => ({
      command: end === 'left' ? 'lpush' : 'rpush',
      args: withValues(
        values.map((value) => codec.encode(value)),
        (encoded) => [keyOf(key), ...encoded],
      ),
      options,
      read: asNumber,
    }),
    pop: (key: string, end: ListEnd, options?: RunOptions): Operation<T | undefined> => ({
      command: end === 'left' ? 'lpop' : 'rpop',
      args: [keyOf(key)],
      options,
      read: (reply) => decode(reply, key),
    }),
    /** Takes from the end of one list and adds to the end of another, in one step. Both keys share a slot. */
    move: (
      from: string,
      fromEnd: ListEnd,
      to: string,
      toEnd: ListEnd,
      options?: RunOptions,
    ): Operation<T | undefined> => ({
      command: 'lmove',
      args: [keyOf(from), keyOf(to), fromEnd, toEnd],
      options,
      read: (reply) => decode(reply, from),
    }),
    /** From position `start` to `stop`, both included; negative positions count from the right. */
    range: (key: string, start = 0, stop = -1, options?: RunOptions): Operation<readonly T[]> => ({
      command: 'lrange',
      args: [keyOf(key), start, stop],
      options: reading(options),
      read: (reply) => allReady((reply as unknown[]).map((value) => decode(value, key) as T | Promise<T>)),
    }),
    length: (key: string, options?: RunOptions): Operation<number> => ({
      command: 'llen',
      args: [keyOf(key)],
      options: reading(options),
      read: asNumber,
    }),
    /** Keeps what lies from `start` to `stop`. */
    trim: (key: string, start: number, stop: number, options?: RunOptions): Operation<void> => ({
      command: 'ltrim',
      args: [keyOf(key), start, stop],
      options,
      read: nothing,
    }),
    /** Removes the first `count` values equal to this one as written (0: all), and says how many there were. */
    remove: (key: string, value: T, count = 0, options?: RunOptions): Operation<number> => ({
      command: 'lrem',
      args: withValue(codec.encode(value), (encoded) => [keyOf(key), count, encoded]),
      options,
      read: asNumber,
    }),
  };
}

export type ListOperations<T> = ReturnType<typeof listOperations<T>>;
