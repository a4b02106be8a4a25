import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { sleep, waitAtMost, withDeadline } from './deadline.ts';
import { AbortedError, DeadlineError } from './errors/state.ts';
import { createTurnedClock, type TurnedClock } from './testing/index.ts';

const never = new Promise<never>(() => undefined);

/** What became of a promise, once everything that is ready has run. */
async function fateOf(promise: Promise<unknown>): Promise<unknown> {
  let fate: unknown = 'waiting';
  promise.then(
    (value) => (fate = value),
    (error: unknown) => (fate = error),
  );
  await new Promise((resolve) => void setImmediate(resolve));
  return fate;
}

const unhandled = vi.fn<(reason: unknown) => void>();
let clock: TurnedClock;

beforeEach(() => {
  clock = createTurnedClock();
  unhandled.mockClear();
  process.on('unhandledRejection', unhandled);
});

afterEach(async () => {
  await new Promise((resolve) => void setImmediate(resolve));
  process.off('unhandledRejection', unhandled);
  expect(unhandled).not.toHaveBeenCalled();
  expect(clock.pendingTimers).toBe(0);
});

describe('a wait with a deadline', () => {
  const deadline = { timeoutMs: 1000, what: 'The send' } as const;

  it('gives what the work gives, and has no timer left by then', async () => {
    const timersLeft = await withDeadline(clock, deadline, async () => 'done').then((value) => [
      value,
      clock.pendingTimers,
    ]);
    expect(timersLeft).toEqual(['done', 0]);
  });

  it('throws what the work throws, the very same thing', async () => {
    const error = new Error('x');
    for (const thrown of [error, 'a text', undefined]) {
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors
      expect(await fateOf(withDeadline(clock, deadline, () => Promise.reject(thrown)))).toBe(thrown);
    }
  });

  it('takes what the work throws at once as a rejection', async () => {
    const error = new Error('at once');
    const throws = (): Promise<never> => {
      throw error;
    };
    expect(await fateOf(withDeadline(clock, deadline, throws))).toBe(error);
  });

  it('ends at the deadline and not before, and says what it knows of the money', async () => {
    const waiting = withDeadline(clock, { ...deadline, moneyMoved: 'maybe' }, () => never);
    await clock.advance(999);
    expect(await fateOf(waiting)).toBe('waiting');
    await clock.advance(1);
    const fate = await fateOf(waiting);
    expect(fate).toBeInstanceOf(DeadlineError);
    expect(fate).toMatchObject({ message: 'The send took longer than 1000 ms.', moneyMoved: 'maybe' });
  });

  it('says that no money moved unless it was told otherwise', async () => {
    const waiting = withDeadline(clock, deadline, () => never);
    waiting.catch(() => undefined);
    await clock.advance(1000);
    expect(await fateOf(waiting)).toMatchObject({ moneyMoved: 'no' });
  });

  it('tells the work that it was given up, and why', async () => {
    let given: AbortSignal | undefined;
    const waiting = withDeadline(clock, deadline, (signal) => {
      given = signal;
      return never;
    });
    expect(given?.aborted).toBe(false);
    waiting.catch(() => undefined);
    await clock.advance(1000);
    expect(given?.reason).toBeInstanceOf(DeadlineError);
    expect(given?.reason).toBe(await fateOf(waiting));
  });

  it('does not abort the work that came to its end', async () => {
    const caller = new AbortController();
    let given: AbortSignal | undefined;
    await withDeadline(clock, { ...deadline, signal: caller.signal }, async (signal) => void (given = signal));
    caller.abort();
    await clock.advance(5000);
    expect(given?.aborted).toBe(false);
  });

  it('ends as soon as the caller calls off', async () => {
    const caller = new AbortController();
    const waiting = withDeadline(clock, { ...deadline, signal: caller.signal, moneyMoved: 'maybe' }, () => never);
    expect(await fateOf(waiting)).toBe('waiting');
    caller.abort();
    const fate = await fateOf(waiting);
    expect(fate).toBeInstanceOf(AbortedError);
    expect(fate).toMatchObject({ message: 'The send was called off.', moneyMoved: 'maybe' });
  });

  it('that was called off before it began does not begin', async () => {
    const work = vi.fn<() => Promise<string>>(async () => 'done');
    const waiting = withDeadline(clock, { ...deadline, signal: AbortSignal.abort() }, work);
    expect(await fateOf(waiting)).toBeInstanceOf(AbortedError);
    expect(work).not.toHaveBeenCalled();
  });

  it('takes note of a rejection that comes too late, and of a value', async () => {
    for (const end of ['reject', 'resolve'] as const) {
      const late = Promise.withResolvers<string>();
      const waiting = withDeadline(clock, deadline, () => late.promise);
      waiting.catch(() => undefined);
      await clock.advance(1000);
      if (end === 'reject') late.reject(new Error('too late'));
      else late.resolve('too late');
      expect(await fateOf(waiting)).toBeInstanceOf(DeadlineError);
    }
  });

  it('leaves nothing on the signal of the caller, who may use it for a million payments', async () => {
    const { signal } = new AbortController();
    const add = vi.spyOn(signal, 'addEventListener');
    const remove = vi.spyOn(signal, 'removeEventListener');
    await withDeadline(clock, { ...deadline, signal }, async () => 'done');
    const late = withDeadline(clock, { ...deadline, signal }, () => never);
    late.catch(() => undefined);
    await clock.advance(1000);
    expect(add).toHaveBeenCalledTimes(2);
    expect(remove.mock.calls.map(([, listener]) => listener)).toEqual(add.mock.calls.map(([, listener]) => listener));
  });

  it('may share one signal with many others without a warning', async () => {
    const warned = vi.fn<(warning: Error) => void>();
    process.on('warning', warned);
    const caller = new AbortController();
    const all = Array.from({ length: 50 }, () =>
      fateOf(withDeadline(clock, { ...deadline, signal: caller.signal }, () => never)),
    );
    caller.abort();
    for (const fate of await Promise.all(all)) expect(fate).toBeInstanceOf(AbortedError);
    process.off('warning', warned);
    expect(warned).not.toHaveBeenCalled();
  });
});

