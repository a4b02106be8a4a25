import type { Clock, Logger, RecordBook, SettlementNetwork } from '@canza/core';

import type { Gap } from './gaps.ts';
import type { SettlementPolicy } from './policy.ts';

/** One of our accounts, as the processes that share it know it. */
export interface SenderRecord {
  readonly address: string;
  readonly version: number;
  /** The lowest number that was not given out, as far as its last owner knew. Never above what is free. */
  readonly next: string;
  /** The number at which the ledger stands although higher ones were given out, and since when. */
  readonly standsAt: { readonly slot: string; readonly sinceMs: number } | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** Always set: it can be claimed whenever nobody has it. */
  readonly dueAtMs: number;
}

/** The right to give out slots of one sender, one after the other. */
export interface Lane {
  readonly sender: string;
  /** The slot for the next transaction. Asked again, it is the same until it is used or found taken. */
  slot(reference: string): Promise<string>;
  /** A transaction is stored in that slot, ours or another's: it is not given out again. */
  used(slot: string): void;
}

export interface DeskSettings {
  readonly network: SettlementNetwork;
  readonly senders: RecordBook<SenderRecord>;
  readonly policy: SettlementPolicy;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly owner: string;
  /** That slot, if no transaction of ours can still use it. */
  readonly findGap: (sender: string, slot: string) => Promise<Gap | undefined>;
  /** Uses up a slot that no transaction can use any more. */
  readonly fillGap: (gap: Gap) => Promise<void>;
}

/** Who gives out the slots of our senders. */
export interface SenderDesk {
  /** Inserts what the journal does not know yet. */
  open(): Promise<void>;
  /**
   * Runs `work` with a lane of whichever sender is free; waits until one is.
   * @throws DeadlineError when none was for so long that whatever it is for is left behind.
   */
  withLane<T>(work: (lane: Lane) => Promise<T>): Promise<T>;
  /** Hands out no more lanes. */
  close(): void;
}
