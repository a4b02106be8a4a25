import { createTurnedClock } from '@canza/core/testing';
import { expect, test } from 'vitest';

import { createTokenCache, type IssuedToken, type TokenSource } from './token-cache.ts';

const HOUR = 3_600_000;

/** A source whose answers the test gives when it likes. */
function controlledSource() {
  const waiting: { resolve: (token: IssuedToken) => void; reject: (error: Error) => void }[] = [];
  const source: TokenSource = () => new Promise((resolve, reject) => void waiting.push({ resolve, reject }));
  return { source, waiting };
}

const failing: TokenSource = () => Promise.reject(new Error('down'));

const issuing = (...values: string[]) => {
  let asked = 0;
  const source: TokenSource = async () => ({ value: values[asked++] ?? `token-${asked}`, lifetimeMs: HOUR });
  return { source, asked: () => asked };
};

test('asks once for a thousand who wait', async () => {
  const { source, waiting } = controlledSource();
  const cache = createTokenCache({ clock: createTurnedClock() });
  const all = Array.from({ length: 1000 }, () => cache.get('a', source));
  expect(waiting).toHaveLength(1);
  waiting[0]?.resolve({ value: 'first', lifetimeMs: HOUR });
  expect(new Set(await Promise.all(all))).toEqual(new Set(['first']));
});

test('keeps the tokens of two credentials apart', async () => {
  const cache = createTokenCache({ clock: createTurnedClock() });
  expect(await cache.get('a', issuing('of a').source)).toBe('of a');
  expect(await cache.get('b', issuing('of b').source)).toBe('of b');
});

test('renews a minute before the end, not earlier', async () => {
  const clock = createTurnedClock();
  const cache = createTokenCache({ clock });
  const { source, asked } = issuing('first', 'second');
  await cache.get('a', source);
  await clock.advance(HOUR - 60_001);
  expect(await cache.get('a', source)).toBe('first');
  await clock.advance(1);
  expect(await cache.get('a', source)).toBe('second');
  expect(asked()).toBe(2);
});

test('keeps its count when the wall clock jumps', async () => {
  const clock = createTurnedClock();
  const cache = createTokenCache({ clock });
  const { source, asked } = issuing('first');
  await cache.get('a', source);
  clock.jump(10 * HOUR);
  await cache.get('a', source);
  expect(asked()).toBe(1);
});

test('does not ask with every call for a token that lives shorter than the margin', async () => {
  const clock = createTurnedClock();
  const cache = createTokenCache({ clock });
  let asked = 0;
  const source: TokenSource = async () => ({ value: `token-${++asked}`, lifetimeMs: 30_000 });
  await cache.get('a', source);
  await clock.advance(10_000);
  await cache.get('a', source);
  expect(asked).toBe(1);
});

test('gives out the old token while it lives when it cannot be renewed early', async () => {
  const clock = createTurnedClock();
  const cache = createTokenCache({ clock });
  await cache.get('a', issuing('first').source);
  await clock.advance(HOUR - 30_000);
  expect(await cache.get('a', failing)).toBe('first');
  await clock.advance(30_000);
  await expect(cache.get('a', failing)).rejects.toThrow('down');
});

test('asks again after a failure', async () => {
  const cache = createTokenCache({ clock: createTurnedClock() });
  await expect(cache.get('a', failing)).rejects.toThrow('down');
  expect(await cache.get('a', issuing('first').source)).toBe('first');
});

test('goes on for the others when one caller calls off', async () => {
  const clock = createTurnedClock();
  const { source, waiting } = controlledSource();
  const cache = createTokenCache({ clock });
  const controller = new AbortController();
  const impatient = cache.get('a', source, { signal: controller.signal });
  const patient = cache.get('a', source);
  controller.abort();
  await expect(impatient).rejects.toMatchObject({ code: 'ABORTED', moneyMoved: 'no' });
  waiting[0]?.resolve({ value: 'first', lifetimeMs: HOUR });
  expect(await patient).toBe('first');
  expect(waiting).toHaveLength(1);
  expect(clock.pendingTimers).toBe(0);
});

test('ends one caller’s wait at that caller’s deadline, and keeps what comes later', async () => {
  const clock = createTurnedClock();
  const { source, waiting } = controlledSource();
  const cache = createTokenCache({ clock });
  const hurried = cache.get('a', source, { timeoutMs: 100 });
  await expect(clock.runUntil(hurried)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED', moneyMoved: 'no' });
  expect(clock.monotonicMs()).toBe(100);
  waiting[0]?.resolve({ value: 'first', lifetimeMs: HOUR });
  expect(await cache.get('a', source)).toBe('first');
  expect(waiting).toHaveLength(1);
});

test('gives a request of a token up at its own deadline, so that the next caller asks anew', async () => {
  const clock = createTurnedClock();
  const { source, waiting } = controlledSource();
  const cache = createTokenCache({ clock, timeoutMs: 5000 });
  const wait = cache.get('a', source, { timeoutMs: 60_000 });
  await expect(clock.runUntil(wait)).rejects.toMatchObject({ moneyMoved: 'no' });
  expect(clock.monotonicMs()).toBe(5000);
  const next = cache.get('a', source);
  expect(waiting).toHaveLength(2);
  waiting[1]?.resolve({ value: 'second', lifetimeMs: HOUR });
  expect(await next).toBe('second');
});

test('forgets a refused token, but not the one that has taken its place', async () => {
  const cache = createTokenCache({ clock: createTurnedClock() });
  const { source } = issuing('first', 'second', 'third');
  await cache.get('a', source);
  cache.drop('a', 'first');
  expect(await cache.get('a', source)).toBe('second');
  cache.drop('a', 'first');
  expect(await cache.get('a', source)).toBe('second');
});
