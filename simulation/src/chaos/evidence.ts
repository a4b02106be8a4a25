import type { HistoryLine, JournalEntry, PaymentRecord, SettlementRecord } from '@canza/core';

import type { Booked, Transfer } from './emulated.ts';
import type { Story } from './story.ts';

/** A record and everything that the journal tells of how it came about. */
export interface Kept<Body> {
  readonly entry: Omit<JournalEntry, 'body'>;
  readonly body: Body;
  readonly history: readonly HistoryLine[];
}

/** What everybody has in their books when all is at rest. */
export interface Evidence {
  /** The callers'. */
  readonly stories: readonly Story[];
  /** The journal's. */
  readonly payments: readonly Kept<PaymentRecord>[];
  readonly settlements: readonly Kept<SettlementRecord>[];
  /** Transactions and senders: of them only the audit trail is looked at. */
  readonly others: readonly Kept<unknown>[];
  /** The operators'. */
  readonly movements: readonly Booked[];
  /** The chain's. */
  readonly transfers: readonly Transfer[];
}

/** Two books that do not agree. */
export interface Violation {
  readonly id: string;
  readonly what: string;
}
