import type { Clock } from '../environment.ts';

/** A clock that stands still until a test turns it. */
export interface TurnedClock extends Clock {
  /** Lets that much time pass: fires each timer at its own moment, and lets what it woke run before the next. */
  advance(durationMs: number): Promise<void>;
  /** Turns on, timer by timer, until the promise is settled. Rejects when no timer is left and it still waits. */
  runUntil<T>(promise: Promise<T>): Promise<T>;
  /** Moves wall time without firing anything, as a correction of the machine's clock does. */
  jump(byMs: number): void;
  /** Timers that are set and have not fired: 0 after a clean shutdown. */
  readonly pendingTimers: number;
}

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/** Lets everything run that is ready to: a turn of the event loop comes after all promise callbacks. */
const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Makes a clock that begins at `startMs` (default 2026-01-01T00:00:00Z). */
export function createTurnedClock(startMs: number = Date.UTC(2026, 0, 1)): TurnedClock {
  const timers = new Set<Timer>();
  let elapsedMs = 0;
  let wallOffsetMs = startMs;
  let orders = 0;

  const earliest = (): Timer | undefined => {
    let first: Timer | undefined;
    for (const timer of timers) {
      if (first === undefined || timer.atMs < first.atMs || (timer.atMs === first.atMs && timer.order < first.order)) {
        first = timer;
      }
    }
    return first;
  };
  const fire = (timer: Timer): void => {
    timers.delete(timer);
    elapsedMs = Math.max(elapsedMs, timer.atMs);
    timer.callback();
  };

  return {
    nowMs: () => wallOffsetMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    setTimer(delayMs, callback) {
      const timer = { atMs: elapsedMs + Math.max(0, delayMs), order: orders++, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async advance(durationMs) {
      const targetMs = elapsedMs + durationMs;
      await settle();
      for (let next = earliest(); next !== undefined && next.atMs <= targetMs; next = earliest()) {
        fire(next);
        await settle();
      }
      elapsedMs = targetMs;
    },
    async runUntil(promise) {
      const state = { settled: false };
      const watched = promise.finally(() => {
        state.settled = true;
      });
      watched.catch(() => undefined);
      await settle();
      while (!state.settled) {
        const next = earliest();
        if (next === undefined) throw new Error('Nothing is left that could wake what is waited for.');
        fire(next);
        await settle();
      }
      return watched;
    },
    jump(byMs) {
      wallOffsetMs += byMs;
    },
    get pendingTimers() {
      return timers.size;
    },
  };
}
