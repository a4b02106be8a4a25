import type { SettlementStatus, TransactionStatus } from '@canza/core';

import type { Books } from './books.ts';
import { type SettlementTransaction, viewTransaction } from './transaction-view.ts';
import { type Settlement, viewSettlement } from './view.ts';

interface Search<Status> {
  readonly status?: Status;
  /** In milliseconds since 1970. */
  readonly createdFromMs?: number;
  readonly createdBeforeMs?: number;
  /** 1 to 1000; default 100. */
  readonly limit?: number;
  readonly cursor?: string;
}

/** Which settlements are meant; everything that is given must fit. */
export type SettlementSearch = Search<SettlementStatus>;

/** Which transactions are meant; everything that is given must fit. */
export type TransactionSearch = Search<TransactionStatus>;

/** Settlements in the order of their creation. */
export interface SettlementPage {
  readonly settlements: readonly Settlement[];
  /** Where the next page begins; left out on the last one. */
  readonly cursor?: string;
}

/** Transactions in the order of their creation. */
export interface TransactionPage {
  readonly transactions: readonly SettlementTransaction[];
  /** Where the next page begins; left out on the last one. */
  readonly cursor?: string;
}

/** One page of the settlements that are searched for. @throws JournalError */
export async function searchSettlements(books: Books, search: SettlementSearch): Promise<SettlementPage> {
  const { records, ...rest } = await books.settlements.list(listOf(search));
  return { settlements: records.map((record) => viewSettlement(record)), ...rest };
}

/** One page of the transactions that are searched for. @throws JournalError */
export async function searchTransactions(books: Books, search: TransactionSearch): Promise<TransactionPage> {
  const { records, ...rest } = await books.transactions.list(listOf(search));
  return { transactions: records.map(viewTransaction), ...rest };
}

const listOf = <Status extends string>({ status, limit = 100, ...span }: Search<Status>) => ({
  ...span,
  limit,
  ...(status === undefined ? {} : { state: status }),
});
