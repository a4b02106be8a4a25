import {
  type Clock,
  type Journal,
  type Logger,
  RecordBook,
  type SettlementRecord,
  type TransactionRecord,
} from '@canza/core';

import type { SenderRecord } from './lane.ts';

export interface BooksSettings {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly journalTimeoutMs: number;
  /** {@link SettlementNetwork.name}. */
  readonly network: string;
  readonly onSettlement: (record: SettlementRecord, before: SettlementRecord | undefined) => void;
  readonly onTransaction: (record: TransactionRecord, before: TransactionRecord | undefined) => void;
}

/** The journal, in terms of settlements, transactions and senders: the one place where records become entries. */
export interface Books {
  readonly settlements: RecordBook<SettlementRecord>;
  readonly transactions: RecordBook<TransactionRecord>;
  readonly senders: RecordBook<SenderRecord>;
}

/** The kinds of entries that a service keeps for a network: what an export or an archive is told. */
export const settlementKinds = (network: string) =>
  ({
    settlements: `settlement:${network}`,
    transactions: `settlement-transaction:${network}`,
    senders: `settlement-sender:${network}`,
  }) as const;

export const refundTag = (settlementId: string): string => `refund-of:${settlementId}`;

/**
 * Two transactions cannot be written for one slot that guards for ever, nor two in the place of one that has expired there without using it.
 * @param after The one that has expired.
 */
export const slotReference = (sender: string, slot: string, after?: string): string =>
  after === undefined ? `slot:${sender}:${slot}` : `slot:${sender}:${slot}:after:${after}`;

const NONE: readonly string[] = Object.freeze([]);

const hashReference = (hash: string): string => `hash:${hash}`;

export function openBooks(settings: BooksSettings): Books {
  const kinds = settlementKinds(settings.network);
  return {
    settlements: new RecordBook<SettlementRecord>({
      ...settings,
      kind: kinds.settlements,
      noun: 'settlement',
      onWritten: settings.onSettlement,
      entryOf: ({ settlementId: id, status, dueAtMs, original, createdAtMs, updatedAtMs }) => ({
        id,
        state: status,
        dueAtMs,
        references: original === undefined ? NONE : [`refund:${original.settlementId}:${original.slot}`],
        tags: original === undefined ? NONE : [refundTag(original.settlementId)],
        createdAtMs,
        updatedAtMs,
      }),
    }),
    transactions: new RecordBook<TransactionRecord>({
      ...settings,
      kind: kinds.transactions,
      noun: 'transaction',
      onWritten: settings.onTransaction,
      entryOf: ({ transactionId: id, status, dueAtMs, builds, createdAtMs, updatedAtMs, ...rest }) => ({
        id,
        state: status,
        dueAtMs,
        references: [
          ...(rest.slotGuards === 'for-ever' && builds.length > 0
            ? [slotReference(rest.sender, rest.slot, rest.after)]
            : []),
          ...builds.map(({ hash }) => hashReference(hash)),
        ],
        tags: [],
        createdAtMs,
        updatedAtMs,
      }),
    }),
    senders: new RecordBook<SenderRecord>({
      ...settings,
      kind: kinds.senders,
      noun: 'sender',
      entryOf: ({ address: id, dueAtMs, createdAtMs, updatedAtMs }) => ({
        id,
        state: 'sender',
        dueAtMs,
        references: [],
        tags: [],
        createdAtMs,
        updatedAtMs,
      }),
    }),
  };
}
