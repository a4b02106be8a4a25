import { asBytes, asMember, asText, asWhole, type CommandTable, fromMember, globMatcher, scanPage } from '../reply.ts';

const remainingMs = (expiresAtMs: number | undefined, nowMs: number): number => {
  if (expiresAtMs === undefined) return -2;
  return expiresAtMs === Infinity ? -1 : Math.max(0, expiresAtMs - nowMs);
};

/** Commands that take keys of any type. */
export const keyCommands: CommandTable = {
  ping: (_space, args) => (args.length === 0 ? 'PONG' : asBytes(args[0])),
  echo: (_space, args) => asBytes(args[0]),
  time(space) {
    const micros = space.microseconds();
    return [Math.floor(micros / 1_000_000), micros % 1_000_000].map((part) => Buffer.from(String(part)));
  },
  del: (space, args) => args.filter((key) => space.delete(asText(key))).length,
  unlink: (space, args) => args.filter((key) => space.delete(asText(key))).length,
  exists: (space, args) => args.filter((key) => space.type(asText(key)) !== undefined).length,
  type: (space, args) => space.type(asText(args[0])) ?? 'none',
  expire: (space, args) => Number(space.expireAt(asText(args[0]), space.clock.nowMs() + asWhole(args[1]) * 1000)),
  pexpire: (space, args) => Number(space.expireAt(asText(args[0]), space.clock.nowMs() + asWhole(args[1]))),
  persist(space, args) {
    const key = asText(args[0]);
    const expiresAtMs = space.expiresAtMs(key);
    if (expiresAtMs === undefined || expiresAtMs === Infinity) return 0;
    space.expireAt(key, Infinity);
    return 1;
  },
  pttl: (space, args) => Math.round(remainingMs(space.expiresAtMs(asText(args[0])), space.clock.nowMs())),
  ttl(space, args) {
    const ms = remainingMs(space.expiresAtMs(asText(args[0])), space.clock.nowMs());
    return ms < 0 ? ms : Math.round(ms / 1000);
  },
  dbsize: (space) => [...space.keys()].length,
  flushall(space) {
    space.clear();
    return 'OK';
  },
  keys(space, args) {
    const matches = globMatcher(asText(args[0]));
    return [...space.keys()].filter(matches).map((key) => Buffer.from(key));
  },
  scan(space, args) {
    const typeAt = args.findIndex((argument) => typeof argument === 'string' && argument.toUpperCase() === 'TYPE');
    const type = typeAt === -1 ? undefined : asText(args[typeAt + 1]);
    const names = (): string[] => [...space.keys()].map(asMember);
    const { cursor, page } = scanPage(space, args, names, (name) => {
      const key = fromMember(name);
      const found = space.type(key.toString());
      return found === undefined || (type !== undefined && found !== type) ? undefined : key;
    });
    return [cursor, page];
  },
  info: () => Buffer.from('# Server\r\nredis_version:memory\r\nrun_id:memory\r\n# Replication\r\nrole:master\r\n'),
};
