import { type Clock, type TransactionRecord, withDeadline } from '@canza/core';

import type { SettlementPolicy } from './policy.ts';

/** The transactions that one process follows, and who waits to open another: there are never many more than the policy allows. */
export class OpenTransactions {
  readonly #clock: Clock;
  readonly #policy: SettlementPolicy;
  readonly #followed = new Map<string, TransactionRecord>();
  readonly #waiting: (() => void)[] = [];
  #isClosed = false;

  constructor(clock: Clock, policy: SettlementPolicy) {
    this.#clock = clock;
    this.#policy = policy;
  }

  get size(): number {
    return this.#followed.size;
  }

  /** As it stands. */
  get(transactionId: string): TransactionRecord | undefined {
    return this.#followed.get(transactionId);
  }

  set(record: TransactionRecord): void {
    this.#followed.set(record.transactionId, record);
  }

  delete(transactionId: string): void {
    this.#followed.delete(transactionId);
    this.#waiting.shift()?.();
  }

  /** Keeps nobody waiting any more. */
  close(): void {
    this.#isClosed = true;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /**
   * Resolves once another transaction may be opened.
   * @throws DeadlineError when none may for so long that whatever it is for is left behind; AbortedError.
   */
  async room(signal?: AbortSignal): Promise<void> {
    if (!this.#isFull()) return;
    const deadline = {
      timeoutMs: this.#policy.takeOverAfterMs,
      what: 'Waiting for another transaction to end',
    } as const;
    await withDeadline(this.#clock, signal === undefined ? deadline : { ...deadline, signal }, (ended) =>
      this.#untilRoom(ended),
    );
  }

  async #untilRoom(ended: AbortSignal): Promise<void> {
    while (this.#isFull() && !ended.aborted) {
      await new Promise<void>((resolve) => {
        const giveUp = (): void => {
          // Whoever waits no longer is not woken in the place of one who does.
          this.#waiting.splice(this.#waiting.indexOf(wake), 1);
          resolve();
        };
        const wake = (): void => {
          ended.removeEventListener('abort', giveUp);
          resolve();
        };
        ended.addEventListener('abort', giveUp, { once: true });
        this.#waiting.push(wake);
      });
    }
  }

  #isFull(): boolean {
    return this.#followed.size >= this.#policy.maxOpenTransactions && !this.#isClosed;
  }
}
