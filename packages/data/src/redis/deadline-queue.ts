import type { Clock } from '@canza/core';

/** A wait that will be cut short unless it ends first. A ring of them hangs in each lane, so that one can leave from the middle. */
export abstract class Deadline {
  /** When it began, on the monotonic clock. */
  startedMs = 0;
  /** @internal */
  next: Deadline = this;
  /** @internal */
  previous: Deadline = this;

  /** Called once, when its time has come. */
  abstract onExpire(): void;

  /** Ends the wait; calling it twice, or after the deadline, does nothing. */
  cancel(): void {
    this.previous.next = this.next;
    this.next.previous = this.previous;
    this.next = this;
    this.previous = this;
  }
}

/**
 * Deadlines for very many short waits. Waits of one length expire in the order in which they began, so each length needs one
 * list and one timer instead of a timer for every command.
 */
export class DeadlineQueue {
  readonly #clock: Clock;
  readonly #lanes = new Map<number, Lane>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Lets a wait expire after `timeoutMs` (rounded up to a whole one), unless it is cancelled before. */
  begin(timeoutMs: number, deadline: Deadline): void {
    const lengthMs = Math.max(0, Math.ceil(timeoutMs));
    let lane = this.#lanes.get(lengthMs);
    if (lane === undefined) {
      lane = new Lane(this.#clock, lengthMs, () => this.#lanes.delete(lengthMs));
      this.#lanes.set(lengthMs, lane);
    }
    lane.add(deadline);
  }

  /** The same for a wait that is nothing but a function to be called. */
  add(timeoutMs: number, onExpire: () => void): Deadline {
    const deadline = new CalledDeadline(onExpire);
    this.begin(timeoutMs, deadline);
    return deadline;
  }

  /** Drops every wait and its timer, without calling back. */
  clear(): void {
    for (const lane of this.#lanes.values()) lane.clear();
    this.#lanes.clear();
  }
}

class CalledDeadline extends Deadline {
  readonly #call: () => void;

  constructor(call: () => void) {
    super();
    this.#call = call;
  }

  override onExpire(): void {
    this.#call();
  }
}

/** Waits of one length, oldest first. */
class Lane {
  readonly #clock: Clock;
  readonly #lengthMs: number;
  readonly #onIdle: () => void;
  readonly #head: Deadline = new CalledDeadline(() => undefined);
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock, lengthMs: number, onIdle: () => void) {
    this.#clock = clock;
    this.#lengthMs = lengthMs;
    this.#onIdle = onIdle;
  }

  add(deadline: Deadline): void {
    const head = this.#head;
    const last = head.previous;
    deadline.startedMs = this.#clock.monotonicMs();
    deadline.previous = last;
    deadline.next = head;
    last.next = deadline;
    head.previous = deadline;
    if (this.#cancelTimer === undefined) this.#arm(this.#lengthMs);
  }

  clear(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    while (this.#head.next !== this.#head) this.#head.next.cancel();
  }

  #arm(delayMs: number): void {
    this.#cancelTimer = this.#clock.setTimer(delayMs, () => this.#expire());
  }

  /** The timer is left to run when its wait ends early, and finds out here that there is less to do. */
  #expire(): void {
    this.#cancelTimer = undefined;
    const nowMs = this.#clock.monotonicMs();
    for (let first = this.#head.next; first !== this.#head; first = this.#head.next) {
      const remainingMs = first.startedMs + this.#lengthMs - nowMs;
      if (remainingMs > 0) {
        this.#arm(Math.ceil(remainingMs));
        return;
      }
      first.cancel();
      first.onExpire();
    }
    if (this.#cancelTimer === undefined) this.#onIdle();
  }
}
