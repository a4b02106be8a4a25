import { type Clock, type Logger, PaymentError } from '@canza/core';

import type { Driver } from './driver.ts';
import type { Held, PaymentLedger } from './payment-ledger.ts';
import type { BridgePolicy } from './policy.ts';

export interface LoopSettings {
  readonly owner: string;
  readonly ledger: PaymentLedger;
  readonly driver: Driver;
  readonly policy: BridgePolicy;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Keeps hold of work under way. */
  readonly track: <T>(work: Promise<T>) => Promise<T>;
}

/** Drives what is due, again and again; any number of processes may run one on the same journal. */
export class PaymentLoop {
  readonly #settings: LoopSettings;
  #state: 'new' | 'running' | 'stopped' = 'new';
  #cancelTick: (() => void) | undefined;
  #ticking = false;
  #wokenMeanwhile = false;
  #driven = 0;

  constructor(settings: LoopSettings) {
    this.#settings = settings;
  }

  start(): void {
    this.#state = 'running';
    this.wake();
  }

  /** Looks for due payments now. */
  wake(): void {
    if (this.#ticking) this.#wokenMeanwhile = true;
    else this.#tickIn(0);
  }

  /** Begins nothing new, and leaves no timer behind. */
  stop(): void {
    this.#state = 'stopped';
    this.#cancelTick?.();
  }

  #tickIn(delayMs: number): void {
    if (this.#state !== 'running') return;
    this.#cancelTick?.();
    this.#cancelTick = this.#settings.clock.setTimer(delayMs, () => void this.#settings.track(this.#tick()));
  }

  async #tick(): Promise<void> {
    const { policy, ledger, driver, owner, logger, track } = this.#settings;
    this.#ticking = true;
    this.#wokenMeanwhile = false;
    try {
      await driver.disown();
      const room = policy.concurrency - this.#driven;
      const held = room > 0 ? await ledger.claimDue(owner, policy.leaseMs, room) : [];
      for (const each of held) void track(this.#drive(each));
      // A full claim means that more is waiting.
      if (held.length === room && held.length > 0) this.#wokenMeanwhile = true;
    } catch (error) {
      logger.warn({ error: knownPart(error) }, 'due payments could not be claimed; trying again');
    } finally {
      this.#ticking = false;
      this.#tickIn(this.#wokenMeanwhile && this.#driven < policy.concurrency ? 0 : policy.tickMs);
    }
  }

  async #drive(held: Held): Promise<void> {
    const { driver, logger, policy } = this.#settings;
    this.#driven += 1;
    try {
      await driver.drive(held);
    } catch (error) {
      const { transactionId } = held.record;
      logger.error({ transactionId, error: knownPart(error) }, 'a payment could not be driven; it stays due');
    } finally {
      // Somebody may be waiting for this place.
      if (this.#driven === policy.concurrency) this.wake();
      this.#driven -= 1;
    }
  }
}

/** What of an error may be logged. */
export const knownPart = (error: unknown): unknown => (PaymentError.isInstance(error) ? error.toJSON() : 'UNFORESEEN');
