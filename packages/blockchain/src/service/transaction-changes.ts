import {
  type Clock,
  type Evidence,
  moveTransaction,
  type TransactionChange,
  type TransactionRecord,
} from '@canza/core';

import type { Books } from './books.ts';
import type { SettlementAlert } from './events.ts';
import type { SettlementPolicy } from './policy.ts';

export interface ChangeSettings {
  readonly books: Books;
  readonly policy: SettlementPolicy;
  readonly environment: { readonly clock: Clock };
  readonly alert: (alert: SettlementAlert) => void;
}

/** What was learned of a transaction, as its record keeps it. */
export const evidenceOn = (
  { builds }: TransactionRecord,
  atMs: number,
  learned: Omit<Evidence, 'atMs' | 'attempt'>,
): Evidence => ({ ...learned, atMs, attempt: builds.at(-1)?.number ?? 0 });

/** How whoever follows a transaction writes what became of it. */
export class TransactionChanges {
  readonly #settings: ChangeSettings;

  constructor(settings: ChangeSettings) {
    this.#settings = settings;
  }

  /** Writes a change, if the record is still as we know it; otherwise what others have made of it is taken over. */
  async write(
    record: TransactionRecord,
    note: string,
    change: (latest: TransactionRecord) => TransactionChange,
    hold: { readonly beforeSend?: boolean } = {},
  ): Promise<TransactionRecord> {
    const { books, policy, environment } = this.#settings;
    const nowMs = environment.clock.nowMs();
    const dueAtMs = nowMs + policy.takeOverAfterMs;
    const update = (): Promise<TransactionRecord | undefined> =>
      books.transactions.update(
        record,
        note,
        // Not by its version: after a failover another record may stand there with the same one.
        (latest) => (latest === record ? moveTransaction(latest, nowMs, { dueAtMs, ...change(latest) }) : latest),
        hold,
      );
    return (await books.transactions.insist(policy.insistForMs, update)) ?? record;
  }

  /** For a person to decide. */
  async toReview(record: TransactionRecord, source: Evidence['source'], why: string): Promise<TransactionRecord> {
    const { transactionId, sender, slot, looks } = record;
    const atMs = this.#settings.environment.clock.nowMs();
    const learned = [evidenceOn(record, atMs, { source, code: 'REVIEW', detail: why, moneyMoved: 'maybe' })];
    const change = { status: 'review', dueAtMs: null, learned, looks } as const;
    const changed = await this.write(record, 'for a person to decide', () => change);
    if (changed.status === 'review')
      this.#settings.alert({ alert: 'transaction-needs-review', transactionId, sender, slot });
    return changed;
  }
}
