import type { RunOptions } from './connection.ts';
import { asNumber, type Operation, type OperationContext, reading } from './operation.ts';
import type { RedisArgument } from './redis-like.ts';

/** A member of a sorted set. */
export interface Scored {
  readonly member: string;
  readonly score: number;
}

/** Members between two scores. */
export interface ScoreRange {
  /** Lowest score, included. Default: no bound. */
  readonly from?: number;
  /** Highest score, included. Default: no bound. */
  readonly to?: number;
  /** Members at most. Default: all. */
  readonly limit?: number;
  /** Highest score first. */
  readonly descending?: boolean;
}

const scoreText = (score: number): string => {
  if (score === Infinity) return '+inf';
  return score === -Infinity ? '-inf' : String(score);
};

const readScore = (reply: unknown): number => {
  const text = String(reply);
  if (text === 'inf') return Infinity;
  return text === '-inf' ? -Infinity : Number(text);
};

/** Flat pairs, or pairs of their own as RESP3 has them. */
function readScored(reply: unknown): Scored[] {
  const parts = (reply as unknown[]).flat();
  const scored: Scored[] = [];
  for (let at = 0; at < parts.length; at += 2) {
    scored.push({ member: String(parts[at]), score: readScore(parts[at + 1]) });
  }
  return scored;
}

function rangeArguments(key: string, range: ScoreRange): RedisArgument[] {
  const low = scoreText(range.from ?? -Infinity);
  const high = scoreText(range.to ?? Infinity);
  const args: RedisArgument[] = range.descending === true ? [key, high, low] : [key, low, high];
  args.push('BYSCORE');
  if (range.descending === true) args.push('REV');
  if (range.limit !== undefined) args.push('LIMIT', 0, range.limit);
  args.push('WITHSCORES');
  return args;
}

/** Operations on sorted sets: texts, each with a score. */
export function sortedSetOperations({ keyOf }: OperationContext) {
  return {
    /** How many of the members are new. */
    add: (key: string, members: readonly Scored[], options?: RunOptions): Operation<number> => ({
      command: 'zadd',
      args: [keyOf(key), ...members.flatMap(({ member, score }) => [scoreText(score), member])],
      options,
      read: asNumber,
    }),
    remove: (key: string, members: readonly string[], options?: RunOptions): Operation<number> => ({
      command: 'zrem',
      args: [keyOf(key), ...members],
      options,
      read: asNumber,
    }),
    score: (key: string, member: string, options?: RunOptions): Operation<number | undefined> => ({
      command: 'zscore',
      args: [keyOf(key), member],
      options: reading(options),
      read: (reply) => (reply === null ? undefined : readScore(reply)),
    }),
    /** Position from the lowest score, 0 first. */
    rank: (key: string, member: string, options?: RunOptions): Operation<number | undefined> => ({
      command: 'zrank',
      args: [keyOf(key), member],
      options: reading(options),
      read: (reply) => (reply === null ? undefined : asNumber(reply)),
    }),
    /** Adds to a member's score and gives the sum. */
    increment: (key: string, member: string, by: number, options?: RunOptions): Operation<number> => ({
      command: 'zincrby',
      args: [keyOf(key), scoreText(by), member],
      options,
      read: readScore,
    }),
    range: (key: string, range: ScoreRange = {}, options?: RunOptions): Operation<Scored[]> => ({
      command: 'zrange',
      args: rangeArguments(keyOf(key), range),
      options: reading(options),
      read: readScored,
    }),
    /** Takes the members with the lowest scores. */
    popLowest: (key: string, count = 1, options?: RunOptions): Operation<Scored[]> => ({
      command: 'zpopmin',
      args: [keyOf(key), count],
      options,
      read: readScored,
    }),
    removeByScore: (key: string, from: number, to: number, options?: RunOptions): Operation<number> => ({
      command: 'zremrangebyscore',
      args: [keyOf(key), scoreText(from), scoreText(to)],
      options,
      read: asNumber,
    }),
    has: (key: string, member: string, options?: RunOptions): Operation<boolean> => ({
      command: 'zscore',
      args: [keyOf(key), member],
      options: reading(options),
      read: (reply) => reply !== null,
    }),
    size: (key: string, options?: RunOptions): Operation<number> => ({
      command: 'zcard',
      args: [keyOf(key)],
      options: reading(options),
      read: asNumber,
    }),
  };
}

export type SortedSetOperations = ReturnType<typeof sortedSetOperations>;
