import type { RedisArgument } from '../../redis/redis-like.ts';
import type { Keyspace, SortedSet } from '../keyspace.ts';
import {
  asMember,
  asScore,
  asText,
  asWhole,
  type CommandTable,
  fromMember,
  fromScore,
  type Reply,
  ReplyError,
  readOptions,
  scanPage,
} from '../reply.ts';

type Ranked = readonly [member: string, score: number];

const open = (space: Keyspace, key: string): SortedSet => space.open(key, 'zset', () => ({ scores: new Map() }));

/** By score, then by the bytes of the member. */
const ranked = (space: Keyspace, key: string): Ranked[] =>
  [...(space.read(key, 'zset')?.scores ?? [])].sort(
    ([left, leftScore], [right, rightScore]) => leftScore - rightScore || (left < right ? -1 : 1),
  );

/** A bound of a range: a score, excluded when it begins with `(`. */
function within(low: string, high: string): (score: number) => boolean {
  const [min, max] = [low, high].map((bound) => asScore(bound.replace('(', '')));
  return (score) =>
    (low.startsWith('(') ? score > (min ?? 0) : score >= (min ?? 0)) &&
    (high.startsWith('(') ? score < (max ?? 0) : score <= (max ?? 0));
}

const withScores = (found: readonly Ranked[], wanted: boolean): Reply =>
  found.flatMap(([member, score]) => (wanted ? [fromMember(member), fromScore(score)] : [fromMember(member)]));

function add(space: Keyspace, args: readonly RedisArgument[]): number {
  const words = new Set<string>();
  let at = 1;
  for (; ['NX', 'XX', 'GT', 'LT', 'CH'].includes(asText(args[at]).toUpperCase()); at++) {
    words.add(asText(args[at]).toUpperCase());
  }
  // All are read before any is written.
  const members: Ranked[] = [];
  for (; at < args.length; at += 2) members.push([asMember(args[at + 1]), asScore(args[at])]);
  const key = asText(args[0]);
  const { scores } = open(space, key);
  let changed = 0;
  for (const [member, score] of members) {
    const before = scores.get(member);
    if (before === undefined ? words.has('XX') : words.has('NX')) continue;
    if (before !== undefined && words.has('GT') && score <= before) continue;
    if (before !== undefined && words.has('LT') && score >= before) continue;
    scores.set(member, score);
    if (before === undefined || (words.has('CH') && before !== score)) changed += 1;
  }
  space.deleteIfEmpty(key);
  return changed;
}

function range(space: Keyspace, args: readonly RedisArgument[]): Reply {
  const limitAt = args.findIndex((word, at) => at > 2 && asText(word).toUpperCase() === 'LIMIT');
  const rest = limitAt === -1 ? args.slice(3) : args.toSpliced(limitAt, 3).slice(3);
  const options = readOptions(rest, { BYSCORE: 0, REV: 0, WITHSCORES: 0 });
  const all = ranked(space, asText(args[0]));
  const reverse = options.has('REV');
  if (reverse) all.reverse();
  if (!options.has('BYSCORE')) {
    const [start, stop] = [asWhole(args[1]), asWhole(args[2])];
    const to = stop < 0 ? all.length + stop + 1 : stop + 1;
    const from = start < 0 ? Math.max(0, all.length + start) : start;
    return withScores(all.slice(from, Math.max(0, to)), options.has('WITHSCORES'));
  }
  const [first, second] = [asText(args[1]), asText(args[2])];
  const matches = reverse ? within(second, first) : within(first, second);
  const found = all.filter(([, score]) => matches(score));
  if (limitAt === -1) return withScores(found, options.has('WITHSCORES'));
  const [offset, count] = [asWhole(args[limitAt + 1]), asWhole(args[limitAt + 2])];
  return withScores(found.slice(offset, count < 0 ? undefined : offset + count), options.has('WITHSCORES'));
}

export const sortedSetCommands: CommandTable = {
  zadd: add,
  zrange: range,
  zincrby(space, args) {
    const { scores } = open(space, asText(args[0]));
    const member = asMember(args[2]);
    const sum = (scores.get(member) ?? 0) + asScore(args[1]);
    if (Number.isNaN(sum)) throw new ReplyError('ERR resulting score is not a number (NaN)');
    scores.set(member, sum);
    return fromScore(sum);
  },
  zscore(space, args) {
    const score = space.read(asText(args[0]), 'zset')?.scores.get(asMember(args[1]));
    return score === undefined ? null : fromScore(score);
  },
  zrank(space, args) {
    const member = asMember(args[1]);
    const rank = ranked(space, asText(args[0])).findIndex(([each]) => each === member);
    return rank === -1 ? null : rank;
  },
  zcard: (space, args) => space.read(asText(args[0]), 'zset')?.scores.size ?? 0,
  zcount(space, args) {
    const matches = within(asText(args[1]), asText(args[2]));
    return ranked(space, asText(args[0])).filter(([, score]) => matches(score)).length;
  },
  zrem(space, args) {
    const key = asText(args[0]);
    const scores = space.read(key, 'zset')?.scores;
    const removed = args.slice(1).filter((member) => scores?.delete(asMember(member)) ?? false).length;
    space.deleteIfEmpty(key);
    return removed;
  },
  zremrangebyscore(space, args) {
    const key = asText(args[0]);
    const matches = within(asText(args[1]), asText(args[2]));
    const scores = space.read(key, 'zset')?.scores;
    const removed = ranked(space, key).filter(([, score]) => matches(score));
    for (const [member] of removed) scores?.delete(member);
    space.deleteIfEmpty(key);
    return removed.length;
  },
  zpopmin(space, args) {
    const key = asText(args[0]);
    const popped = ranked(space, key).slice(0, args[1] === undefined ? 1 : asWhole(args[1]));
    for (const [member] of popped) space.read(key, 'zset')?.scores.delete(member);
    space.deleteIfEmpty(key);
    return withScores(popped, true);
  },
  zscan(space, args) {
    const scores = space.read(asText(args[0]), 'zset')?.scores ?? new Map<string, number>();
    const names = (): string[] => [...scores.keys()];
    const { cursor, page } = scanPage(space, args.slice(1), names, (member) => {
      const score = scores.get(member);
      return score === undefined ? undefined : [fromMember(member), fromScore(score)];
    });
    return [cursor, page.flat()];
  },
};
