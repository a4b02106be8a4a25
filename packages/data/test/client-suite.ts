import { describe, expect, it } from 'vitest';
import { UnreadableValueError } from '../src/codec/index.ts';
import type { RedisClient, RedisClientOptions } from '../src/redis/client.ts';
import { RedisRefusedError } from '../src/redis/errors.ts';
import { connectTo, freshNamespace, pause, type RedisPlace } from './redis.ts';

/** What the client promises, wherever it runs. Keys that are used together share a hash tag, as a cluster wants it. */
export function describeRedisClient(place: RedisPlace): void {
  const connect = (options: Partial<RedisClientOptions> = {}): Promise<RedisClient> => connectTo(place, options);

  describe.skipIf(place.server === undefined)(`the Redis client on ${place.name}`, () => {
    it('reads back what it wrote, and nothing where nothing is', async () => {
      const client = await connect();
      expect(await client.get('none')).toBeUndefined();
      for (const value of [{ amount: '10.00', nested: [1, null, 'x'] }, 'text', 0, false, null, []]) {
        expect(await client.set('key', value)).toBe(true);
        expect(await client.get('key')).toEqual(value);
      }
    });

    it.each(['json', 'message-pack', 'structured-clone'] as const)(
      'writes with %s, and reads it with any',
      async (serializer) => {
        const namespace = freshNamespace();
        const writer = await connect({ serializer, namespace });
        const reader = await connect({ namespace });
        const value = { id: 'tx_1', amounts: ['1.00', '2.50'], big: 'ü'.repeat(9_000) };
        await writer.set('key', value);
        expect(await reader.get('key')).toEqual(value);
      },
    );

    it('writes only if absent, only if present, and with a time to live', async () => {
      const client = await connect();
      expect(await client.set('key', 1, { only: 'if-present' })).toBe(false);
      expect(await client.set('key', 1, { only: 'if-absent', ttlMs: 60_000 })).toBe(true);
      expect(await client.set('key', 2, { only: 'if-absent' })).toBe(false);
      expect(await client.timeToLive('key')).toBeGreaterThan(50_000);
      expect(await client.set('key', 3, { only: 'if-present', keepTtl: true })).toBe(true);
      expect(await client.timeToLive('key')).toBeGreaterThan(50_000);
      expect(await client.persist('key')).toBe(true);
      expect(await client.timeToLive('key')).toBe(Infinity);
      expect(await client.getAndSet('key', 4)).toBe(3);
      expect(await client.getAndDelete('key')).toBe(4);
      expect(await client.timeToLive('key')).toBeUndefined();
    });

    it('forgets a value after its time to live', async () => {
      const client = await connect();
      await client.set('key', 1, { ttlMs: 30 });
      await client.set('other', 1);
      expect(await client.expire('other', 30)).toBe(true);
      await expect.poll(() => client.has('key')).toBe(false);
      await expect.poll(() => client.has('other')).toBe(false);
    });

    it.each([0, -1, 1.5, Number.NaN])('refuses a time to live of %s before anything is sent', async (ttlMs) => {
      const client = await connect();
      await expect(client.set('key', 1, { ttlMs })).rejects.toMatchObject({ code: 'INVALID_REQUEST', field: 'ttlMs' });
      expect(await client.has('key')).toBe(false);
    });

    it('reads, writes and deletes many', async () => {
      const client = await connect();
      await client.setMany(
        new Map([
          ['a', 1],
          ['b', 2],
        ]),
      );
      expect(await client.getMany(['a', 'none', 'b'])).toEqual(
        new Map([
          ['a', 1],
          ['b', 2],
        ]),
      );
      expect(await client.deleteMany(['a', 'none', 'b'])).toBe(2);
      expect(await client.getMany([])).toEqual(new Map());
      expect(await client.deleteMany([])).toBe(0);
    });

    it('counts', async () => {
      const client = await connect();
      expect(await client.count('hits')).toBe(0);
      expect(await client.increment('hits')).toBe(1);
      await Promise.all(Array.from({ length: 20 }, () => client.increment('hits', 2)));
      expect(await client.increment('hits', -1)).toBe(40);
      expect(await client.count('hits')).toBe(40);
      await client.set('value', 1);
      await expect(client.increment('value')).rejects.toBeInstanceOf(RedisRefusedError);
    });

    it('keeps hashes', async () => {
      const { hashes } = (await connect()).space<{ n: number }>('hashes');
      expect(await hashes.set('key', 'a', { n: 1 })).toBe(true);
      expect(await hashes.set('key', 'a', { n: 2 })).toBe(false);
      expect(await hashes.setMany('key', { b: { n: 3 }, c: { n: 4 } })).toBe(2);
      expect(await hashes.setIfAbsent('key', 'a', { n: 9 })).toBe(false);
      expect(await hashes.get('key', 'a')).toEqual({ n: 2 });
      expect(await hashes.getMany('key', ['c', 'none'])).toEqual([{ n: 4 }, undefined]);
      expect(await hashes.all('key')).toEqual(
        new Map([
          ['a', { n: 2 }],
          ['b', { n: 3 }],
          ['c', { n: 4 }],
        ]),
      );
      expect(await hashes.fields('key')).toEqual(['a', 'b', 'c']);
      expect(await hashes.delete('key', ['a', 'none'])).toBe(1);
      expect([await hashes.size('key'), await hashes.has('key', 'a')]).toEqual([2, false]);
      expect(await hashes.increment('key', 'count', 5)).toBe(5);
    });

    it('keeps lists', async () => {
      const { lists } = (await connect()).space<string>('lists');
      expect(await lists.push('{q}:a', 'right', ['1', '2', '3', '2'])).toBe(4);
      expect(await lists.push('{q}:a', 'left', ['0'])).toBe(5);
      expect(await lists.range('{q}:a')).toEqual(['0', '1', '2', '3', '2']);
      expect(await lists.remove('{q}:a', '2', -1)).toBe(1);
      expect(await lists.range('{q}:a', 1, 2)).toEqual(['1', '2']);
      expect(await lists.pop('{q}:a', 'left')).toBe('0');
      expect(await lists.move('{q}:a', 'right', '{q}:b', 'left')).toBe('3');
      expect(await lists.range('{q}:b')).toEqual(['3']);
      await lists.trim('{q}:a', 1, 1);
      expect(await lists.range('{q}:a')).toEqual(['2']);
      expect([await lists.length('{q}:a'), await lists.pop('none', 'left')]).toEqual([1, undefined]);
    });

    it('keeps sets and sorted sets', async () => {
      const { sets, sortedSets } = await connect();
      expect(await sets.add('set', ['a', 'b', 'a'])).toBe(2);
      expect((await sets.members('set')).sort()).toEqual(['a', 'b']);
      expect([await sets.has('set', 'a'), await sets.remove('set', ['a', 'x']), await sets.size('set')]).toEqual([
        true,
        1,
        1,
      ]);

      await sortedSets.add('due', [
        { member: 'late', score: 30.5 },
        { member: 'soon', score: 10 },
        { member: 'mid', score: 20 },
      ]);
      expect(await sortedSets.range('due', { to: 20 })).toEqual([
        { member: 'soon', score: 10 },
        { member: 'mid', score: 20 },
      ]);
      expect(await sortedSets.range('due', { descending: true, limit: 1 })).toEqual([{ member: 'late', score: 30.5 }]);
      expect([await sortedSets.score('due', 'late'), await sortedSets.rank('due', 'late')]).toEqual([30.5, 2]);
      expect(await sortedSets.increment('due', 'soon', 15.25)).toBe(25.25);
      expect(await sortedSets.popLowest('due')).toEqual([{ member: 'mid', score: 20 }]);
      expect(await sortedSets.removeByScore('due', -Infinity, 26)).toBe(1);
      expect([await sortedSets.size('due'), await sortedSets.has('due', 'soon')]).toEqual([1, false]);
    });

    it('keeps streams, alone and in groups', async () => {
      const client = await connect();
      const { streams } = client.space<{ n: number }>('streams');
      const first = await streams.append('log', { n: 1 });
      const second = await streams.append('log', { n: 2 });
      expect(await streams.range('log')).toEqual([
        { id: first, value: { n: 1 } },
        { id: second, value: { n: 2 } },
      ]);
      expect(await streams.range('log', { from: second, limit: 5 })).toEqual([{ id: second, value: { n: 2 } }]);
      await streams.createGroup('log', 'workers', '0');
      const taken = await streams.readGroup('log', { group: 'workers', consumer: 'a', limit: 1 });
      expect(taken).toEqual([{ id: first, value: { n: 1 } }]);
      expect(await streams.readGroup('log', { group: 'workers', consumer: 'b' })).toEqual([
        { id: second, value: { n: 2 } },
      ]);
      expect(await streams.readGroup('log', { group: 'workers', consumer: 'b' })).toEqual([]);
      expect(await streams.acknowledge('log', 'workers', [second])).toBe(1);
      const rescued = await streams.takeOver('log', { group: 'workers', consumer: 'b' }, 0);
      expect(rescued).toEqual([{ id: first, value: { n: 1 } }]);
      expect([await streams.remove('log', [first]), await streams.length('log')]).toEqual([1, 1]);
    });

    it('waits for what comes, and gives up when nothing does', async () => {
      const client = await connect();
      expect(await client.waiting.pop(['{w}a', '{w}b'], 'left', { waitMs: 20 })).toBeUndefined();
      const popped = client.waiting.pop(['{w}a', '{w}b'], 'left', { waitMs: 5_000 });
      await client.lists.push('{w}b', 'right', ['value']);
      expect(await popped).toEqual({ key: '{w}b', value: 'value' });
      const moved = client.waiting.move('{m}from', 'left', '{m}to', 'right', { waitMs: 5_000 });
      await client.lists.push('{m}from', 'right', ['moved']);
      expect(await moved).toBe('moved');
      const entries = client.waiting.readStream('log', '0', { waitMs: 5_000 });
      await client.streams.append('log', 'entry');
      expect(await entries).toMatchObject([{ value: 'entry' }]);
    });

    it('stops waiting when called off, and takes nothing for a caller who is gone', async () => {
      const client = await connect();
      const controller = new AbortController();
      const popped = client.waiting.pop(['queue'], 'left', { waitMs: 10_000, signal: controller.signal });
      await pause(30);
      controller.abort();
      await expect(popped).rejects.toMatchObject({ code: 'ABORTED' });
      await pause(30);
      await client.lists.push('queue', 'right', ['kept']);
      expect(await client.lists.length('queue')).toBe(1);
    });

    it('refuses to wait on more connections than it may open', async () => {
      const client = await connect({ blockingConnections: 1 });
      const first = client.waiting.pop(['queue'], 'left', { waitMs: 5_000 });
      await expect(client.waiting.pop(['queue'], 'left', { waitMs: 10 })).rejects.toMatchObject({
        outcome: 'not-sent',
      });
      await client.lists.push('queue', 'right', ['value']);
      expect(await first).toMatchObject({ value: 'value' });
    });

    it('carries messages to whoever listens', async () => {
      const client = await connect();
      const heard: unknown[] = [];
      const subscription = await client.messages.subscribe('news', (value) => heard.push(value));
      await client.messages.publish('news', { n: 1, text: 'x'.repeat(6_000) });
      await expect.poll(() => heard).toEqual([{ n: 1, text: 'x'.repeat(6_000) }]);
      subscription.stop();
      subscription.stop();
      await client.messages.publish('news', 2);
      await pause(20);
      expect(heard).toHaveLength(1);
    });

    it('sends a pipeline in which each succeeds or fails by itself', async () => {
      const client = await connect();
      await client.set('text', 'value');
      const { values, lists } = client.operations;
      const [written, wrongType, sum] = await client.pipeline([
        values.set('a', { n: 1 }),
        lists.push('text', 'left', ['x']),
        values.increment('n', 2),
      ]);
      expect(written).toEqual({ status: 'fulfilled', value: true });
      expect(wrongType).toMatchObject({ status: 'rejected', reason: { replyCode: 'WRONGTYPE' } });
      expect(sum).toEqual({ status: 'fulfilled', value: 2 });
    });

    it('runs a transaction as one, with typed results', async () => {
      const client = await connect();
      const { values, hashes } = client.operations;
      const [set, before, field] = await client.transaction([
        values.set('{t}a', 'new'),
        values.getAndSet('{t}a', 'newer'),
        hashes.set('{t}h', 'field', 1),
      ]);
      expect([set, before, field]).toEqual([true, 'new', true]);
      expect(await client.get('{t}a')).toBe('newer');
    });

    it('gives every reply to its own command, in whatever way they were sent at once', async () => {
      const client = await connect();
      const { values } = client.operations;
      const raw = client.link.client;
      // Text and bytes by turns, because a socket is given them in different ways.
      const bytes = Buffer.alloc(3_000, 'b').toString();
      const sent = Array.from({ length: 300 }, async (_, index) => {
        const key = `{o}${index}`;
        const value = index % 3 === 1 ? `${index} ${bytes}` : `${index}`;
        const [, echoed, [before, set, after], read] = await Promise.all([
          client.set(`${key} alone`, value),
          raw.call('echo', key),
          client.transaction([values.get(key), values.set(key, value), values.get(key)]),
          client.get(`${key} alone`),
        ]);
        expect([echoed, before, set, after, read]).toEqual([key, undefined, true, value, value]);
      });
      await Promise.all(sent);
    });

    it('goes through its own keys and no others', async () => {
      const client = await connect();
      const space = client.space<number>('scanned');
      const keys = Array.from({ length: 250 }, (_, index) => `user:${index}`);
      await space.setMany(new Map(keys.map((key, index) => [key, index])));
      await client.set('user:elsewhere', 1);
      const found = new Set<string>();
      for await (const page of space.scan('user:*', { pageSize: 40 })) {
        for (const key of page) found.add(key);
        await space.deleteMany(page);
      }
      expect([...found].sort()).toEqual(keys.sort());
    });

    it('names what is wrong with a value that it cannot read', async () => {
      const client = await connect();
      const raw = async (value: string | Buffer): Promise<unknown> => {
        await client.link.run('set', [client.context.keyOf('key'), value]);
        return client.get('key').then(
          () => undefined,
          (error: unknown) => error,
        );
      };
      const stored = async (): Promise<Buffer> =>
        (await client.link.runBytes('get', [client.context.keyOf('key')])) as Buffer;
      expect(await raw('{"from":"elsewhere"}')).toMatchObject({ code: 'VALUE_UNREADABLE', because: 'foreign' });
      await client.set('key', 123_456);
      const whole = await stored();
      expect(await raw(whole.subarray(0, -2))).toMatchObject({ because: 'corrupt' });
      expect(await raw(whole.subarray(0, 6))).toMatchObject({ because: 'corrupt' });
      const own = { id: 77, name: 'own', serialize: String, deserialize: String };
      const other = await connect({ serializer: own, namespace: client.namespace });
      await other.set('key', 'x');
      expect(await client.get('key').catch((error: unknown) => error)).toMatchObject({ because: 'unknown-format' });
      await client.lists.push('list', 'left', [1]);
      await expect(client.get('list')).rejects.toMatchObject({ replyCode: 'WRONGTYPE' });
      const typed = client.space<number>('typed', {
        parse: (value) => {
          if (typeof value === 'number') return value;
          throw new TypeError('not a number');
        },
      });
      await client.space<unknown>('typed').set('key', 'text');
      await expect(typed.get('key')).rejects.toBeInstanceOf(UnreadableValueError);
    });

    it('refuses a value of 20 MB with its bound, when writing and when reading', async () => {
      const client = await connect();
      const generous = await connect({
        maxValueBytes: 64 * 1024 * 1024,
        namespace: client.namespace,
        compression: false,
      });
      const large = 'x'.repeat(20_000_000);
      await expect(client.set('key', large)).rejects.toMatchObject({ field: 'value', code: 'INVALID_REQUEST' });
      await generous.set('key', large);
      await expect(client.get('key')).rejects.toMatchObject({ because: 'too-large' });
      const packing = await connect({ maxValueBytes: 64 * 1024 * 1024, namespace: client.namespace });
      await packing.set('packed', large);
      await expect(client.get('packed')).rejects.toMatchObject({ because: 'too-large' });
      expect(await packing.get('packed')).toBe(large);
    });

    it('reads and writes plain text for other programs', async () => {
      const client = await connect();
      const plain = client.space<string>('plain', { format: 'plain' });
      await plain.set('key', 'text');
      expect(await client.link.run('get', [plain.context.keyOf('key')])).toBe('text');
      expect(await plain.get('key')).toBe('text');
    });

    it('tells how it is', async () => {
      const client = await connect();
      await client.set('key', 1);
      const health = await client.health();
      expect(health).toMatchObject({ status: 'up', failovers: 0, fallback: undefined });
      for (const facts of health.servers) expect(facts.role).toBe('master');
      expect(health.servers.length).toBeGreaterThan(0);
      expect(health.latencyMs).toBeGreaterThanOrEqual(0);
      expect(health.connection.replies).toBeGreaterThan(0);
    });
  });
}
