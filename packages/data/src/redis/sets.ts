import type { RunOptions } from './connection.ts';
import { asBoolean, asNumber, asTexts, type Operation, type OperationContext, reading } from './operation.ts';

/** Operations on sets of texts. Members are stored as they are, so that other programs can read them. */
export function setOperations({ keyOf }: OperationContext) {
  return {
    /** How many of the members are new. */
    add: (key: string, members: readonly string[], options?: RunOptions): Operation<number> => ({
      command: 'sadd',
      args: [keyOf(key), ...members],
      options,
      read: asNumber,
    }),
    /** How many of the members were there. */
    remove: (key: string, members: readonly string[], options?: RunOptions): Operation<number> => ({
      command: 'srem',
      args: [keyOf(key), ...members],
      options,
      read: asNumber,
    }),
    has: (key: string, member: string, options?: RunOptions): Operation<boolean> => ({
      command: 'sismember',
      args: [keyOf(key), member],
      options: reading(options),
      read: asBoolean,
    }),
    members: (key: string, options?: RunOptions): Operation<string[]> => ({
      command: 'smembers',
      args: [keyOf(key)],
      options: reading(options),
      read: asTexts,
    }),
    size: (key: string, options?: RunOptions): Operation<number> => ({
      command: 'scard',
      args: [keyOf(key)],
      options: reading(options),
      read: asNumber,
    }),
  };
}

export type SetOperations = ReturnType<typeof setOperations>;
