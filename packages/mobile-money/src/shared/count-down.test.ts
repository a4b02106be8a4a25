import { createTurnedClock } from '@canza/core/testing';
import { expect, test } from 'vitest';

import { countDown } from './count-down.ts';

test('gives each step what is left, with the signal of the call', async () => {
  const clock = createTurnedClock();
  const { signal } = new AbortController();
  const within = countDown(clock, { timeoutMs: 100, signal }, 'mpesa');
  expect(within()).toEqual({ timeoutMs: 100, signal });
  await clock.advance(60);
  expect(within()).toEqual({ timeoutMs: 40, signal });
});

test('begins no step without time left: the token came too late for the payment to be sent', async () => {
  const clock = createTurnedClock();
  const within = countDown(clock, { timeoutMs: 100 }, 'mpesa');
  await clock.advance(100);
  expect(within).toThrow(expect.objectContaining({ code: 'DEADLINE_EXCEEDED', moneyMoved: 'no' }));
});
