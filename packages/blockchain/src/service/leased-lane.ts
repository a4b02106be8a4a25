import type { Lane, SenderRecord } from './lane.ts';

/** A lane under a lease of the journal. */
export class LeasedLane implements Lane {
  readonly record: SenderRecord;
  readonly fence: number;
  /** After this, by the monotonic clock, no new work begins in it. */
  readonly untilMs: number;
  #next: bigint;
  #ledgerNext: bigint;

  constructor(record: SenderRecord, fence: number, untilMs: number, ledgerNext: bigint) {
    this.record = record;
    this.fence = fence;
    this.untilMs = untilMs;
    this.#ledgerNext = ledgerNext;
    this.#next = BigInt(record.next) > ledgerNext ? BigInt(record.next) : ledgerNext;
  }

  get sender(): string {
    return this.record.address;
  }

  get next(): bigint {
    return this.#next;
  }

  /** Transactions of this sender that the ledger has not seen, as far as is known. */
  get open(): number {
    return Number(this.#next - this.#ledgerNext);
  }

  ledgerIsAt(next: bigint): void {
    if (next > this.#ledgerNext) this.#ledgerNext = next;
    if (next > this.#next) this.#next = next;
  }

  async slot(): Promise<string> {
    return this.#next.toString();
  }

  used(slot: string): void {
    if (BigInt(slot) === this.#next) this.#next += 1n;
  }
}
