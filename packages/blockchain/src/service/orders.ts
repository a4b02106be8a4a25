import {
  InvalidTransitionError,
  isSettlementFinal,
  JournalError,
  moveSettlement,
  type SettlementRecord,
  type TransactionRecord,
} from '@canza/core';

import { giveUp, type OutcomeContext } from '../settlement-outcome.ts';
import type { Engine } from './engine.ts';
import { rejoin } from './recovery.ts';
import {
  decideSettlement,
  decideTransaction,
  markDecided,
  type SettlementDecision,
  type TransactionDecision,
} from './review.ts';
import type { CheckedSettings } from './settings.ts';

/** What callers, and people, may order about what is stored. */

/** Lets one go that was kept for confirmation; one whose price has expired meanwhile fails. */
export function confirmed(record: SettlementRecord, context: OutcomeContext): SettlementRecord {
  if (record.status !== 'awaiting-confirmation') return record;
  const { nowMs, recoverAfterMs } = context;
  const late = record.quote !== undefined && record.quote.expiresAtMs <= nowMs;
  return late
    ? giveUp(record, 'quote-expired', 'The quote expired before it was confirmed.', context)
    : moveSettlement(record, nowMs, { status: 'created', dueAtMs: nowMs + recoverAfterMs });
}

/**
 * Calls one off of which nothing was sent yet.
 * @throws InvalidTransitionError once a transaction may carry it; JournalError while the journal may have forgotten that one does.
 */
export function cancelled(record: SettlementRecord, context: OutcomeContext, isSuspect: boolean): SettlementRecord {
  if (isSuspect) {
    throw new JournalError('The journal may have forgotten that it was sent: ask again once it was compared.', 'maybe');
  }
  if (record.moneyMoved === 'no' && !isSettlementFinal(record.status)) {
    return giveUp(record, 'cancelled', 'Called off before it was sent.', context);
  }
  throw new InvalidTransitionError(record.settlementId, record.status, 'failed', 'it may be on its way, or has ended');
}

type Stored = Pick<Engine, 'books' | 'context'>;

/** Ends a settlement in review. The transaction that may carry it is told first: it is not opened again over what a person has decided. */
export async function endByHand(
  record: SettlementRecord,
  decision: SettlementDecision,
  { books, context }: Stored,
): Promise<SettlementRecord> {
  const decide = (latest: SettlementRecord): SettlementRecord => decideSettlement(latest, decision, context().nowMs);
  // Refused as it stands, before its transaction is told.
  decide(record);
  const transactionId = record.attempts.at(-1)?.transactionId;
  const carrying = transactionId === undefined ? undefined : await books.transactions.read(transactionId);
  if (carrying !== undefined) {
    await books.transactions.update(carrying, `decided on ${record.settlementId}`, (latest) =>
      markDecided(latest, record.settlementId, context().nowMs),
    );
  }
  return (await books.settlements.update(record, `decided by a person: ${decision.status}`, decide)) ?? record;
}

/** Has a transaction in review go on, and its settlements with it. */
export async function goOnByHand(
  record: TransactionRecord,
  decision: TransactionDecision,
  { books, context }: Stored,
  { network, policy }: Pick<CheckedSettings, 'network' | 'policy'>,
): Promise<TransactionRecord> {
  const within = { capabilities: network.capabilities, nowMs: context().nowMs };
  const decided = await books.transactions.update(record, `decided by a person: ${decision.action}`, (latest) =>
    decideTransaction(latest, decision, within),
  );
  // Whoever follows it does the same, where this process dies before.
  if (decided !== undefined) await rejoin(decided, books, policy, context());
  return decided ?? record;
}
