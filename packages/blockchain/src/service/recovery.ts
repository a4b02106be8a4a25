import type { SettlementRecord, TransactionRecord } from '@canza/core';

import { afterTransaction, inDoubt, inDoubtOfJournal, type OutcomeContext } from '../settlement-outcome.ts';
import type { Books } from './books.ts';
import type { SettlementPolicy } from './policy.ts';

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
  const recovered = await books.settlements.update(settlement, 'taken up again', (latest) => {
    const next = afterTransaction(latest, transaction, context);
    if (!isSuspect()) return next;
    return transaction.outcome?.died === 'never-stored'
      ? inDoubt(latest, transaction, 'Its transaction is not in the journal, which may have lost it.', context)
      : inDoubtOfJournal(latest, next, context);
  });
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

/** Whether that transaction is what a settlement waits for, or a person with it. */
export const waitsFor = (member: SettlementRecord | undefined, { transactionId }: TransactionRecord): boolean =>
  (member?.status === 'pending' || member?.status === 'review') &&
  member.attempts.at(-1)?.transactionId === transactionId;

/** Members of a transaction that a person has opened again, as they stand: what was in review with it is pending again. */
export function rejoin(
  record: TransactionRecord,
  { settlements }: Books,
  policy: Pick<SettlementPolicy, 'insistForMs'>,
  context: OutcomeContext,
): Promise<readonly (SettlementRecord | undefined)[]> {
  return Promise.all(
    record.members.map(async (id) => {
      const member = await settlements.insist(policy.insistForMs, () => settlements.read(id));
      if (member?.status !== 'review' || !waitsFor(member, record)) return member;
      return settlements.insist(policy.insistForMs, () =>
        settlements.update(member, 'its transaction is looked for again', (latest) =>
          afterTransaction(latest, record, context),
        ),
      );
    }),
  );
}
