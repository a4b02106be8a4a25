import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectTo, MEMORY, REAL } from '../../test/redis.ts';
import type { RedisArgument } from '../redis/redis-like.ts';

type Command = readonly [command: string, ...args: RedisArgument[]];

const key = fc.constantFrom('a', 'b');
const text = fc.constantFrom('', '1', '-2', '10', 'x', 'y', 'ü', '3.5', 'ab');
const whole = fc.integer({ min: -4, max: 4 });
const score = fc.constantFrom('1', '2', '2.5', '-inf', '+inf', '10', 'nonsense');
const bound = fc.constantFrom('-inf', '+inf', '1', '(1', '2', '(2.5', '10');

const command = (name: string, ...args: fc.Arbitrary<RedisArgument>[]): fc.Arbitrary<Command> =>
  fc.tuple(fc.constant(name), ...args);
const fixed = fc.constant<RedisArgument>;

const commands: readonly fc.Arbitrary<Command>[] = [
  command('set', key, text),
  command('set', key, text, fc.constantFrom('NX', 'XX', 'GET')),
  command('set', key, text, fixed('PX'), fc.constantFrom(100_000, 0, -1)),
  command('set', key, text, fixed('KEEPTTL')),
  command('get', key),
  command('getdel', key),
  command('mget', key, key),
  command('append', key, text),
  command('strlen', key),
  command('incrby', key, whole),
  command('del', key),
  command('unlink', key, key),
  command('exists', key, key),
  command('type', key),
  command('pexpire', key, fc.constantFrom(100_000, -1)),
  command('persist', key),
  command('ttl', key),
  command('hset', key, text, text),
  command('hsetnx', key, text, text),
  command('hget', key, text),
  command('hmget', key, text, text),
  command('hlen', key),
  command('hexists', key, text),
  command('hdel', key, text, text),
  command('hincrby', key, text, whole),
  command('lpush', key, text, text),
  command('rpush', key, text),
  command('lpop', key),
  command('rpop', key, fc.integer({ min: 0, max: 3 })),
  command('llen', key),
  command('lindex', key, whole),
  command('lrange', key, whole, whole),
  command('ltrim', key, whole, whole),
  command('lrem', key, whole, text),
  command('lmove', key, key, fc.constantFrom('LEFT', 'RIGHT'), fc.constantFrom('LEFT', 'RIGHT')),
  command('sadd', key, text, text),
  command('srem', key, text),
  command('sismember', key, text),
  command('smismember', key, text, text),
  command('scard', key),
  command('zadd', key, score, text),
  command('zadd', key, fc.constantFrom('NX', 'XX', 'GT', 'LT', 'CH'), score, text),
  command('zincrby', key, fc.constantFrom('1', '0.5', '-2'), text),
  command('zscore', key, text),
  command('zrank', key, text),
  command('zcard', key),
  command('zcount', key, bound, bound),
  command('zrange', key, whole, whole, fc.constantFrom('WITHSCORES', 'REV')),
  command('zrange', key, bound, bound, fixed('BYSCORE'), fixed('LIMIT'), fc.constantFrom(0, 1), whole),
  command('zrem', key, text, text),
  command('zremrangebyscore', key, bound, bound),
  command('zpopmin', key, fc.integer({ min: 0, max: 2 })),
  command('xadd', key, fc.constantFrom('5-1', '5-2', '6-0', '7-1'), text, text),
  command('xlen', key),
  command('xrange', key, fc.constantFrom('-', '5', '6-0'), fc.constantFrom('+', '5', '6')),
  command('xdel', key, fc.constantFrom('5-1', '6-0')),
  command('xtrim', key, fixed('MAXLEN'), fc.integer({ min: 0, max: 2 })),
  command('xgroup', fixed('CREATE'), key, fixed('g'), fc.constantFrom('0', '$', '5-1'), fixed('MKSTREAM')),
  command('xreadgroup', fixed('GROUP'), fixed('g'), fixed('c'), fixed('STREAMS'), key, fc.constantFrom('>', '0')),
  command('xack', key, fixed('g'), fc.constantFrom('5-1', '6-0')),
];

describe.skipIf(REAL.server === undefined)('the memory client', () => {
  it('replies as a real Redis does, to any commands in any order', async () => {
    const memory = await connectTo(MEMORY);
    const real = await connectTo(REAL);
    const reply = async (client: typeof memory, [name, ...args]: Command): Promise<unknown> => {
      try {
        return await client.link.run(name, args);
      } catch (error) {
        return (error as { replyCode?: string }).replyCode ?? String(error);
      }
    };
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(...commands), { minLength: 5, maxLength: 40 }), async (sequence) => {
        const prefix = `${real.namespace}:${(runs += 1)}:`;
        for (const each of sequence) {
          const own: Command = [
            each[0],
            ...each.slice(1).map((part) => (part === 'a' || part === 'b' ? prefix + part : part)),
          ];
          // Each command after the other, for the order is what is tried.
          // oxlint-disable-next-line no-await-in-loop
          const [expected, got] = await Promise.all([reply(real, own), reply(memory, own)]);
          expect({ command: own, reply: got }).toEqual({ command: own, reply: expected });
        }
      }),
      // The same sequences in every run; the one that was found to differ first.
      {
        numRuns: 300,
        examples: [
          [
            [
              ['rpush', 'b', ''],
              ['pexpire', 'b', 100_000],
              ['lmove', 'b', 'b', 'LEFT', 'LEFT'],
              ['persist', 'b'],
            ],
          ],
        ],
      },
    );
  });
});
