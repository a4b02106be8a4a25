import { TransportError } from '@canza/core';
import { createRecordingLogger, createTurnedClock } from '@canza/core/testing';
import { expect, test } from 'vitest';

import { createSessions, type OpenedSession } from './sessions.ts';

const HOUR_MS = 3_600_000;

/** Sessions `1`, `2`, …; an opening fails where `failing` says so. */
function setUp() {
  const clock = createTurnedClock();
  const logger = createRecordingLogger();
  const state = { opened: 0, failing: false };
  const open = async (): Promise<OpenedSession> => {
    if (state.failing) throw new TransportError('timeout', 'no reply');
    return { bearer: String((state.opened += 1)) };
  };
  const settings = { environment: { clock, logger }, provider: 'vodacom-mpesa', warmUpMs: 30_000, open };
  return { clock, logger, state, sessions: createSessions({ ...settings, lifetimeMs: HOUR_MS }) };
}

test('says that a session is not live yet, and how long it takes, instead of waiting within a payment', async () => {
  const { sessions, clock, state } = setUp();
  await expect(sessions.bearer({})).rejects.toMatchObject({
    code: 'ROUTE_CLOSED',
    moneyMoved: 'no',
    retryAfterMs: 30_000,
  });
  await clock.advance(29_999);
  await expect(sessions.bearer({})).rejects.toMatchObject({ retryAfterMs: 1 });
  await clock.advance(1);
  expect(await sessions.bearer({})).toBe('1');
  expect(state.opened).toBe(1);
});

test('has a session live for the first payment when it was prepared in time', async () => {
  const { sessions, clock, state } = setUp();
  await sessions.prepare({});
  await sessions.prepare({});
  await clock.advance(30_000);
  expect(await sessions.bearer({})).toBe('1');
  expect(state.opened).toBe(1);
});

test('opens one session for a thousand who ask at once', async () => {
  const { sessions, state } = setUp();
  await Promise.allSettled(Array.from({ length: 1000 }, () => sessions.bearer({})));
  expect(state.opened).toBe(1);
});

test('replaces a session ahead of its end, and uses the old one until the new one is live', async () => {
  const { sessions, clock, state } = setUp();
  await sessions.prepare({});
  await clock.advance(HOUR_MS - 11 * 60_000);
  expect(await sessions.bearer({})).toBe('1');
  expect(state.opened).toBe(1);
  await clock.advance(60_000);
  expect(await sessions.bearer({})).toBe('1');
  expect(state.opened).toBe(2);
  await clock.advance(29_000);
  expect(await sessions.bearer({})).toBe('1');
  await clock.advance(1000);
  expect(await sessions.bearer({})).toBe('2');
  expect(state.opened).toBe(2);
});

test('goes on with the old session while it cannot be replaced, and tries again once a minute', async () => {
  const { sessions, clock, state, logger } = setUp();
  await sessions.prepare({});
  await clock.advance(HOUR_MS - 9 * 60_000);
  state.failing = true;
  for (let call = 0; call < 3; call += 1) expect(await sessions.bearer({})).toBe('1');
  await clock.advance(1);
  expect(logger.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  state.failing = false;
  await clock.advance(60_000);
  expect(await sessions.bearer({})).toBe('1');
  await clock.advance(30_000);
  expect(await sessions.bearer({})).toBe('2');
});

test('does not use a session after its end', async () => {
  const { sessions, clock, state } = setUp();
  await sessions.prepare({});
  await clock.advance(HOUR_MS);
  await expect(sessions.bearer({})).rejects.toMatchObject({ code: 'ROUTE_CLOSED' });
  expect(state.opened).toBe(2);
});

test('forgets a refused session, but not the one that has taken its place', async () => {
  const { sessions, clock } = setUp();
  await sessions.prepare({});
  await clock.advance(30_000);
  sessions.drop('1');
  await expect(sessions.bearer({})).rejects.toMatchObject({ code: 'ROUTE_CLOSED' });
  await clock.advance(30_000);
  sessions.drop('1');
  expect(await sessions.bearer({})).toBe('2');
});

test('knows that nothing moved when no session is to be had', async () => {
  const { sessions, state, clock } = setUp();
  state.failing = true;
  await expect(sessions.bearer({})).rejects.toMatchObject({ code: 'TRANSPORT', moneyMoved: 'no' });
  expect(clock.pendingTimers).toBe(0);
});
