import { createTurnedClock } from '@canza/core/testing';
import { expect, it } from 'vitest';

import { fasterClock } from './faster-clock.ts';

it('runs as many times faster as it was told, timers too', async () => {
  const clock = createTurnedClock(1_000_000);
  const fast = fasterClock(20, { clock });
  let rang = 0;
  fast.setTimer(10_000, () => (rang = fast.monotonicMs()));
  await clock.advance(499);
  expect(rang).toBe(0);
  await clock.advance(1);
  expect(rang).toBe(10_000);
  expect(fast.nowMs()).toBe(1_010_000);
});

it('two that began at the same moment tell the same time, whenever they were made', async () => {
  const clock = createTurnedClock(1_000_000);
  const first = fasterClock(20, { clock, sinceMs: 1_000_000 });
  await clock.advance(300);
  expect(fasterClock(20, { clock, sinceMs: 1_000_000 }).nowMs()).toBe(first.nowMs());
});

it('refuses to stand still', () => {
  expect(() => fasterClock(0)).toThrow(/factor/);
});
