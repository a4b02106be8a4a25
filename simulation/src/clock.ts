import type { CancelTimer, Clock } from '@canza/core';

/** A clock that fires timers one after the other, and lets all that each of them woke come to its end before the next. */
export interface VirtualClock extends Clock {
  /** Lets that much time pass, or less where `goesOn` says so. */
  advance(durationMs: number): Promise<void>;
  /** Lets time pass until the promise is settled. Rejects when nothing is left that could wake what waits for it. */
  runUntil<T>(promise: Promise<T>): Promise<T>;
}

interface Timer {
  readonly atMs: number;
  readonly order: number;
  callback: (() => void) | undefined;
}

/** Timers fired in one turn of the event loop: between two callbacks of a turn all promises come to their ends too. */
const BATCH = 64;

/**
 * @param afterEach Called whenever everything has come to its end that one timer woke; `false` stops the clock.
 * @param startMs Wall time at the beginning.
 */
export function createVirtualClock(afterEach: () => boolean, startMs: number = Date.UTC(2026, 0, 1)): VirtualClock {
  const heap: Timer[] = [];
  let elapsedMs = 0;
  let timers = 0;

  /** Turns until `isOver`, which is asked when everything is quiet. */
  const turn = (isOver: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      let over = false;
      const step = (): void => {
        if (over) return;
        if (!afterEach() || isOver()) {
          over = true;
          resolve();
          return;
        }
        const next = popTimer(heap);
        if (next === undefined) return;
        elapsedMs = Math.max(elapsedMs, next.atMs);
        next.callback?.();
      };
      const batch = (): void => {
        for (let count = 0; count < BATCH; count++) setImmediate(step);
        setImmediate(() => {
          if (!over) batch();
        });
      };
      batch();
    });

  return {
    nowMs: () => startMs + Math.floor(elapsedMs),
    monotonicMs: () => elapsedMs,
    setTimer(delayMs, callback): CancelTimer {
      if (delayMs === Infinity) return () => undefined;
      const timer: Timer = { atMs: elapsedMs + Math.max(0, delayMs), order: timers++, callback };
      pushTimer(heap, timer);
      return () => {
        timer.callback = undefined;
      };
    },
    async advance(durationMs) {
      const targetMs = elapsedMs + durationMs;
      await turn(() => {
        dropCancelled(heap);
        return (heap[0]?.atMs ?? Infinity) > targetMs;
      });
      elapsedMs = Math.max(elapsedMs, targetMs);
    },
    async runUntil(promise) {
      const state = { settled: false };
      const settle = (): void => {
        state.settled = true;
      };
      promise.then(settle, settle);
      await turn(() => {
        dropCancelled(heap);
        return state.settled || heap.length === 0;
      });
      if (!state.settled) throw new Error('Nothing is left that could wake what is waited for.');
      return promise;
    },
  };
}

const isBefore = (left: Timer, right: Timer): boolean =>
  left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);

/** Timers that were called off stay where they are until they come to the top. */
function dropCancelled(heap: Timer[]): void {
  while (heap[0] !== undefined && heap[0].callback === undefined) popTop(heap);
}

function popTimer(heap: Timer[]): Timer | undefined {
  dropCancelled(heap);
  return popTop(heap);
}

function pushTimer(heap: Timer[], timer: Timer): void {
  let at = heap.push(timer) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBefore(timer, heap[parent] as Timer)) break;
    heap[at] = heap[parent] as Timer;
    at = parent;
  }
  heap[at] = timer;
}

function popTop(heap: Timer[]): Timer | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (last === undefined || last === top) return top;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1] as Timer, heap[child] as Timer)) child += 1;
    if (!isBefore(heap[child] as Timer, last)) break;
    heap[at] = heap[child] as Timer;
    at = child;
  }
  heap[at] = last;
  return top;
}
