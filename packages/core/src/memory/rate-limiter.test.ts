import { describe, expect, it } from 'vitest';

import { createTurnedClock } from '../testing/index.ts';
import { createMemoryRateLimiter } from './rate-limiter.ts';

describe('the rate limiter in memory', () => {
  it('lets a burst through at once, then one for each interval, in order', async () => {
    const clock = createTurnedClock();
    const limiter = createMemoryRateLimiter({ clock, rates: { mpesa: { perSecond: 10, burst: 3 } } });
    const admitted: { index: number; atMs: number }[] = [];
    const all = Array.from({ length: 6 }, async (_, index) => {
      await limiter.admit('mpesa', { maxWaitMs: 1000 });
      admitted.push({ index, atMs: clock.monotonicMs() });
    });
    await clock.runUntil(Promise.all(all));
    expect(admitted).toEqual([
      { index: 0, atMs: 0 },
      { index: 1, atMs: 0 },
      { index: 2, atMs: 0 },
      { index: 3, atMs: 100 },
      { index: 4, atMs: 200 },
      { index: 5, atMs: 300 },
    ]);
  });

  it('turns away whose turn would come too late, says when to come again, and keeps no place for him', async () => {
    const clock = createTurnedClock();
    const limiter = createMemoryRateLimiter({ clock, rates: { mpesa: { perSecond: 1 } } });
    await limiter.admit('mpesa');
    const refusal = { code: 'RATE_LIMITED', moneyMoved: 'no', retryAfterMs: 1000 };
    await expect(limiter.admit('mpesa', { maxWaitMs: 999 })).rejects.toMatchObject(refusal);
    await expect(limiter.admit('mpesa', { maxWaitMs: 999 })).rejects.toMatchObject(refusal);
    await clock.advance(1000);
    await limiter.admit('mpesa');
  });

  it('never admits more than the rate over any span, however long the pause before', async () => {
    const clock = createTurnedClock();
    const limiter = createMemoryRateLimiter({ clock, rates: { mpesa: { perSecond: 100, burst: 5 } } });
    await clock.advance(3_600_000);
    let admitted = 0;
    for (let elapsedMs = 0; elapsedMs < 1000; elapsedMs++) {
      for (let tries = 0; tries < 3; tries++)
        await limiter.admit('mpesa').then(
          () => admitted++,
          () => undefined,
        );
      await clock.advance(1);
    }
    expect(admitted).toBeGreaterThanOrEqual(100);
    expect(admitted).toBeLessThanOrEqual(105);
  });

  it('does not limit a key that has no rate, and refuses a rate that is none', async () => {
    const clock = createTurnedClock();
    const limiter = createMemoryRateLimiter({ clock, rates: {} });
    for (let count = 0; count < 100; count++) await limiter.admit('momo');
    expect(() => createMemoryRateLimiter({ clock, rates: { mpesa: { perSecond: 0 } } })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', field: 'rates.mpesa.perSecond' }),
    );
  });

  it('leaves no timer when a waiter is called off', async () => {
    const clock = createTurnedClock();
    const limiter = createMemoryRateLimiter({ clock, rates: { mpesa: { perSecond: 1 } } });
    await limiter.admit('mpesa');
    const controller = new AbortController();
    const waiting = limiter.admit('mpesa', { maxWaitMs: 5000, signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' });
    expect(clock.pendingTimers).toBe(0);
  });
});
