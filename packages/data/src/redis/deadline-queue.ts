import type { Clock } from '@canza/core';

/** A wait that will be cut short unless it ends first. */
export interface DeadlineTicket {
  /** What it began at, on the monotonic clock. */
  readonly startedMs: number;
  /** Ends the wait; calling it twice, or after the deadline, does nothing. */
  cancel(): void;
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

  /** Calls back once after `timeoutMs` (rounded up to a whole one), unless the ticket is cancelled before. */
  add(timeoutMs: number, onExpire: () => void): DeadlineTicket {
    const lengthMs = Math.max(0, Math.ceil(timeoutMs));
    let lane = this.#lanes.get(lengthMs);
    if (lane === undefined) {
      lane = new Lane(this.#clock, lengthMs, () => this.#lanes.delete(lengthMs));
      this.#lanes.set(lengthMs, lane);
    }
    return lane.add(onExpire);
  }

  /** Drops every wait and its timer, without calling back. */
  clear(): void {
    for (const lane of this.#lanes.values()) lane.clear();
    this.#lanes.clear();
  }
}

/** Waits of one length, oldest first, as a ring around its head. */
class Lane {
  readonly #clock: Clock;
  readonly #lengthMs: number;
  readonly #onIdle: () => void;
  readonly #head: Ticket;
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock, lengthMs: number, onIdle: () => void) {
    this.#clock = clock;
    this.#lengthMs = lengthMs;
    this.#onIdle = onIdle;
    this.#head = new Ticket(0, () => undefined);
  }

  add(onExpire: () => void): Ticket {
    const ticket = new Ticket(this.#clock.monotonicMs(), onExpire);
    ticket.insertBefore(this.#head);
    if (this.#cancelTimer === undefined) this.#arm(this.#lengthMs);
    return ticket;
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

class Ticket implements DeadlineTicket {
  readonly startedMs: number;
  readonly onExpire: () => void;
  next: Ticket = this;
  #previous: Ticket = this;

  constructor(startedMs: number, onExpire: () => void) {
    this.startedMs = startedMs;
    this.onExpire = onExpire;
  }

  insertBefore(other: Ticket): void {
    const before = other.#previous;
    before.next = this;
    this.#previous = before;
    this.next = other;
    other.#previous = this;
  }

  cancel(): void {
    this.#previous.next = this.next;
    this.next.#previous = this.#previous;
    this.next = this;
    this.#previous = this;
  }
}
