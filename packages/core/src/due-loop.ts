import type { Clock, Logger } from './environment.ts';
import { PaymentError } from './errors/base.ts';

/** What a loop drives, and how fast. */
export interface DueLoopSettings<Held> {
  readonly clock: Clock;
  readonly logger: Logger;
  /** How often it looks for what is due. */
  readonly tickMs: number;
  /** Records driven at the same time by one process. */
  readonly concurrency: number;
  /** Takes up to so many due records under our lease. */
  readonly claim: (limit: number) => Promise<readonly Held[]>;
  /** Takes one step with a record, or several that follow at once. */
  readonly drive: (held: Held) => Promise<void>;
  /** For the log, where a record cannot be driven. */
  readonly describe: (held: Held) => object;
  /** Keeps hold of work under way. */
  readonly track: <T>(work: Promise<T>) => Promise<T>;
}

/** Drives what is due, again and again; any number of processes may run one on the same journal. */
export class DueLoop<Held> {
  readonly #settings: DueLoopSettings<Held>;
  #state: 'new' | 'running' | 'stopped' = 'new';
  #cancelTick: (() => void) | undefined;
  #ticking = false;
  #wokenMeanwhile = false;
  #driven = 0;

  constructor(settings: DueLoopSettings<Held>) {
    this.#settings = settings;
  }

  start(): void {
    this.#state = 'running';
    this.wake();
  }

  /** Looks for due records now. */
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
    const { concurrency, tickMs, claim, logger, track } = this.#settings;
    this.#ticking = true;
    this.#wokenMeanwhile = false;
    try {
      const room = concurrency - this.#driven;
      const held = await claim(Math.max(0, room));
      for (const each of held) void track(this.#drive(each));
      // A full claim means that more is waiting.
      if (held.length === room && held.length > 0) this.#wokenMeanwhile = true;
    } catch (error) {
      logger.warn({ error: knownPart(error) }, 'due records could not be claimed; trying again');
    } finally {
      this.#ticking = false;
      this.#tickIn(this.#wokenMeanwhile && this.#driven < concurrency ? 0 : tickMs);
    }
  }

  async #drive(held: Held): Promise<void> {
    const { drive, describe, logger, concurrency } = this.#settings;
    this.#driven += 1;
    try {
      await drive(held);
    } catch (error) {
      logger.error({ ...describe(held), error: knownPart(error) }, 'a record could not be driven; it stays due');
    } finally {
      // Somebody may be waiting for this place.
      if (this.#driven === concurrency) this.wake();
      this.#driven -= 1;
    }
  }
}

/** What of an error may be logged. */
export const knownPart = (error: unknown): unknown => (PaymentError.isInstance(error) ? error.toJSON() : 'UNFORESEEN');
