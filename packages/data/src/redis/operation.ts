import type { Codec } from '../codec/codec.ts';
import type { RedisConnection, RunOptions } from './connection.ts';
import type { RedisArgument } from './redis-like.ts';

/** A command and how its reply reads: built without a connection, run alone, in a pipeline or in a transaction. */
export interface Operation<Result> {
  readonly command: string;
  /** A promise where a large value is packed in a thread. */
  readonly args: readonly RedisArgument[] | Promise<readonly RedisArgument[]>;
  readonly options: RunOptions | undefined;
  /** Reads a reply whose bulk strings are bytes. */
  readonly read: (reply: unknown) => Result | Promise<Result>;
}

/** What operations are built with: how keys are spelled and values are written. */
export interface OperationContext {
  readonly codec: Codec;
  readonly keyOf: (key: string) => string;
}

/** Functions that build operations, as functions that run them. */
export type Runnable<Builders> = {
  readonly [Name in keyof Builders]: Builders[Name] extends (...args: infer Args) => Operation<infer Result>
    ? (...args: Args) => Promise<Result>
    : never;
};

/** Makes each builder a function that sends what it builds. */
export function runnable<Builders extends object>(builders: Builders, connection: RedisConnection): Runnable<Builders> {
  const run: Record<string, unknown> = {};
  for (const name of Object.keys(builders) as (keyof Builders & string)[]) {
    const build = builders[name] as (...args: unknown[]) => Operation<unknown>;
    run[name] = async (...args: unknown[]) => runOperation(connection, build(...args));
  }
  return run as Runnable<Builders>;
}

export function runOperation<Result>(connection: RedisConnection, operation: Operation<Result>): Promise<Result> {
  const { command, args, options, read } = operation;
  if (args instanceof Promise) {
    return args.then((ready) => connection.runBytes(command, ready, options, read));
  }
  return connection.runBytes(command, args, options, read);
}

/** A read may be sent again when its connection breaks. */
export const reading = (options: RunOptions | undefined): RunOptions =>
  options === undefined ? READING : { ...options, repeatable: true };
const READING: RunOptions = { repeatable: true };

/** The arguments of a command that writes a value: at once, or when it is packed. */
export function withValue(
  encoded: string | Buffer | Promise<Buffer>,
  args: (value: string | Buffer) => readonly RedisArgument[],
): readonly RedisArgument[] | Promise<readonly RedisArgument[]> {
  return encoded instanceof Promise ? encoded.then(args) : args(encoded);
}

/** The same for several values. */
export function withValues(
  encoded: readonly (string | Buffer | Promise<Buffer>)[],
  args: (values: readonly (string | Buffer)[]) => readonly RedisArgument[],
): readonly RedisArgument[] | Promise<readonly RedisArgument[]> {
  const values = allReady<string | Buffer>(encoded);
  return values instanceof Promise ? values.then(args) : args(values);
}

/** The parts as they are, or a promise of all when some of them are promises. */
export function allReady<T>(parts: readonly (T | Promise<T>)[]): readonly T[] | Promise<readonly T[]> {
  if (parts.some((part) => part instanceof Promise)) return Promise.all(parts as readonly Promise<T>[]);
  return parts as readonly T[];
}

/** Reads a stored value; `undefined` where there is none. */
export function valueReader<T>({ codec }: OperationContext) {
  return (reply: unknown, key: string): T | undefined | Promise<T | undefined> =>
    reply === null || reply === undefined ? undefined : (codec.decode(reply as Buffer, key) as T | Promise<T>);
}

/** A whole number as Redis replies it. */
export const asNumber = (reply: unknown): number => Number(Buffer.isBuffer(reply) ? reply.toString() : reply);

export const asBoolean = (reply: unknown): boolean => asNumber(reply) > 0;

export const isOk = (reply: unknown): boolean => reply !== null;

export const asTexts = (reply: unknown): string[] => ((reply ?? []) as unknown[]).map(String);

export const nothing = (): void => undefined;
