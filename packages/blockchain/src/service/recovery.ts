import type { SettlementRecord, TransactionRecord } from '@canza/core';

import { afterTransaction, inDoubt, type OutcomeContext } from '../settlement-outcome.ts';
import type { Books } from './books.ts';

export interface RecoverySettings {
  readonly books: Books;
  readonly context: OutcomeContext;
  /** Whether the journal may have lost writes: then what is not there may have been there, and was submitted. */
  readonly isSuspect: () => boolean;
}

/**
 * Finds out what became of a settlement that was left behind while a transaction carried it. Where that transaction was never stored, it is
 * declared dead under its own id first: should the process that made it only be slow, it finds its place taken and sends nothing.
 */
export async function recover(
  settlement: SettlementRecord,
  { books, context, isSuspect }: RecoverySettings,
): Promise<SettlementRecord> {
  const attempt = settlement.attempts.at(-1);
  if (settlement.status !== 'pending' || attempt === undefined) return settlement;
  const transaction =
    (await books.transactions.read(attempt.transactionId)) ??
    (await declareDead(attempt.transactionId, settlement, books, context));
  const recovered = await books.settlements.update(settlement, 'taken up again', (latest) =>
    transaction.outcome?.died === 'never-stored' && isSuspect()
      ? inDoubt(latest, transaction, 'Its transaction is not in the journal, which may have lost it.', context)
      : afterTransaction(latest, transaction, context),
  );
  return recovered ?? settlement;
}

async function declareDead(
  transactionId: string,
  { network }: SettlementRecord,
  { transactions }: Books,
  { nowMs }: OutcomeContext,
): Promise<TransactionRecord> {
  const dead: TransactionRecord = {
    transactionId,
    version: 1,
    status: 'dead',
    network,
    sender: '',
    slot: '',
    slotGuards: 'until-expiry',
    call: { kind: 'void' },
    members: [],
    builds: [],
    outcome: { died: 'never-stored' },
    concluded: true,
    looks: 0,
    evidence: [],
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    dueAtMs: null,
  };
  const inserted = await transactions.insert(dead, 'never stored: declared dead');
  return inserted.outcome === 'exists' ? inserted.record : dead;
}
