import type { RedisArgument } from '../../redis/redis-like.ts';
import type { Keyspace } from '../keyspace.ts';
import { asBytes, asScore, asText, asWhole, type Blocking, type CommandTable, type Reply } from '../reply.ts';

type End = 'LEFT' | 'RIGHT';

function push(space: Keyspace, args: readonly RedisArgument[], end: End): number {
  const list = space.open(asText(args[0]), 'list', () => []);
  for (const value of args.slice(1)) {
    if (end === 'LEFT') list.unshift(Buffer.from(asBytes(value)));
    else list.push(Buffer.from(asBytes(value)));
  }
  return list.length;
}

function take(space: Keyspace, key: string, end: End): Buffer | undefined {
  const list = space.read(key, 'list');
  return end === 'LEFT' ? list?.shift() : list?.pop();
}

function pop(space: Keyspace, key: string, end: End): Buffer | undefined {
  const value = take(space, key, end);
  space.deleteIfEmpty(key);
  return value;
}

function popCommand(space: Keyspace, args: readonly RedisArgument[], end: End): Reply {
  const key = asText(args[0]);
  if (args[1] === undefined) return pop(space, key, end) ?? null;
  if (space.read(key, 'list') === undefined) return null;
  const values: Buffer[] = [];
  for (let left = asWhole(args[1]); left > 0; left--) {
    const value = pop(space, key, end);
    if (value === undefined) break;
    values.push(value);
  }
  return values;
}

function blockingPop(space: Keyspace, args: readonly RedisArgument[], end: End): Blocking {
  const keys = args.slice(0, -1).map(asText);
  return {
    block: true,
    timeoutMs: asScore(args.at(-1)) * 1000,
    attempt() {
      for (const key of keys) {
        const value = pop(space, key, end);
        if (value !== undefined) return [Buffer.from(key), value];
      }
      return undefined;
    },
  };
}

function move(space: Keyspace, args: readonly RedisArgument[]): Buffer | null {
  const [from, to, source, target] = args.map(asText);
  if (space.read(from ?? '', 'list') === undefined) return null;
  space.read(to ?? '', 'list');
  const value = take(space, from ?? '', source?.toUpperCase() === 'LEFT' ? 'LEFT' : 'RIGHT');
  if (value === undefined) return null;
  push(space, [to ?? '', value], target?.toUpperCase() === 'LEFT' ? 'LEFT' : 'RIGHT');
  // Only now: a list of one that is turned onto itself was never empty, and keeps its time to live.
  space.deleteIfEmpty(from ?? '');
  return value;
}

/** Positions from either end, as the half-open range of an array. */
function range(length: number, start: number, stop: number): [from: number, to: number] {
  const from = start < 0 ? Math.max(0, length + start) : start;
  const to = stop < 0 ? Math.max(-1, length + stop) : stop;
  return [from, Math.min(length, to + 1)];
}

export const listCommands: CommandTable = {
  lpush: (space, args) => push(space, args, 'LEFT'),
  rpush: (space, args) => push(space, args, 'RIGHT'),
  lpop: (space, args) => popCommand(space, args, 'LEFT'),
  rpop: (space, args) => popCommand(space, args, 'RIGHT'),
  llen: (space, args) => space.read(asText(args[0]), 'list')?.length ?? 0,
  lindex: (space, args) => space.read(asText(args[0]), 'list')?.at(asWhole(args[1])) ?? null,
  lrange(space, args) {
    const list = space.read(asText(args[0]), 'list') ?? [];
    return list.slice(...range(list.length, asWhole(args[1]), asWhole(args[2])));
  },
  ltrim(space, args) {
    const key = asText(args[0]);
    const list = space.read(key, 'list');
    if (list !== undefined) {
      const kept = list.slice(...range(list.length, asWhole(args[1]), asWhole(args[2])));
      list.splice(0, list.length, ...kept);
      space.deleteIfEmpty(key);
    }
    return 'OK';
  },
  lrem(space, args) {
    const key = asText(args[0]);
    const list = space.read(key, 'list') ?? [];
    const count = asWhole(args[1]);
    const wanted = asBytes(args[2]);
    const limit = count === 0 ? Infinity : Math.abs(count);
    let removed = 0;
    for (let step = 0, at = count < 0 ? list.length - 1 : 0; step < list.length + removed && removed < limit; step++) {
      if (list[at]?.equals(wanted) === true) {
        list.splice(at, 1);
        removed += 1;
        if (count < 0) at -= 1;
      } else at += count < 0 ? -1 : 1;
    }
    space.deleteIfEmpty(key);
    return removed;
  },
  lmove: move,
  blpop: (space, args) => blockingPop(space, args, 'LEFT'),
  brpop: (space, args) => blockingPop(space, args, 'RIGHT'),
  blmove: (space, args) => ({
    block: true,
    timeoutMs: asScore(args[4]) * 1000,
    attempt: () => move(space, args.slice(0, 4)) ?? undefined,
  }),
};
