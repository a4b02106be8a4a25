import { asBytes, asMember, asText, asWhole, type CommandTable, fromMember, ReplyError, scanPage } from '../reply.ts';

export const hashCommands: CommandTable = {
  hset(space, args) {
    const hash = space.open(asText(args[0]), 'hash', () => new Map());
    let added = 0;
    for (let at = 1; at < args.length; at += 2) {
      const field = asMember(args[at]);
      if (!hash.has(field)) added += 1;
      hash.set(field, Buffer.from(asBytes(args[at + 1])));
    }
    return added;
  },
  hsetnx(space, args) {
    const hash = space.open(asText(args[0]), 'hash', () => new Map());
    const field = asMember(args[1]);
    if (hash.has(field)) return 0;
    hash.set(field, Buffer.from(asBytes(args[2])));
    return 1;
  },
  hget: (space, args) => space.read(asText(args[0]), 'hash')?.get(asMember(args[1])) ?? null,
  hmget(space, args) {
    const hash = space.read(asText(args[0]), 'hash');
    return args.slice(1).map((field) => hash?.get(asMember(field)) ?? null);
  },
  hgetall: (space, args) =>
    [...(space.read(asText(args[0]), 'hash') ?? [])].flatMap(([field, value]) => [fromMember(field), value]),
  hkeys: (space, args) => [...(space.read(asText(args[0]), 'hash')?.keys() ?? [])].map(fromMember),
  hvals: (space, args) => [...(space.read(asText(args[0]), 'hash')?.values() ?? [])],
  hlen: (space, args) => space.read(asText(args[0]), 'hash')?.size ?? 0,
  hexists: (space, args) => Number(space.read(asText(args[0]), 'hash')?.has(asMember(args[1])) ?? false),
  hdel(space, args) {
    const key = asText(args[0]);
    const hash = space.read(key, 'hash');
    const removed = args.slice(1).filter((field) => hash?.delete(asMember(field)) ?? false).length;
    space.deleteIfEmpty(key);
    return removed;
  },
  hincrby(space, args) {
    const hash = space.open(asText(args[0]), 'hash', () => new Map());
    const field = asMember(args[1]);
    const stored = hash.get(field);
    if (stored !== undefined && !/^-?\d+$/.test(stored.toString())) {
      throw new ReplyError('ERR hash value is not an integer');
    }
    const sum = Number(stored?.toString() ?? '0') + asWhole(args[2]);
    if (!Number.isSafeInteger(sum)) throw new ReplyError('ERR increment or decrement would overflow');
    hash.set(field, Buffer.from(String(sum)));
    return sum;
  },
  hscan(space, args) {
    const hash = space.read(asText(args[0]), 'hash') ?? new Map<string, Buffer>();
    const names = (): string[] => [...hash.keys()];
    const { cursor, page } = scanPage(space, args.slice(1), names, (field) => {
      const value = hash.get(field);
      return value === undefined ? undefined : [fromMember(field), value];
    });
    return [cursor, page.flat()];
  },
};
