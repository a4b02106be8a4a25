import type { Attempt, Clock } from '@canza/core';

/** For how long this process has known that an attempt may be out there, in milliseconds: never more than what has really passed. */
export interface AttemptAge {
  readonly sinceFirstSendMs: number;
  readonly sinceLastSendMs: number;
}

interface Known {
  readonly firstMs: number;
  readonly sends: number;
  readonly lastMs: number;
}

/** Attempts are asked about for a day, and few are open for longer. */
const FORGET_AFTER_MS = 26 * 3_600_000;
const MOST = 100_000;
const ENOUGH_TO_SWEEP = 10_000;

/**
 * Measures attempts by a clock that does not jump. Wall clocks do, and a proof that rests on time must not rest on them: a process whose
 * clock leaps ahead would take "not found" for proof a moment after the send. What another process has sent counts from when this one
 * saw it first, so that a restart makes a proof later, and never earlier.
 */
export class AttemptAges {
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of({ callbackToken, sentAgain }: Pick<Attempt, 'callbackToken' | 'sentAgain'>): AttemptAge {
    const nowMs = this.#clock.monotonicMs();
    const sends = 1 + (sentAgain?.times ?? 0);
    let known = this.#known.get(callbackToken);
    if (known?.sends !== sends) {
      known = { firstMs: known?.firstMs ?? nowMs, sends, lastMs: nowMs };
      this.#known.set(callbackToken, known);
      if (this.#known.size > ENOUGH_TO_SWEEP) this.#sweep(nowMs);
    }
    return { sinceFirstSendMs: nowMs - known.firstMs, sinceLastSendMs: nowMs - known.lastMs };
  }

  /** Oldest first; one that is forgotten and asked for again is measured anew, which proves later. */
  #sweep(nowMs: number): void {
    for (const [token, { firstMs }] of this.#known) {
      if (nowMs - firstMs < FORGET_AFTER_MS && this.#known.size <= MOST) return;
      this.#known.delete(token);
    }
  }
}
