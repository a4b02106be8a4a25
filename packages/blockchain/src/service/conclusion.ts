import type { SettlementRecord, TransactionRecord } from '@canza/core';

import { afterTransaction, inDoubtOfJournal, type OutcomeContext } from '../settlement-outcome.ts';
import type { Books } from './books.ts';
import type { SettlementAlert } from './events.ts';
import type { AlertThresholds, SettlementPolicy } from './policy.ts';
import type { TransactionChanges } from './transaction-changes.ts';

export interface ConclusionSettings {
  readonly books: Books;
  readonly policy: SettlementPolicy;
  readonly alerts: AlertThresholds;
  readonly changes: TransactionChanges;
  readonly alert: (alert: SettlementAlert) => void;
  readonly contextOf: () => OutcomeContext;
  readonly isSuspect: () => boolean;
  /** Takes settlements that a transaction has set free to be sent again. */
  readonly onFreed: (records: readonly SettlementRecord[]) => void;
}

/** What the end of a transaction brings to its settlements, and to whoever listens. */
export class Conclusion {
  readonly #settings: ConclusionSettings;

  constructor(settings: ConclusionSettings) {
    this.#settings = settings;
  }

  /** Tells every member what became of it; those that are free again are sent again. */
  async reach(record: TransactionRecord, told: ReadonlyMap<string, SettlementRecord>): Promise<void> {
    const { books, policy, changes, contextOf, onFreed, isSuspect } = this.#settings;
    const context = contextOf();
    const untold = record.members.filter((id) => !told.has(id));
    const read = await Promise.all(
      untold.map(async (id) => books.settlements.insist(policy.insistForMs, () => books.settlements.read(id))),
    );
    const known = [...record.members.flatMap((id) => told.get(id) ?? []), ...read.filter((each) => each !== undefined)];
    const after = await books.settlements.updateEach(
      known,
      policy.insistForMs,
      `its transaction is ${record.status}`,
      (latest) => {
        const next = afterTransaction(latest, record, context);
        return isSuspect() ? inDoubtOfJournal(latest, next, context) : next;
      },
    );
    if (record.status === 'review') return;
    this.#contradict(record, after);
    await changes.write(record, 'every settlement has been told', () => ({ concluded: true }));
    this.#raise(record);
    onFreed(after.filter(({ status }) => status === 'created'));
  }

  /** A decision that the ledger did not wait for. */
  #contradict(
    { status, outcome, transactionId }: TransactionRecord,
    members: readonly (SettlementRecord | undefined)[],
  ): void {
    if (status !== 'committed') return;
    for (const member of members) {
      if (member?.status !== 'failed' || member.attempts.at(-1)?.transactionId !== transactionId) continue;
      const { settlementId } = member;
      this.#settings.alert({ alert: 'decision-contradicted', settlementId, transactionHash: outcome?.hash ?? '' });
    }
  }

  /** Alerts about how a transaction ended. */
  #raise({ transactionId, sender, slot, outcome, members }: TransactionRecord): void {
    const { alert, alerts } = this.#settings;
    if (outcome?.died === 'slot-used-by-another') {
      alert({
        alert: 'slot-used-by-another',
        sender,
        slot,
        ...(outcome.hash === undefined ? {} : { by: outcome.hash }),
      });
    }
    const each = BigInt(outcome?.feePaid ?? 0) / BigInt(Math.max(1, members.length));
    if (alerts.feePerSettlement !== undefined && each > alerts.feePerSettlement) {
      alert({ alert: 'fee-too-high', transactionId, feePerSettlement: each.toString() });
    }
  }
}
