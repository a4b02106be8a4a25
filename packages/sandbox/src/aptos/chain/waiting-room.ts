import type { Schedule } from '../../schedule.ts';
import type { Address } from '../move/address.ts';

/** Questions that are held until a transaction has left the mempool. */
export class WaitingRoom {
  readonly #schedule: Schedule;
  readonly #waiting = new Map<Address, Set<() => void>>();

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  /** Resolves when a transaction leaves, after a while, or when the emulator closes. */
  async leaving(hash: Address, mostMs: number): Promise<void> {
    const { promise: left, resolve } = Promise.withResolvers<void>();
    const wake = (): void => resolve();
    const waiting = this.#waiting.get(hash) ?? new Set();
    this.#waiting.set(hash, waiting.add(wake));
    const cancel = this.#schedule.after(mostMs, wake);
    this.#schedule.signal.addEventListener('abort', wake, { once: true });
    await left;
    this.#schedule.signal.removeEventListener('abort', wake);
    cancel();
    waiting.delete(wake);
    if (waiting.size === 0) this.#waiting.delete(hash);
  }

  /** A transaction has left. */
  wake(hash: Address): void {
    for (const wake of this.#waiting.get(hash) ?? []) wake();
  }
}
