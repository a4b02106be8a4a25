import type { RedisArgument } from '../../redis/redis-like.ts';
import type { Keyspace } from '../keyspace.ts';
import { asBytes, asText, asWhole, type CommandTable, type Reply, ReplyError, readOptions } from '../reply.ts';

const SET_WORDS = { NX: 0, XX: 0, GET: 0, KEEPTTL: 0, PX: 1, EX: 1 } as const;

const valueOf = (space: Keyspace, key: string): Buffer | null => space.read(key, 'string')?.bytes ?? null;

function write(space: Keyspace, key: string, bytes: Buffer, expiresAtMs?: number): void {
  // Copied: a pooled or shared buffer may change under us.
  space.put(key, 'string', { bytes: Buffer.from(bytes) }, expiresAtMs);
}

function set(space: Keyspace, args: readonly RedisArgument[]): Reply {
  const key = asText(args[0]);
  const bytes = asBytes(args[1]);
  const options = readOptions(args.slice(2), SET_WORDS);
  const before = options.has('GET') ? valueOf(space, key) : null;
  const exists = space.type(key) !== undefined;
  const refused = (options.has('NX') && exists) || (options.has('XX') && !exists);
  if (!refused) {
    const nowMs = space.clock.nowMs();
    let expiresAtMs: number | undefined;
    if (options.has('PX')) expiresAtMs = nowMs + asPositive(options.get('PX'));
    else if (options.has('EX')) expiresAtMs = nowMs + asPositive(options.get('EX')) * 1000;
    else if (options.has('KEEPTTL')) expiresAtMs = space.expiresAtMs(key);
    write(space, key, bytes, expiresAtMs);
  }
  if (options.has('GET')) return before;
  return refused ? null : 'OK';
}

function asPositive(argument: RedisArgument | undefined): number {
  const whole = asWhole(argument);
  if (whole <= 0) throw new ReplyError("ERR invalid expire time in 'set' command");
  return whole;
}

function add(space: Keyspace, key: string, by: number): number {
  const stored = valueOf(space, key);
  const sum = (stored === null ? 0 : asWhole(stored)) + by;
  if (!Number.isSafeInteger(sum)) throw new ReplyError('ERR increment or decrement would overflow');
  write(space, key, Buffer.from(String(sum)), space.expiresAtMs(key));
  return sum;
}

export const stringCommands: CommandTable = {
  get: (space, args) => valueOf(space, asText(args[0])),
  set,
  getdel(space, args) {
    const key = asText(args[0]);
    const before = valueOf(space, key);
    space.delete(key);
    return before;
  },
  mget: (space, args) => args.map((key) => (space.type(asText(key)) === 'string' ? valueOf(space, asText(key)) : null)),
  strlen: (space, args) => valueOf(space, asText(args[0]))?.length ?? 0,
  append(space, args) {
    const key = asText(args[0]);
    const bytes = Buffer.concat([valueOf(space, key) ?? Buffer.alloc(0), asBytes(args[1])]);
    write(space, key, bytes, space.expiresAtMs(key));
    return bytes.length;
  },
  incr: (space, args) => add(space, asText(args[0]), 1),
  decr: (space, args) => add(space, asText(args[0]), -1),
  incrby: (space, args) => add(space, asText(args[0]), asWhole(args[1])),
  decrby: (space, args) => add(space, asText(args[0]), -asWhole(args[1])),
};
