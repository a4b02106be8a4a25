import { type CancelTimer, type Clock, NotFoundError, type SettlementRecord } from '@canza/core';

import { isAtRest } from './view.ts';

export interface RestWaitersSettings {
  readonly clock: Clock;
  /** How often the journal is asked, because another process may be the one that learns the end. */
  readonly everyMs: number;
  /** The settlement as the journal has it. */
  readonly read: (settlementId: string) => Promise<SettlementRecord | undefined>;
}

/** Somebody who waits. */
export interface RestWait {
  /** Rejects with a NotFoundError for an id that the journal does not know, and with whatever keeps it from being read. */
  readonly atRest: Promise<SettlementRecord>;
  /** Waits no longer; `atRest` is never settled then. */
  stop(): void;
}

interface Waiter {
  readonly resolve: (record: SettlementRecord) => void;
  readonly reject: (error: unknown) => void;
}

/** Settlements that are asked for at the same time. */
const ASKED_AT_ONCE = 100;
const NOBODY: readonly Waiter[] = [];

/** Who waits for which settlement to come to rest: told by whoever writes the end here, and by one round through the journal for all. */
export class RestWaiters {
  readonly #settings: RestWaitersSettings;
  readonly #waiting = new Map<string, Waiter[]>();
  #cancelRound: CancelTimer | undefined;
  #isAsking = false;

  constructor(settings: RestWaitersSettings) {
    this.#settings = settings;
  }

  /** Told of a settlement that has come to rest, once the journal has confirmed it. */
  tell(record: SettlementRecord): void {
    for (const { resolve } of this.#take(record.settlementId)) resolve(record);
  }

  /** Waits, and asks the journal at once. */
  wait(settlementId: string): RestWait {
    const { promise: atRest, resolve, reject } = Promise.withResolvers<SettlementRecord>();
    const waiter: Waiter = { resolve, reject };
    const take = (record: SettlementRecord | undefined): void => {
      if (record === undefined) reject(new NotFoundError(`Settlement "${settlementId}"`));
      else if (isAtRest(record.status)) resolve(record);
    };
    this.#begin(settlementId, waiter);
    this.#settings.read(settlementId).then(take, reject);
    return { atRest, stop: () => this.#stop(settlementId, waiter) };
  }

  #begin(settlementId: string, waiter: Waiter): void {
    const waiters = this.#waiting.get(settlementId);
    if (waiters === undefined) this.#waiting.set(settlementId, [waiter]);
    else waiters.push(waiter);
    this.#plan();
  }

  #stop(settlementId: string, waiter: Waiter): void {
    const waiters = this.#waiting.get(settlementId);
    const place = waiters?.indexOf(waiter) ?? -1;
    if (place < 0) return;
    waiters?.splice(place, 1);
    if (waiters?.length === 0) this.#take(settlementId);
  }

  #take(settlementId: string): readonly Waiter[] {
    const waiters = this.#waiting.get(settlementId) ?? NOBODY;
    if (this.#waiting.delete(settlementId) && this.#waiting.size === 0) {
      this.#cancelRound?.();
      this.#cancelRound = undefined;
    }
    return waiters;
  }

  #plan(): void {
    if (this.#isAsking || this.#waiting.size === 0) return;
    this.#cancelRound ??= this.#settings.clock.setTimer(this.#settings.everyMs, () => void this.#ask());
  }

  async #ask(): Promise<void> {
    this.#cancelRound = undefined;
    this.#isAsking = true;
    const ids = [...this.#waiting.keys()];
    for (let start = 0; start < ids.length; start += ASKED_AT_ONCE) {
      await Promise.all(ids.slice(start, start + ASKED_AT_ONCE).map((id) => this.#askFor(id)));
    }
    this.#isAsking = false;
    this.#plan();
  }

  async #askFor(settlementId: string): Promise<void> {
    if (!this.#waiting.has(settlementId)) return;
    try {
      const record = await this.#settings.read(settlementId);
      if (record === undefined) throw new NotFoundError(`Settlement "${settlementId}"`);
      if (isAtRest(record.status)) this.tell(record);
    } catch (error) {
      for (const { reject } of this.#take(settlementId)) reject(error);
    }
  }
}
