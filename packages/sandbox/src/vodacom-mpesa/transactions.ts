import type { Ends, Movement } from './books.ts';
import type { MarketName } from './markets.ts';
import type { Ending, TransactionStatus } from './outcomes.ts';

/** A payment of any kind that was taken in, and what became of it. */
export interface VodacomTransaction extends Omit<Movement, 'atMs'> {
  readonly ends: Ends;
  readonly startedAtMs: number;
  /** `N/A` until it has ended. */
  readonly status: TransactionStatus;
  /** The code of its end. */
  readonly code?: string;
  readonly description?: string;
  readonly endedAtMs?: number;
  /** How often it was asked for. */
  readonly queries: number;
}

export type OpenTransaction = { -readonly [Key in keyof VodacomTransaction]: VodacomTransaction[Key] };

/** Everything that was taken in. */
export interface Transactions {
  readonly all: readonly VodacomTransaction[];
  readonly add: (transaction: OpenTransaction) => void;
  /** By the platform's transaction or conversation id, or the caller's own, within one market. */
  readonly find: (market: MarketName, id: string) => OpenTransaction | undefined;
}

export function createTransactions(): Transactions {
  const all: OpenTransaction[] = [];
  const byId = new Map<string, OpenTransaction>();
  return {
    all,
    add(transaction) {
      all.push(transaction);
      const { market, transactionId, conversationId, thirdPartyConversationId } = transaction;
      for (const id of [transactionId, conversationId, thirdPartyConversationId]) {
        byId.set(`${market} ${id}`, transaction);
      }
    },
    find: (market, id) => byId.get(`${market} ${id}`),
  };
}

/** Whether it can still change. */
export const isOpen = ({ status }: VodacomTransaction): boolean => status === 'N/A';

export function end(transaction: OpenTransaction, { status, code, description }: Ending, nowMs: number): void {
  transaction.status = status;
  transaction.code = code;
  transaction.description = description;
  transaction.endedAtMs = nowMs;
}
