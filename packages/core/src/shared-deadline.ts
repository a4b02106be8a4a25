import type { CancelTimer, Clock } from './environment.ts';
import type { MoneyMoved } from './errors/base.ts';
import { DeadlineError } from './errors/state.ts';

interface Waiting {
  readonly dueMs: number;
  readonly what: string;
  readonly failureOf: (error: unknown) => unknown;
  readonly reject: (error: unknown) => void;
}

const asItIs = (error: unknown): unknown => error;

/**
 * Waits that may all take equally long, with one timer for however many are under way: whichever began first is the first to be late.
 */
export class SharedDeadline {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #moneyMoved: MoneyMoved;
  /** In the order in which they began. */
  readonly #waiting = new Set<Waiting>();
  #cancelTimer: CancelTimer | undefined;

  /** @param moneyMoved What is known of the money where a wait ends early. */
  constructor(clock: Clock, timeoutMs: number, moneyMoved: MoneyMoved = 'no') {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#moneyMoved = moneyMoved;
  }

  /**
   * Waits for work that is under way, and stops waiting at the deadline; the work goes on, and what comes of it goes nowhere.
   * @param what For the message: what is being done.
   * @param failureOf What the wait rejects with, made of what the work threw, or of the DeadlineError; left out, these themselves.
   */
  wait<T>(what: string, work: Promise<T>, failureOf: (error: unknown) => unknown = asItIs): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const waiting: Waiting = { dueMs: this.#clock.monotonicMs() + this.#timeoutMs, what, failureOf, reject };
      const succeed = (value: T): void => {
        this.#end(waiting);
        resolve(value);
      };
      const fail = (error: unknown): void => {
        this.#end(waiting);
        reject(failureOf(error));
      };
      this.#waiting.add(waiting);
      this.#cancelTimer ??= this.#clock.setTimer(this.#timeoutMs, this.#onTime);
      // What is no promise, of a caller without types, is taken for its value.
      Promise.resolve(work).then(succeed, fail);
    });
  }

  #end(waiting: Waiting): void {
    if (!this.#waiting.delete(waiting) || this.#waiting.size > 0) return;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  readonly #onTime = (): void => {
    this.#cancelTimer = undefined;
    const nowMs = this.#clock.monotonicMs();
    for (const waiting of this.#waiting) {
      if (waiting.dueMs > nowMs) {
        this.#cancelTimer = this.#clock.setTimer(waiting.dueMs - nowMs, this.#onTime);
        return;
      }
      this.#waiting.delete(waiting);
      waiting.reject(waiting.failureOf(new DeadlineError(waiting.what, this.#timeoutMs, this.#moneyMoved)));
    }
  };
}
