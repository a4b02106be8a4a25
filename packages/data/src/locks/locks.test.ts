import { sleep } from '@canza/core';
import { createTurnedClock } from '@canza/core/testing';
import { describe, expect, it } from 'vitest';
import { connectTo, MEMORY, PLACES, pause } from '../../test/redis.ts';
import { createMemoryRedis } from '../memory/index.ts';
import type { RedisConnection } from '../redis/connection.ts';
import { openRedis, RedisUnavailableError } from '../redis/index.ts';
import { LockLostError, Locks, LockTakenError } from './locks.ts';

for (const place of PLACES) {
  const makeLocks = async (): Promise<Locks> => {
    const client = await connectTo(place);
    return new Locks({ connection: client.link, namespace: client.namespace });
  };

  describe.skipIf(place.server === undefined)(`a lock on ${place.name}`, () => {
    it('is held by one at a time, each under a greater fence', async () => {
      const locks = await makeLocks();
      const first = await locks.acquire('tx_1');
      await expect(locks.acquire('tx_1')).rejects.toBeInstanceOf(LockTakenError);
      expect(await first.release()).toBe(true);
      expect(await first.release()).toBe(false);
      const second = await locks.acquire('tx_1');
      expect(second.fence).toBeGreaterThan(first.fence);
      expect(Number.isSafeInteger(second.fence)).toBe(true);
      await second.release();
    });

    it('goes to one who waits as soon as it is free', async () => {
      const locks = await makeLocks();
      const first = await locks.acquire('tx_1');
      const waiting = locks.acquire('tx_1', { waitMs: 5_000 });
      await pause(20);
      await first.release();
      const second = await waiting;
      expect(second.fence).toBeGreaterThan(first.fence);
      await second.release();
    });

    it('is free by itself after its time, and is then neither extended nor given back by the old holder', async () => {
      const locks = await makeLocks();
      const first = await locks.acquire('tx_1', { ttlMs: 30 });
      const second = await locks.acquire('tx_1', { waitMs: 2_000 });
      expect(first.remainingMs).toBe(0);
      await expect(first.extend()).rejects.toBeInstanceOf(LockLostError);
      expect(await first.release()).toBe(false);
      expect(second.remainingMs).toBeGreaterThan(5_000);
      await second.release();
    });

    it('is never held twice by 20 who want it at once', async () => {
      const locks = await makeLocks();
      const fences: number[] = [];
      let holders = 0;
      const work = async ({ fence }: { fence: number }): Promise<void> => {
        holders += 1;
        expect(holders).toBe(1);
        fences.push(fence);
        await pause(1);
        holders -= 1;
      };
      await Promise.all(Array.from({ length: 20 }, () => locks.hold('tx_1', { waitMs: 15_000 }, work)));
      expect(fences).toHaveLength(20);
      expect(fences).toEqual(fences.toSorted((left, right) => left - right));
    });

    it('tells the work when it was lost', async () => {
      const client = await connectTo(place);
      const locks = new Locks({ connection: client.link, namespace: client.namespace });
      const held = locks.hold('tx_1', { ttlMs: 60 }, async ({ signal }) => {
        await client.link.run('del', [`${client.namespace}:lock1:{tx_1}`]);
        await expect.poll(() => signal.aborted).toBe(true);
      });
      await expect(held).rejects.toBeInstanceOf(LockLostError);
    });

    it('keeps what the work throws, and is given back', async () => {
      const locks = await makeLocks();
      const failing = locks.hold('tx_1', {}, () => Promise.reject(new Error('the work failed')));
      await expect(failing).rejects.toThrow('the work failed');
      await (await locks.acquire('tx_1')).release();
    });

    it('is not waited for once the caller calls off', async () => {
      const locks = await makeLocks();
      const first = await locks.acquire('tx_1');
      const controller = new AbortController();
      const waiting = locks.acquire('tx_1', { waitMs: 10_000, signal: controller.signal });
      controller.abort();
      await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' });
      await first.release();
    });
  });
}

