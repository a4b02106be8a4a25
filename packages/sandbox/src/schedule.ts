import { type CancelTimer, type Clock, sleep } from '@canza/core';

/** The timers and background work of one emulator, so that closing it leaves nothing behind. */
export interface Schedule {
  /** Runs `work` once after `delayMs`; cancelled by closing. */
  readonly after: (delayMs: number, work: () => void | Promise<void>) => CancelTimer;
  /** Waits. @throws AbortedError when the emulator closes meanwhile. */
  readonly sleep: (delayMs: number) => Promise<void>;
  /** Resolves when no background work is under way; timers that have not fired do not count. */
  readonly idle: () => Promise<void>;
  /** Aborts when the emulator closes. */
  readonly signal: AbortSignal;
  /**
   * Cancels every timer and waits for the work under way.
   * @throws whatever background work threw first: a defect of the emulator.
   */
  readonly close: () => Promise<void>;
}

/** @param onDefect Told of whatever background work throws, at once. */
export function createSchedule(clock: Clock, onDefect?: (error: unknown) => void): Schedule {
  const controller = new AbortController();
  const timers = new Set<CancelTimer>();
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];

  const run = (work: () => void | Promise<void>): void => {
    const job = (async () => work())()
      .catch((error: unknown) => {
        if (controller.signal.aborted) return;
        failures.push(error);
        onDefect?.(error);
      })
      .finally(() => running.delete(job));
    running.add(job);
  };
  const idle = async (): Promise<void> => {
    while (running.size > 0) await Promise.all(running);
  };

  return {
    after(delayMs, work) {
      if (controller.signal.aborted) return () => undefined;
      const cancel = clock.setTimer(delayMs, () => {
        timers.delete(cancelOnce);
        run(work);
      });
      const cancelOnce = (): void => {
        timers.delete(cancelOnce);
        cancel();
      };
      timers.add(cancelOnce);
      return cancelOnce;
    },
    sleep: (delayMs) => sleep(clock, delayMs, controller.signal),
    idle,
    signal: controller.signal,
    async close() {
      controller.abort();
      for (const cancel of timers) cancel();
      await idle();
      if (failures.length > 0) throw failures[0];
    },
  };
}
