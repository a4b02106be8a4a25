import type { Clock } from '../environment.ts';
import { DueIndex } from '../memory/due-index.ts';

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

/** Turns of the event loop that a wait without timers is given, for doubles that pass work on to a later turn. */
const TURNS_WITHOUT_TIMER = 16;

/** Lets everything run that is ready to: a turn of the event loop comes after all promise callbacks. */
const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Makes a clock that begins at `startMs` (default 2026-01-01T00:00:00Z). */
export function createTurnedClock(startMs: number = Date.UTC(2026, 0, 1)): TurnedClock {
  const callbacks = new Map<string, () => void>();
  const due = new DueIndex();
  let elapsedMs = 0;
  let wallOffsetMs = startMs;
  let timers = 0;

  const fireNext = (): void => {
    elapsedMs = Math.max(elapsedMs, due.nextMs);
    const id = due.take(elapsedMs);
    const callback = id === undefined ? undefined : callbacks.get(id);
    if (id !== undefined) callbacks.delete(id);
    callback?.();
  };

  return {
    nowMs: () => wallOffsetMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    setTimer(delayMs, callback) {
      if (delayMs === Infinity) return () => undefined;
      const id = String(timers++);
      callbacks.set(id, callback);
      due.move(id, elapsedMs + Math.max(0, delayMs));
      return () => {
        callbacks.delete(id);
        due.move(id, null);
      };
    },
    async advance(durationMs) {
      const targetMs = elapsedMs + durationMs;
      await settle();
      while (due.nextMs <= targetMs) {
        fireNext();
        await settle();
      }
      elapsedMs = Math.max(elapsedMs, targetMs);
    },
    async runUntil(promise) {
      const state = { settled: false };
      const watched = promise.finally(() => {
        state.settled = true;
      });
      watched.catch(() => undefined);
      await settle();
      for (let idleTurns = 0; !state.settled; ) {
        if (due.size > 0) {
          fireNext();
          idleTurns = 0;
        } else if (++idleTurns > TURNS_WITHOUT_TIMER) {
          throw new Error('Nothing is left that could wake what is waited for.');
        }
        await settle();
      }
      return watched;
    },
    jump(byMs) {
      wallOffsetMs += byMs;
    },
    get pendingTimers() {
      return due.size;
    },
  };
}
