import { createTurnedClock } from '@canza/core/testing';
import { describe, expect, it } from 'vitest';
import { DeadlineQueue } from './deadline-queue.ts';

describe('many deadlines at once', () => {
  it('each expires at its own moment, whatever the order in which they began', async () => {
    const clock = createTurnedClock();
    const deadlines = new DeadlineQueue(clock);
    const expired: string[] = [];
    const add = (name: string, timeoutMs: number) =>
      deadlines.add(timeoutMs, () => expired.push(`${name} at ${clock.monotonicMs()}`));
    add('long', 300);
    add('short', 100);
    await clock.advance(50);
    add('second short', 100);
    const cancelled = add('cancelled', 100);
    cancelled.cancel();
    cancelled.cancel();
    await clock.advance(1_000);
    expect(expired).toEqual(['short at 100', 'second short at 150', 'long at 300']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('need one timer for each length, however many they are', () => {
    const clock = createTurnedClock();
    const deadlines = new DeadlineQueue(clock);
    for (let count = 0; count < 1_000; count++) deadlines.add(100 + (count % 2), () => undefined);
    expect(clock.pendingTimers).toBe(2);
  });

  it('may be added by one that expires', async () => {
    const clock = createTurnedClock();
    const deadlines = new DeadlineQueue(clock);
    const expired: number[] = [];
    deadlines.add(10, () => {
      expired.push(clock.monotonicMs());
      deadlines.add(10, () => expired.push(clock.monotonicMs()));
    });
    await clock.advance(100);
    expect(expired).toEqual([10, 20]);
  });

  it('are all dropped when cleared, with their timers', async () => {
    const clock = createTurnedClock();
    const deadlines = new DeadlineQueue(clock);
    let expired = 0;
    for (const timeoutMs of [10, 20, 20]) deadlines.add(timeoutMs, () => (expired += 1));
    deadlines.clear();
    expect(clock.pendingTimers).toBe(0);
    await clock.advance(100);
    expect(expired).toBe(0);
  });
});
