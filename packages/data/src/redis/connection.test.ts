import { connect, createServer, type Socket } from 'node:net';
import { createTurnedClock } from '@canza/core/testing';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { freshNamespace, timed } from '../../test/redis.ts';
import { createMemoryRedis } from '../memory/index.ts';
import { openRedis } from './connection-open.ts';
import { RedisUnavailableError } from './errors.ts';

const redisUrl = inject('redisUrl');
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** A server of the test's own, gone when the test ends. */
async function serve(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => socket.destroy()));
    onConnection(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve());
  });
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A server that accepts connections and never says a word. */
const hangingServer = (): Promise<number> => serve(() => undefined);

/** A server before Redis: the first connections get no answer, or only until they are ready; the others are passed on. */
function troubledServer(behind: string, troubled: number, answers: 'none' | 'until ready'): Promise<number> {
  let connections = 0;
  return serve((socket) => {
    const mute = connections++ < troubled;
    if (mute && answers === 'none') return;
    const { hostname, port } = new URL(behind);
    const upstream = connect(Number(port), hostname).on('error', () => undefined);
    socket.on('close', () => upstream.destroy());
    upstream.pipe(socket);
    socket.on('data', (chunk) => {
      if (!mute || !chunk.includes('unanswered')) upstream.write(chunk);
    });
  });
}

/** A server before Redis that loses one reply: Redis carries out the first command with that name, and the connection breaks. */
function forgetfulServer(behind: string, command: string): Promise<number> {
  let isLost = false;
  return serve((socket) => {
    const { hostname, port } = new URL(behind);
    const upstream = connect(Number(port), hostname).on('error', () => undefined);
    socket.on('close', () => upstream.destroy());
    let awaitsLoss = false;
    socket.on('data', (chunk) => {
      awaitsLoss ||= !isLost && chunk.toString().toLowerCase().includes(command);
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (!awaitsLoss) {
        socket.write(chunk);
        return;
      }
      isLost = true;
      socket.destroy();
    });
  });
}

async function open(url: string, silenceTimeoutMs = 5_000) {
  const connection = await openRedis({ server: { url }, silenceTimeoutMs });
  closers.push(() => connection.close());
  return connection;
}

describe('a link to Redis', () => {
  it.skipIf(redisUrl === null)('answers', async () => {
    const connection = await open(redisUrl ?? '');
    await connection.ready();
    expect(await connection.run('echo', ['hello'])).toBe('hello');
    expect(await connection.runBytes('echo', ['hello'])).toEqual(Buffer.from('hello'));
    expect(connection.epoch).toBe(1);
  });

  it('fails in the time that the caller set when nothing listens', async () => {
    const connection = await open('redis://127.0.0.1:1');
    const { error, tookMs } = await timed(connection.run('get', ['key'], { timeoutMs: 100 }));
    expect(error).toBeInstanceOf(RedisUnavailableError);
    expect(error).toMatchObject({ outcome: 'not-sent' });
    expect(tookMs).toBeLessThan(5_000);
  });

  it('fails in the time that the caller set when the server accepts and never answers', async () => {
    const connection = await open(`redis://127.0.0.1:${await hangingServer()}`);
    const { error, tookMs } = await timed(connection.run('get', ['key'], { timeoutMs: 100 }));
    expect(error).toBeInstanceOf(RedisUnavailableError);
    expect(error).toMatchObject({ outcome: 'not-sent' });
    expect(tookMs).toBeLessThan(5_000);
  });

  it.skipIf(redisUrl === null)('gives up a connection on which the server says nothing at all', async () => {
    const port = await troubledServer(redisUrl ?? '', 2, 'none');
    const connection = await open(`redis://127.0.0.1:${port}`, 100);
    expect(await connection.run('echo', ['back'], { timeoutMs: 5_000 })).toBe('back');
  });

  it.skipIf(redisUrl === null)('gives up a connection that has fallen silent', async () => {
    const port = await troubledServer(redisUrl ?? '', 1, 'until ready');
    const connection = await open(`redis://127.0.0.1:${port}`, 200);
    await connection.ready();
    const { error } = await timed(connection.run('echo', ['unanswered'], { timeoutMs: 50 }));
    expect(error).toMatchObject({ outcome: 'unknown' });
    await expect.poll(() => connection.epoch, { timeout: 5_000 }).toBe(2);
    expect(await connection.run('echo', ['unanswered'])).toBe('unanswered');
  });

  it.skipIf(redisUrl === null)('keeps a connection on which an answer comes late', async () => {
    const connection = await open(redisUrl ?? '', 600);
    await connection.ready();
    const busy =
      "local t = redis.call('TIME') repeat local n = redis.call('TIME') until (n[1] - t[1]) * 1e6 + n[2] - t[2] > 2e5";
    const { error } = await timed(connection.run('eval', [busy, 0], { timeoutMs: 50 }));
    expect(error).toMatchObject({ outcome: 'unknown' });
    await new Promise((resolve) => void setTimeout(resolve, 800));
    expect(connection.epoch).toBe(1);
    expect(await connection.run('echo', ['still there'])).toBe('still there');
  });

  it.skipIf(redisUrl === null)('does not send a write again whose reply was lost with its connection', async () => {
    const key = `${freshNamespace()}:counter`;
    const direct = await open(redisUrl ?? '');
    const connection = await open(`redis://127.0.0.1:${await forgetfulServer(redisUrl ?? '', 'incr')}`);
    await connection.ready();
    const { error } = await timed(connection.run('incr', [key], { timeoutMs: 5_000 }));
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', outcome: 'unknown' });
    expect(await connection.run('incr', [key])).toBe(2);
    expect(await direct.run('getdel', [key])).toBe('2');
  });

  it.skipIf(redisUrl === null)(
    'sends again what may be sent twice, when its reply was lost with its connection',
    async () => {
      const connection = await open(`redis://127.0.0.1:${await forgetfulServer(redisUrl ?? '', 'echo')}`);
      await connection.ready();
      expect(await connection.run('echo', ['hello'], { timeoutMs: 5_000, repeatable: true })).toBe('hello');
    },
  );

  it('leaves no timer behind when it is closed', async () => {
    const clock = createTurnedClock();
    const client = createMemoryRedis({ clock });
    const connection = await openRedis({ server: { client }, clock });
    await connection.run('set', ['key', 'value']);
    const blocked = connection.run('blpop', ['list', 0], { timeoutMs: 60_000 }).catch(() => 'ended');
    await connection.close();
    client.disconnect();
    expect(await blocked).toBe('ended');
    expect(clock.pendingTimers).toBe(0);
  });
});
