import { isSettlementFinal, type SettlementRecord, type SettlementStatus, type TransactionRecord } from '@canza/core';

/** What this process has seen since it started. Times in milliseconds, fees in base units of the fee asset as decimal text. */
export interface SettlementMetrics {
  readonly accepted: number;
  readonly settled: number;
  readonly failed: number;
  readonly inReview: number;
  /** Settlements that a transaction set free to be sent again. */
  readonly retried: number;
  readonly transactions: {
    readonly stored: number;
    readonly committed: number;
    readonly aborted: number;
    readonly dead: number;
    /** Builds beyond the first: bumps, and new ends after an expiry. */
    readonly rebuilt: number;
    /** Followed by this process now. */
    readonly open: number;
    /** Age of the oldest of them; 0 where none is open. */
    readonly oldestOpenMs: number;
    /** Open for longer than the threshold of the alert. */
    readonly stuck: number;
  };
  /** Settlements in a transaction, on average. */
  readonly settlementsPerTransaction: number;
  readonly feesPaid: string;
  readonly feePerSettlement: string;
  /** From acceptance to the ledger's proof, over the last thousand. */
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly samples: number };
}

const SAMPLES = 1000;
const LAST_ENDS = 100;

/** Counts what the books are told. Bounded, whatever runs through it. */
export class MetricsCounter {
  readonly #counts = { accepted: 0, settled: 0, failed: 0, review: 0, retried: 0 };
  readonly #transactions = { stored: 0, committed: 0, aborted: 0, dead: 0, rebuilt: 0, members: 0 };
  readonly #open = new Map<string, number>();
  readonly #latencies: number[] = [];
  readonly #ends: boolean[] = [];
  #latencyAt = 0;
  #feesPaid = 0n;

  onSettlement(record: SettlementRecord, before: SettlementRecord | undefined): void {
    if (before === undefined) this.#counts.accepted += 1;
    const from: SettlementStatus | undefined = before?.status;
    if (from === record.status) return;
    if (record.status === 'settled' || record.status === 'failed' || record.status === 'review') {
      this.#counts[record.status] += 1;
    }
    if (from === 'pending' && record.status === 'created') this.#counts.retried += 1;
    if (isSettlementFinal(record.status)) {
      this.#ends.push(record.status === 'failed');
      if (this.#ends.length > LAST_ENDS) this.#ends.shift();
    }
    if (record.status === 'settled') {
      this.#latencies[this.#latencyAt++ % SAMPLES] = record.updatedAtMs - record.createdAtMs;
    }
  }

  onTransaction(record: TransactionRecord, before: TransactionRecord | undefined): void {
    const counts = this.#transactions;
    if (record.status === 'open') this.#open.set(record.transactionId, record.createdAtMs);
    else this.#open.delete(record.transactionId);
    if (before === undefined) {
      if (record.builds.length === 0) return;
      counts.stored += 1;
      counts.members += record.members.length;
      return;
    }
    if ((record.builds.at(-1)?.number ?? 0) > (before.builds.at(-1)?.number ?? 0)) counts.rebuilt += 1;
    if (before.status === record.status || record.status === 'open' || record.status === 'review') return;
    counts[record.status] += 1;
    this.#feesPaid += BigInt(record.outcome?.feePaid ?? 0);
  }

  /** No longer followed here: another process may be the one that learns its end. */
  forget(transactionId: string): void {
    this.#open.delete(transactionId);
  }

  /** Failures among the last hundred settlements that ended. */
  get recentFailures(): { readonly failures: number; readonly among: number } {
    return { failures: this.#ends.filter(Boolean).length, among: this.#ends.length };
  }

  report(nowMs: number, stuckAfterMs: number): SettlementMetrics {
    const { members, ...counts } = this.#transactions;
    const ages = [...this.#open.values()].map((sinceMs) => nowMs - sinceMs);
    const sorted = this.#latencies.toSorted((left, right) => left - right);
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    return {
      accepted: this.#counts.accepted,
      settled: this.#counts.settled,
      failed: this.#counts.failed,
      inReview: this.#counts.review,
      retried: this.#counts.retried,
      transactions: {
        ...counts,
        open: ages.length,
        oldestOpenMs: Math.max(0, ...ages),
        stuck: ages.filter((age) => age >= stuckAfterMs).length,
      },
      settlementsPerTransaction: counts.stored === 0 ? 0 : members / counts.stored,
      feesPaid: this.#feesPaid.toString(),
      feePerSettlement: (this.#feesPaid / BigInt(Math.max(1, this.#counts.settled))).toString(),
      latencyMs: { p50: at(0.5), p95: at(0.95), samples: sorted.length },
    };
  }
}