describe('a lock', () => {
  it('is extended for as long as the work under it takes, and leaves no timer', async () => {
    const clock = createTurnedClock();
    const connection = await openRedis({ server: { client: createMemoryRedis({ clock }) }, clock });
    const locks = new Locks({ connection, clock });
    const held = locks.hold('tx_1', { ttlMs: 1_000 }, async ({ signal }) => {
      await sleep(clock, 60_000);
      await expect(locks.acquire('tx_1')).rejects.toBeInstanceOf(LockTakenError);
      return signal.aborted;
    });
    expect(await clock.runUntil(held)).toBe(false);
    await (await locks.acquire('tx_1')).release();
    await connection.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it('that could not be extended for as long as it held is lost, and the work is told in time', async () => {
    const clock = createTurnedClock();
    const connection = await openRedis({ server: { client: createMemoryRedis({ clock }) }, clock });
    const locks = new Locks({ connection, clock });
    const told: number[] = [];
    const held = locks.hold('tx_1', { ttlMs: 1_000 }, async ({ signal }) => {
      signal.addEventListener('abort', () => told.push(clock.monotonicMs()));
      await connection.close();
      await sleep(clock, 5_000);
    });
    await expect(clock.runUntil(held)).rejects.toBeInstanceOf(LockLostError);
    expect(told).toHaveLength(1);
    expect(told[0]).toBeLessThanOrEqual(1_000);
    expect(clock.pendingTimers).toBe(0);
  });

  it('that was taken without the taker being told is given back, and keeps nobody waiting for its whole time', async () => {
    const client = await connectTo(MEMORY);
    let isLost = true;
    const runScript: RedisConnection['runScript'] = async (script, ...rest) => {
      const reply = await client.link.runScript(script, ...rest);
      if (!isLost) return reply;
      isLost = false;
      throw new RedisUnavailableError('no reply', 'unknown');
    };
    const locks = new Locks({ connection: { hasFallback: false, runScript } as RedisConnection });
    await expect(locks.acquire('tx_1', { ttlMs: 60_000 })).rejects.toBeInstanceOf(RedisUnavailableError);
    const lock = await locks.acquire('tx_1', { waitMs: 5_000 });
    expect(lock.remainingMs).toBeGreaterThan(0);
    await lock.release();
    expect(lock.remainingMs, 'it is given up, whether or not Redis hears of it').toBe(0);
  });

  it('that ran out while the process stood still is lost, although no timer had time to say so', async () => {
    const clock = createTurnedClock();
    let stoodStillMs = 0;
    const stopped = { ...clock, monotonicMs: () => clock.monotonicMs() + stoodStillMs };
    const connection = await openRedis({ server: { client: createMemoryRedis({ clock }) }, clock });
    const locks = new Locks({ connection, clock: stopped });
    const held = locks.hold('tx_1', { ttlMs: 1_000 }, async () => {
      stoodStillMs = 1_000;
    });
    await expect(held).rejects.toBeInstanceOf(LockLostError);
    await connection.close();
  });

  it('gives greater fences even where the last one was lost with the server', async () => {
    const clock = createTurnedClock();
    const fenceOf = async (): Promise<number> => {
      const connection = await openRedis({ server: { client: createMemoryRedis({ clock }) } });
      return (await new Locks({ connection }).acquire('tx_1')).fence;
    };
    const before = await fenceOf();
    await clock.advance(1);
    expect(await fenceOf()).toBeGreaterThan(before);
  });

  it('refuses a connection with a fallback, because memory would give it to every process', async () => {
    const client = await connectTo(MEMORY, { fallback: 'memory' });
    expect(() => new Locks({ connection: client.connection })).toThrow(/link without fallback/);
  });

  it.each([0, -5, 1.5])('refuses a time to live of %s', async (ttlMs) => {
    const client = await connectTo(MEMORY);
    const acquired = new Locks({ connection: client.link }).acquire('tx_1', { ttlMs });
    await expect(acquired).rejects.toMatchObject({ field: 'ttlMs' });
  });
});
