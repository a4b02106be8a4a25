import type { Clock } from '../environment.ts';

/** The longest wait that Node's timers know; they fire at once for anything above. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's clock and timers. A timer may be set for any time; one for `Infinity` never fires. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer(delayMs, callback) {
    if (delayMs <= LONGEST_TIMER_MS) {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    }
    let timer: NodeJS.Timeout | undefined;
    const wait = (leftMs: number): void => {
      const stepMs = Math.min(leftMs, LONGEST_TIMER_MS);
      timer = setTimeout(() => (leftMs > stepMs ? wait(leftMs - stepMs) : callback()), stepMs);
    };
    if (delayMs !== Infinity) wait(delayMs);
    return () => clearTimeout(timer);
  },
};
