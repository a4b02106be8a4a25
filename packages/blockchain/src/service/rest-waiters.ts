import type { Clock } from '@canza/core';

interface Waiter {
  isWoken: boolean;
  wake: (() => void) | undefined;
}

/** Who waits for which settlement to come to rest, so that its end wakes nobody else. */
export class RestWaiters {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  wake(settlementId: string): void {
    for (const wake of this.#waiting.get(settlementId) ?? []) wake();
  }

  /**
   * Reads until there is something to show: at once, whenever the settlement ends in this process, and every `everyMs`, because another
   * process may be the one that learns it.
   * @throws the reason of the signal once it aborts; what `read` throws.
   */
  async until<T>(
    settlementId: string,
    everyMs: number,
    signal: AbortSignal,
    read: () => Promise<T | undefined>,
  ): Promise<T> {
    const waiter: Waiter = { isWoken: false, wake: undefined };
    const wake = (): void => {
      waiter.isWoken = true;
      waiter.wake?.();
    };
    const waiting = this.#waiting.get(settlementId) ?? new Set();
    this.#waiting.set(settlementId, waiting.add(wake));
    signal.addEventListener('abort', wake, { once: true });
    try {
      for (;;) {
        const found = await read();
        if (found !== undefined) return found;
        signal.throwIfAborted();
        if (!waiter.isWoken) await this.#pause(everyMs, waiter);
        waiter.isWoken = false;
      }
    } finally {
      waiting.delete(wake);
      if (waiting.size === 0 && this.#waiting.get(settlementId) === waiting) this.#waiting.delete(settlementId);
    }
  }

  #pause(delayMs: number, waiter: Waiter): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.setTimer(delayMs, resolve);
      waiter.wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
