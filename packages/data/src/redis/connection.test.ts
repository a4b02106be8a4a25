import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { openRedis } from './connection-open.ts';
import { RedisUnavailableError } from './errors.ts';

const redisUrl = inject('redisUrl');
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** A server that accepts connections and never says a word. */
async function hangingServer(): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
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

async function open(url: string) {
  const connection = await openRedis({ server: { url } });
  closers.push(() => connection.close());
  return connection;
}

const failure = async (work: Promise<unknown>): Promise<{ error: unknown; tookMs: number }> => {
  const startedMs = performance.now();
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { error, tookMs: performance.now() - startedMs };
};

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
    const { error, tookMs } = await failure(connection.run('get', ['key'], { timeoutMs: 100 }));
    expect(error).toBeInstanceOf(RedisUnavailableError);
    expect(error).toMatchObject({ outcome: 'not-sent' });
    expect(tookMs).toBeLessThan(400);
  });

  it('fails in the time that the caller set when the server accepts and never answers', async () => {
    const connection = await open(`redis://127.0.0.1:${await hangingServer()}`);
    const { error, tookMs } = await failure(connection.run('get', ['key'], { timeoutMs: 100 }));
    expect(error).toBeInstanceOf(RedisUnavailableError);
    expect(error).toMatchObject({ outcome: 'not-sent' });
    expect(tookMs).toBeLessThan(400);
  });
});
