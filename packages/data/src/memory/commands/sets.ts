import { asMember, asText, type CommandTable, fromMember, scanPage } from '../reply.ts';

export const setCommands: CommandTable = {
  sadd(space, args) {
    const set = space.open(asText(args[0]), 'set', () => new Set());
    const before = set.size;
    for (const member of args.slice(1)) set.add(asMember(member));
    return set.size - before;
  },
  srem(space, args) {
    const key = asText(args[0]);
    const set = space.read(key, 'set');
    const removed = args.slice(1).filter((member) => set?.delete(asMember(member)) ?? false).length;
    space.deleteIfEmpty(key);
    return removed;
  },
  smembers: (space, args) => [...(space.read(asText(args[0]), 'set') ?? [])].map(fromMember),
  sismember: (space, args) => Number(space.read(asText(args[0]), 'set')?.has(asMember(args[1])) ?? false),
  smismember(space, args) {
    const set = space.read(asText(args[0]), 'set');
    return args.slice(1).map((member) => Number(set?.has(asMember(member)) ?? false));
  },
  scard: (space, args) => space.read(asText(args[0]), 'set')?.size ?? 0,
  sscan(space, args) {
    const set = space.read(asText(args[0]), 'set') ?? new Set<string>();
    const names = (): string[] => [...set];
    const { cursor, page } = scanPage(space, args.slice(1), names, (member) =>
      set.has(member) ? fromMember(member) : undefined,
    );
    return [cursor, page];
  },
};
