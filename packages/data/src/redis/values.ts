import { InvalidRequestError } from '@canza/core';
import type { RunOptions } from './connection.ts';
import {
  asBoolean,
  asNumber,
  isOk,
  type Operation,
  type OperationContext,
  reading,
  valueReader,
  withValue,
} from './operation.ts';
import type { RedisArgument } from './redis-like.ts';

/** How a value is written. */
export interface SetOptions extends RunOptions {
  /** Milliseconds until the value is gone; left out, it stays. */
  readonly ttlMs?: number;
  /** Writes only if there is none yet, or only over one. */
  readonly only?: 'if-absent' | 'if-present';
  /** Leaves the time to live of what is written over as it is. */
  readonly keepTtl?: boolean;
}

/** @throws InvalidRequestError naming the field, unless it is a whole number of milliseconds above 0. */
export function parseTtl(ttlMs: number, field = 'ttlMs'): number {
  if (Number.isSafeInteger(ttlMs) && ttlMs > 0) return ttlMs;
  throw new InvalidRequestError({ field, expected: 'a whole number of milliseconds above 0' });
}

function setArguments(key: string, value: string | Buffer, options: SetOptions | undefined): RedisArgument[] {
  const args: RedisArgument[] = [key, value];
  if (options === undefined) return args;
  if (options.ttlMs !== undefined) args.push('PX', parseTtl(options.ttlMs));
  else if (options.keepTtl === true) args.push('KEEPTTL');
  if (options.only === 'if-absent') args.push('NX');
  else if (options.only === 'if-present') args.push('XX');
  return args;
}

/** Operations on single values. */
export function valueOperations<T>(context: OperationContext) {
  const { codec, keyOf } = context;
  const decode = valueReader<T>(context);
  return {
    /** The value, or `undefined` when there is none. */
    get: (key: string, options?: RunOptions): Operation<T | undefined> => ({
      command: 'get',
      args: [keyOf(key)],
      options: reading(options),
      read: (reply) => decode(reply, key),
    }),
    /** Whether it was written: always, unless `only` says otherwise. */
    set: (key: string, value: T, options?: SetOptions): Operation<boolean> => ({
      command: 'set',
      args: withValue(codec.encode(value), (encoded) => setArguments(keyOf(key), encoded, options)),
      options,
      read: isOk,
    }),
    /** Writes, and gives what stood there before. */
    getAndSet: (key: string, value: T, options?: SetOptions): Operation<T | undefined> => ({
      command: 'set',
      args: withValue(codec.encode(value), (encoded) => [...setArguments(keyOf(key), encoded, options), 'GET']),
      options,
      read: (reply) => decode(reply, key),
    }),
    getAndDelete: (key: string, options?: RunOptions): Operation<T | undefined> => ({
      command: 'getdel',
      args: [keyOf(key)],
      options,
      read: (reply) => decode(reply, key),
    }),
    /** Whether there was something. */
    delete: (key: string, options?: RunOptions): Operation<boolean> => ({
      command: 'unlink',
      args: [keyOf(key)],
      options,
      read: asBoolean,
    }),
    has: (key: string, options?: RunOptions): Operation<boolean> => ({
      command: 'exists',
      args: [keyOf(key)],
      options: reading(options),
      read: asBoolean,
    }),
    /** Whether there is such a key. */
    expire: (key: string, ttlMs: number, options?: RunOptions): Operation<boolean> => ({
      command: 'pexpire',
      args: [keyOf(key), parseTtl(ttlMs)],
      options,
      read: asBoolean,
    }),
    /** Makes a value stay. Whether it had a time to live. */
    persist: (key: string, options?: RunOptions): Operation<boolean> => ({
      command: 'persist',
      args: [keyOf(key)],
      options,
      read: asBoolean,
    }),
    /** Milliseconds to live; `Infinity` when it stays, `undefined` when there is none. */
    timeToLive: (key: string, options?: RunOptions): Operation<number | undefined> => ({
      command: 'pttl',
      args: [keyOf(key)],
      options: reading(options),
      read: (reply) => {
        const ms = asNumber(reply);
        if (ms === -2) return undefined;
        return ms === -1 ? Infinity : ms;
      },
    }),
    /** Adds to a counter (0 when there is none) and gives the sum. Counters are plain digits, not values of a serializer. */
    increment: (key: string, by = 1, options?: RunOptions): Operation<number> => ({
      command: 'incrby',
      args: [keyOf(key), parseWhole(by, 'by')],
      options,
      read: asNumber,
    }),
    /** What a counter stands at; 0 when there is none. */
    count: (key: string, options?: RunOptions): Operation<number> => ({
      command: 'get',
      args: [keyOf(key)],
      options: reading(options),
      read: (reply) => readCounter(reply, key),
    }),
  };
}

export function parseWhole(value: number, field: string): number {
  if (Number.isSafeInteger(value)) return value;
  throw new InvalidRequestError({ field, expected: 'a whole number' });
}

function readCounter(reply: unknown, key: string): number {
  if (reply === null) return 0;
  const digits = (reply as Buffer).toString('latin1');
  if (/^-?\d{1,16}$/.test(digits)) return Number(digits);
  throw new InvalidRequestError({ field: 'key', expected: `the key of a counter, which "${key}" is not` });
}

export type ValueOperations<T> = ReturnType<typeof valueOperations<T>>;
