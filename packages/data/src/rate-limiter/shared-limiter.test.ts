import { RateLimitError } from '@canza/core';
import { describe, expect, it } from 'vitest';
import { connectTo, MEMORY, PLACES, timed } from '../../test/redis.ts';
import { createSharedRateLimiter } from './shared-limiter.ts';

const outcomes = async (admissions: readonly Promise<void>[]): Promise<{ admitted: number; refused: number }> => {
  const settled = await Promise.allSettled(admissions);
  const refusals = settled.filter((each) => each.status === 'rejected');
  for (const { reason } of refusals) expect(reason).toBeInstanceOf(RateLimitError);
  return { admitted: settled.length - refusals.length, refused: refusals.length };
};

for (const place of PLACES) {
  describe.skipIf(place.server === undefined)(`a shared rate limit on ${place.name}`, () => {
    it('admits exactly as many as it says, from several processes together', async () => {
      const client = await connectTo(place);
      const { link: connection, namespace } = client;
      const limiters = [1, 2, 3].map(() =>
        createSharedRateLimiter({ connection, namespace, calls: 50, periodSeconds: 30 }),
      );
      const admissions = limiters.flatMap((limiter) => Array.from({ length: 40 }, () => limiter.admit('mpesa')));
      expect(await outcomes(admissions)).toEqual({ admitted: 50, refused: 70 });
      expect(await outcomes([limiters[0]?.admit('mtn') ?? Promise.reject(new Error('none'))])).toEqual({
        admitted: 1,
        refused: 0,
      });
    });

    it('says when to come back', async () => {
      const { link: connection, namespace } = await connectTo(place);
      const limiter = createSharedRateLimiter({ connection, namespace, calls: 1, periodSeconds: 30 });
      await limiter.admit('key');
      const refusal = await limiter.admit('key').catch((error: unknown) => error);
      expect(refusal).toMatchObject({ code: 'RATE_LIMITED', moneyMoved: 'no' });
      expect((refusal as RateLimitError).retryAfterMs).toBeGreaterThan(25_000);
      await expect(limiter.admit('key', { maxWaitMs: 5_000 })).rejects.toBeInstanceOf(RateLimitError);
    });

    it('lets one wait for the next period who will', async () => {
      const { link: connection, namespace } = await connectTo(place);
      const limiter = createSharedRateLimiter({ connection, namespace, calls: 1, periodSeconds: 1 });
      await limiter.admit('key');
      const startedMs = performance.now();
      await limiter.admit('key', { maxWaitMs: 3_000 });
      expect(performance.now() - startedMs).toBeGreaterThan(500);
    });

    it('begins no wait that the deadline of the call does not leave room for', async () => {
      const { link: connection, namespace } = await connectTo(place);
      const limiter = createSharedRateLimiter({ connection, namespace, calls: 1, periodSeconds: 30 });
      await limiter.admit('key');
      const { error, tookMs } = await timed(limiter.admit('key', { maxWaitMs: 60_000, timeoutMs: 1_000 }));
      expect(error).toBeInstanceOf(RateLimitError);
      expect(tookMs).toBeLessThan(5_000);
    });

    it('stops waiting when called off', async () => {
      const { link: connection, namespace } = await connectTo(place);
      const limiter = createSharedRateLimiter({ connection, namespace, calls: 1, periodSeconds: 30 });
      await limiter.admit('key');
      const controller = new AbortController();
      const waiting = limiter.admit('key', { maxWaitMs: 60_000, signal: controller.signal });
      controller.abort();
      await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' });
    });
  });
}

it('refuses a limit that is no whole number', async () => {
  const { link: connection } = await connectTo(MEMORY);
  expect(() => createSharedRateLimiter({ connection, calls: 0.5 })).toThrow(/calls/);
});
