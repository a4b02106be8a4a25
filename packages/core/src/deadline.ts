import type { CallOptions, Clock } from './environment.ts';
import type { MoneyMoved } from './errors/base.ts';
import { AbortedError, DeadlineError } from './errors/state.ts';

/**
 * Waits on the clock of the environment.
 * @throws AbortedError as soon as the signal aborts; the timer is gone then.
 */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(new AbortedError('A wait', 'no'));
      return;
    }
    const onAbort = (): void => {
      cancel();
      reject(new AbortedError('A wait', 'no'));
    };
    const cancel = clock.setTimer(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** How long something may take, and what to say when it takes longer. */
export interface Deadline extends CallOptions {
  readonly timeoutMs: number;
  /** For the message: what is being done, such as `The journal's insert`. */
  readonly what: string;
  /** What is known of the money if the wait ends early; `no` unless said otherwise. */
  readonly moneyMoved?: MoneyMoved;
}

/**
 * Runs `work` with a signal that aborts at the deadline or with the caller's signal, and stops waiting then, whether or not
 * `work` heeds it. Its late rejection, if any, is taken note of and goes nowhere.
 * @throws DeadlineError or AbortedError when the wait ends early, and the signal's `reason` is the same error; whatever `work`
 * throws otherwise, unchanged.
 */
export function withDeadline<T>(
  clock: Clock,
  deadline: Deadline,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  return settleInTime(
    clock,
    deadline,
    () => work(controller.signal),
    (error) => controller.abort(error),
  );
}

/**
 * Waits for work that is under way, no longer than the deadline or the caller's signal says; the work goes on. For whoever has
 * given the work a time limit of its own, and does not rely on it.
 * @throws DeadlineError or AbortedError when the wait ends early; whatever the work throws otherwise, unchanged.
 */
export function waitAtMost<T>(clock: Clock, deadline: Deadline, work: Promise<T>): Promise<T> {
  // Whoever was called off before waits for nothing, and what comes of the work goes nowhere.
  if (deadline.signal?.aborted === true) work.catch(() => undefined);
  return settleInTime(clock, deadline, () => work);
}

function settleInTime<T>(
  clock: Clock,
  { timeoutMs, signal, what, moneyMoved = 'no' }: Deadline,
  work: () => Promise<T>,
  onEarlyEnd?: (error: AbortedError | DeadlineError) => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(new AbortedError(what, moneyMoved));
      return;
    }
    const succeed = (value: T): void => {
      end();
      resolve(value);
    };
    const fail = (error: unknown): void => {
      end();
      reject(error);
    };
    const giveUp = (error: AbortedError | DeadlineError): void => {
      fail(error);
      onEarlyEnd?.(error);
    };
    const cancelTimer = clock.setTimer(timeoutMs, () => giveUp(new DeadlineError(what, timeoutMs, moneyMoved)));
    let end = cancelTimer;
    if (signal !== undefined) {
      const onAbort = (): void => giveUp(new AbortedError(what, moneyMoved));
      signal.addEventListener('abort', onAbort, { once: true });
      end = () => {
        cancelTimer();
        signal.removeEventListener('abort', onAbort);
      };
    }
    try {
      // What is no promise, of a caller without types, is taken for its value.
      Promise.resolve(work()).then(succeed, fail);
    } catch (error) {
      // What `work` throws at once is a rejection too.
      fail(error);
    }
  });
}
