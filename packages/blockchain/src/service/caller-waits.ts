import { type CallOptions, type Clock, SharedDeadline, waitAtMost } from '@canza/core';

/** How long a caller waits when nothing else was said. */
const USUAL_WAIT_MS = 10 * 60_000;

/** How long callers wait for what goes on without them: their waiting ends, the work does not. */
export class CallerWaits {
  readonly #clock: Clock;
  /** Most say nothing of their time: they share one timer. */
  readonly #usual: SharedDeadline;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#usual = new SharedDeadline(clock, USUAL_WAIT_MS, 'maybe');
  }

  /** @throws DeadlineError, AbortedError, with `moneyMoved: 'maybe'`; whatever the work throws. */
  wait<T>(what: string, options: CallOptions, work: Promise<T>): Promise<T> {
    if (options.timeoutMs === undefined && options.signal === undefined) return this.#usual.wait(what, work);
    const { timeoutMs = USUAL_WAIT_MS } = options;
    return waitAtMost(this.#clock, { ...options, timeoutMs, what, moneyMoved: 'maybe' }, work);
  }
}