describe('a sleep', () => {
  it('ends when its time has come', async () => {
    const waiting = sleep(clock, 100);
    await clock.advance(99);
    expect(await fateOf(waiting)).toBe('waiting');
    await clock.advance(1);
    expect(await fateOf(waiting)).toBeUndefined();
  });

  it('ends with an AbortedError when it is called off, and its timer is gone', async () => {
    const caller = new AbortController();
    const waiting = sleep(clock, 100, caller.signal);
    caller.abort();
    expect(clock.pendingTimers).toBe(0);
    expect(await fateOf(waiting)).toBeInstanceOf(AbortedError);
  });

  it('does not begin when it was called off before', async () => {
    const fate = await fateOf(sleep(clock, 100, AbortSignal.abort()));
    expect(fate).toBeInstanceOf(AbortedError);
  });

  it('leaves nothing on the signal', async () => {
    const { signal } = new AbortController();
    const add = vi.spyOn(signal, 'addEventListener');
    const remove = vi.spyOn(signal, 'removeEventListener');
    const waiting = sleep(clock, 100, signal);
    await clock.advance(100);
    await waiting;
    expect(remove.mock.calls[0]?.[1]).toBe(add.mock.calls[0]?.[1]);
  });
});

describe('a wait for work that is under way', () => {
  const deadline = { timeoutMs: 100, what: 'The answer', moneyMoved: 'maybe' } as const;

  it('ends with the work, and leaves no timer', async () => {
    expect(await waitAtMost(clock, deadline, Promise.resolve(1))).toBe(1);
    await expect(waitAtMost(clock, deadline, Promise.reject(new Error('down')))).rejects.toThrow('down');
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends at the deadline, and says what is known of the money', async () => {
    const waiting = clock.runUntil(waitAtMost(clock, deadline, never));
    await expect(waiting).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED', moneyMoved: 'maybe' });
    expect(clock.monotonicMs()).toBe(100);
  });

  it('ends when it is called off, before or meanwhile, and what the work comes to goes nowhere', async () => {
    const controller = new AbortController();
    const { promise, reject } = Promise.withResolvers<never>();
    const waiting = waitAtMost(clock, { ...deadline, signal: controller.signal }, promise);
    controller.abort();
    expect(await fateOf(waiting)).toBeInstanceOf(AbortedError);
    const another = Promise.withResolvers<never>();
    const late = waitAtMost(clock, { ...deadline, signal: controller.signal }, another.promise);
    expect(await fateOf(late)).toBeInstanceOf(AbortedError);
    reject(new Error('down'));
    another.reject(new Error('down'));
    await fateOf(never);
    expect(unhandled).not.toHaveBeenCalled();
    expect(clock.pendingTimers).toBe(0);
  });
});
