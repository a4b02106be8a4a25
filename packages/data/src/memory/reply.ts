import type { RedisArgument } from '../redis/redis-like.ts';
import type { Keyspace } from './keyspace.ts';
import { ReplyError } from './reply-error.ts';

export { ReplyError };

/** A reply: whole numbers, bulk strings as bytes, status words as text, lists of replies. */
export type Reply = number | string | Buffer | null | readonly Reply[];

/** Whoever waits for something to be written: tried again after every write until it has a reply. */
export interface Blocking {
  readonly block: true;
  /** Milliseconds until it replies `null`; 0 for ever. */
  readonly timeoutMs: number;
  attempt(): Reply | undefined;
}

/** Runs a command. Arguments are as the caller gave them, without the command's name. */
type CommandHandler = (space: Keyspace, args: readonly RedisArgument[]) => Reply | Blocking;

export type CommandTable = Readonly<Record<string, CommandHandler>>;

const NOT_WHOLE = 'ERR value is not an integer or out of range';

export const asText = (argument: RedisArgument | undefined): string => {
  if (argument === undefined) throw new ReplyError('ERR wrong number of arguments');
  return typeof argument === 'string' ? argument : argument.toString();
};

export const asBytes = (argument: RedisArgument | undefined): Buffer => {
  if (argument === undefined) throw new ReplyError('ERR wrong number of arguments');
  return Buffer.isBuffer(argument) ? argument : Buffer.from(String(argument));
};

/** One character a byte: for members and fields. */
export const asMember = (argument: RedisArgument | undefined): string => asBytes(argument).toString('latin1');

export const fromMember = (member: string): Buffer => Buffer.from(member, 'latin1');

export function asWhole(argument: RedisArgument | undefined): number {
  const text = asText(argument);
  const whole = /^-?\d{1,19}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(whole)) throw new ReplyError(NOT_WHOLE);
  return whole;
}

/** A score: a decimal number, or an infinity. */
export function asScore(argument: RedisArgument | undefined): number {
  const text = asText(argument).toLowerCase();
  if (text === '+inf' || text === 'inf') return Infinity;
  if (text === '-inf') return -Infinity;
  const score = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isNaN(score)) throw new ReplyError('ERR value is not a valid float');
  return score;
}

export const fromScore = (score: number): Buffer =>
  Buffer.from(score === Infinity ? 'inf' : score === -Infinity ? '-inf' : String(score));

/** Options after the fixed arguments, such as `PX 100 NX`: words in any case, some with a value. */
export function readOptions(
  args: readonly RedisArgument[],
  words: Readonly<Record<string, 0 | 1>>,
): ReadonlyMap<string, RedisArgument | undefined> {
  const read = new Map<string, RedisArgument | undefined>();
  for (let at = 0; at < args.length; at++) {
    const word = asText(args[at]).toUpperCase();
    const takes = words[word];
    if (takes === undefined) throw new ReplyError('ERR syntax error');
    if (takes === 1) at += 1;
    if (takes === 1 && args[at] === undefined) throw new ReplyError('ERR syntax error');
    read.set(word, takes === 1 ? args[at] : undefined);
  }
  return read;
}

/** Whether a text fits a pattern with `*`, `?` and `[…]`, as in SCAN and PSUBSCRIBE. */
export function globMatcher(pattern: string): (text: string) => boolean {
  const source = pattern.replace(/\\.|\[\^?[^\]]*\]|[.*+?^${}()|[\]\\]/gs, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part.startsWith('[') && part.length > 1) return part.replaceAll('\\', '\\\\');
    return part.startsWith('\\') && part.length === 2 ? part : `\\${part}`;
  });
  const expression = new RegExp(`^${source}$`, 's');
  return (text) => expression.test(text);
}

/**
 * One page of a scan. The names are taken down when it begins, so that whatever is there from beginning to end is met once,
 * also when the reader deletes as it goes; `find` leaves out what is gone.
 */
export function scanPage<T>(
  space: Keyspace,
  args: readonly RedisArgument[],
  namesOf: () => readonly string[],
  find: (name: string) => T | undefined,
): { cursor: Buffer; page: readonly T[] } {
  const cursor = asWhole(args[0]);
  const options = readOptions(args.slice(1), { MATCH: 1, COUNT: 1, TYPE: 1 });
  const count = options.has('COUNT') ? asWhole(options.get('COUNT')) : 10;
  const matches = options.has('MATCH') ? globMatcher(asText(options.get('MATCH'))) : () => true;
  const { names, next } = space.scans.page(cursor, count, namesOf);
  const page = names
    .filter((name) => matches(fromMember(name).toString()))
    .map(find)
    .filter((found) => found !== undefined);
  return { cursor: Buffer.from(String(next)), page };
}
