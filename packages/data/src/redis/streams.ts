import type { RunOptions } from './connection.ts';
import { allReady, asNumber, nothing, type Operation, type OperationContext, reading, withValue } from './operation.ts';
import type { RedisArgument } from './redis-like.ts';

/** An entry of a stream. Its id grows with every entry. */
export interface StreamEntry<T> {
  readonly id: string;
  readonly value: T;
}

/** How an entry is added to a stream. */
export interface AppendOptions extends RunOptions {
  /** Entries kept, roughly: the oldest are dropped beyond. */
  readonly keepEntries?: number;
}

/** Entries between two ids. */
export interface StreamRange {
  /** Ids, both included. Default: from the first to the last. */
  readonly from?: string;
  readonly to?: string;
  readonly limit?: number;
}

/** What one consumer of a group reads. */
export interface GroupRead {
  readonly group: string;
  readonly consumer: string;
  /** Default 10. */
  readonly limit?: number;
}

/** The one field of an entry that holds its value. */
const FIELD = 'v';

const limitArguments = (limit: number | undefined): RedisArgument[] => (limit === undefined ? [] : ['COUNT', limit]);

/** Reads entries as XRANGE and the others reply them: an id, and fields and values in turn. */
export function streamReader<T>({ codec }: OperationContext) {
  return (reply: unknown, key: string): readonly StreamEntry<T>[] | Promise<readonly StreamEntry<T>[]> => {
    const entries = ((reply ?? []) as ([Buffer, Buffer[]] | null)[]).filter((entry) => entry !== null);
    const ids = entries.map(([id]) => id.toString());
    const values = allReady(
      entries.map(([, fields]) => codec.decode(fields[1] ?? Buffer.alloc(0), key) as T | Promise<T>),
    );
    const paired = (ready: readonly T[]): StreamEntry<T>[] =>
      ids.map((id, index) => ({ id, value: ready[index] as T }));
    return values instanceof Promise ? values.then(paired) : paired(values);
  };
}

/** The entries of the one stream that XREAD and XREADGROUP were asked for; as a map in RESP3, as pairs before. */
export function onlyStream(reply: unknown): unknown {
  if (reply === null || reply === undefined) return [];
  const parts = reply as unknown[];
  return Array.isArray(parts[0]) && !Buffer.isBuffer(parts[0]) ? (parts[0] as unknown[])[1] : parts[1];
}

/** Operations on streams: logs that are read in order, alone or shared out in a group. */
export function streamOperations<T>(context: OperationContext) {
  const { codec, keyOf } = context;
  const read = streamReader<T>(context);
  return {
    /** Adds an entry and gives its id. */
    append: (key: string, value: T, options?: AppendOptions): Operation<string> => ({
      command: 'xadd',
      args: withValue(codec.encode(value), (encoded) => [
        keyOf(key),
        ...(options?.keepEntries === undefined ? [] : ['MAXLEN', '~', options.keepEntries]),
        '*',
        FIELD,
        encoded,
      ]),
      options,
      read: String,
    }),
    range: (key: string, range: StreamRange = {}, options?: RunOptions): Operation<readonly StreamEntry<T>[]> => ({
      command: 'xrange',
      args: [keyOf(key), range.from ?? '-', range.to ?? '+', ...limitArguments(range.limit)],
      options: reading(options),
      read: (reply) => read(reply, key),
    }),
    length: (key: string, options?: RunOptions): Operation<number> => ({
      command: 'xlen',
      args: [keyOf(key)],
      options: reading(options),
      read: asNumber,
    }),
    /** Makes a group that begins after the id `from` (`0`: all entries, `$`: only new ones), and the stream if need be. */
    createGroup: (key: string, group: string, from = '$', options?: RunOptions): Operation<void> => ({
      command: 'xgroup',
      args: ['CREATE', keyOf(key), group, from, 'MKSTREAM'],
      options,
      read: nothing,
    }),
    /** Entries that nobody in the group has been given yet; they are this consumer's until acknowledged. */
    readGroup: (
      key: string,
      { group, consumer, limit = 10 }: GroupRead,
      options?: RunOptions,
    ): Operation<readonly StreamEntry<T>[]> => ({
      command: 'xreadgroup',
      args: ['GROUP', group, consumer, ...limitArguments(limit), 'STREAMS', keyOf(key), '>'],
      options,
      read: (reply) => read(onlyStream(reply), key),
    }),
    /** Entries that some consumer has left unacknowledged for so long; they are this consumer's now. */
    takeOver: (
      key: string,
      { group, consumer, limit = 10 }: GroupRead,
      idleMs: number,
      options?: RunOptions,
    ): Operation<readonly StreamEntry<T>[]> => ({
      command: 'xautoclaim',
      args: [keyOf(key), group, consumer, idleMs, '0', 'COUNT', limit],
      options,
      read: (reply) => read((reply as unknown[])[1], key),
    }),
    /** How many of the entries were waiting for it. */
    acknowledge: (key: string, group: string, ids: readonly string[], options?: RunOptions): Operation<number> => ({
      command: 'xack',
      args: [keyOf(key), group, ...ids],
      options,
      read: asNumber,
    }),
    remove: (key: string, ids: readonly string[], options?: RunOptions): Operation<number> => ({
      command: 'xdel',
      args: [keyOf(key), ...ids],
      options,
      read: asNumber,
    }),
  };
}

export type StreamOperations<T> = ReturnType<typeof streamOperations<T>>;
