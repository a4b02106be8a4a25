import type { RunOptions } from './connection.ts';
import {
  allReady,
  asBoolean,
  asNumber,
  asTexts,
  type Operation,
  type OperationContext,
  reading,
  valueReader,
  withValue,
  withValues,
} from './operation.ts';
import { parseWhole } from './values.ts';

/** Operations on hashes: named fields under one key, each with a value. */
export function hashOperations<T>(context: OperationContext) {
  const { codec, keyOf } = context;
  const decode = valueReader<T>(context);
  return {
    get: (key: string, field: string, options?: RunOptions): Operation<T | undefined> => ({
      command: 'hget',
      args: [keyOf(key), field],
      options: reading(options),
      read: (reply) => decode(reply, key),
    }),
    /** Whether the field is new. */
    set: (key: string, field: string, value: T, options?: RunOptions): Operation<boolean> => ({
      command: 'hset',
      args: withValue(codec.encode(value), (encoded) => [keyOf(key), field, encoded]),
      options,
      read: asBoolean,
    }),
    /** Whether it was written: not when the field is there already. */
    setIfAbsent: (key: string, field: string, value: T, options?: RunOptions): Operation<boolean> => ({
      command: 'hsetnx',
      args: withValue(codec.encode(value), (encoded) => [keyOf(key), field, encoded]),
      options,
      read: asBoolean,
    }),
    /** How many of the fields are new. */
    setMany: (key: string, fields: Readonly<Record<string, T>>, options?: RunOptions): Operation<number> => {
      const names = Object.keys(fields);
      return {
        command: 'hset',
        args: withValues(
          Object.values(fields).map((value) => codec.encode(value)),
          (encoded) => [keyOf(key), ...encoded.flatMap((value, index) => [names[index] ?? '', value])],
        ),
        options,
        read: asNumber,
      };
    },
    /** In the order of the fields asked for. */
    getMany: (key: string, fields: readonly string[], options?: RunOptions): Operation<readonly (T | undefined)[]> => ({
      command: 'hmget',
      args: [keyOf(key), ...fields],
      options: reading(options),
      read: (reply) => allReady((reply as unknown[]).map((value) => decode(value, key))),
    }),
    all: (key: string, options?: RunOptions): Operation<Map<string, T>> => ({
      command: 'hgetall',
      args: [keyOf(key)],
      options: reading(options),
      read: (reply) => {
        const pairs = pairsOf(reply);
        const named = (values: readonly (T | undefined)[]): Map<string, T> =>
          new Map(pairs.map(([name], index) => [name, values[index] as T]));
        const values = allReady(pairs.map(([, value]) => decode(value, key)));
        return values instanceof Promise ? values.then(named) : named(values);
      },
    }),
    fields: (key: string, options?: RunOptions): Operation<string[]> => ({
      command: 'hkeys',
      args: [keyOf(key)],
      options: reading(options),
      read: asTexts,
    }),
    size: (key: string, options?: RunOptions): Operation<number> => ({
      command: 'hlen',
      args: [keyOf(key)],
      options: reading(options),
      read: asNumber,
    }),
    has: (key: string, field: string, options?: RunOptions): Operation<boolean> => ({
      command: 'hexists',
      args: [keyOf(key), field],
      options: reading(options),
      read: asBoolean,
    }),
    /** How many of the fields were there. */
    delete: (key: string, fields: readonly string[], options?: RunOptions): Operation<number> => ({
      command: 'hdel',
      args: [keyOf(key), ...fields],
      options,
      read: asNumber,
    }),
    /** Adds to a counter in a field and gives the sum; such a field holds plain digits. */
    increment: (key: string, field: string, by = 1, options?: RunOptions): Operation<number> => ({
      command: 'hincrby',
      args: [keyOf(key), field, parseWhole(by, 'by')],
      options,
      read: asNumber,
    }),
  };
}

/** ioredis makes an object of HGETALL's reply; others give fields and values in turn. */
function pairsOf(reply: unknown): [name: string, value: unknown][] {
  if (!Array.isArray(reply)) return Object.entries(reply as Record<string, unknown>);
  const pairs: [string, unknown][] = [];
  for (let at = 0; at < reply.length; at += 2) pairs.push([String(reply[at]), reply[at + 1]]);
  return pairs;
}

export type HashOperations<T> = ReturnType<typeof hashOperations<T>>;
