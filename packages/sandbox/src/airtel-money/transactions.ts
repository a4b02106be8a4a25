import type { Ending, TransactionStatus } from './outcomes.ts';
import type { Family } from './replies.ts';

/** A collection, a payout or a cash-in, and what became of it. */
export interface AirtelTransaction {
  readonly family: Family;
  /** The caller's id, which Airtel takes once. */
  readonly id: string;
  /** The customer, E.164 digits. */
  readonly msisdn: string;
  readonly amountMinor: bigint;
  readonly reference: string;
  readonly startedAtMs: number;
  readonly status: TransactionStatus;
  /** Last four digits of the code that goes with the status. */
  readonly digits: string;
  readonly message: string;
  /** Airtel's id; of a payout the text that stands in its place. */
  readonly airtelMoneyId?: string;
  /** The network's own id of a payout. */
  readonly referenceId?: string;
  readonly endedAtMs?: number;
  /** How often it was asked for. */
  readonly enquiries: number;
}

export type OpenTransaction = { -readonly [Key in keyof AirtelTransaction]: AirtelTransaction[Key] };

/** Everything that was accepted, by the caller's id: one partner cannot use an id twice, whatever for. */
export interface Transactions {
  readonly all: readonly AirtelTransaction[];
  readonly add: (transaction: OpenTransaction) => void;
  readonly find: (id: string) => OpenTransaction | undefined;
}

export function createTransactions(): Transactions {
  const all: OpenTransaction[] = [];
  const byId = new Map<string, OpenTransaction>();
  return {
    all,
    add(transaction) {
      all.push(transaction);
      byId.set(transaction.id, transaction);
    },
    find: (id) => byId.get(id),
  };
}

/** Whether it can still change. */
export const isOpen = ({ status }: AirtelTransaction): boolean =>
  status === 'TI' || status === 'TIP' || status === 'TA';

export function end(transaction: OpenTransaction, { status, digits, message }: Ending, nowMs: number): void {
  transaction.status = status;
  transaction.digits = digits;
  transaction.message = message;
  if (status !== 'TA') transaction.endedAtMs = nowMs;
}
