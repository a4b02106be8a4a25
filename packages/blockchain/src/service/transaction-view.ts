import {
  type Evidence,
  type MoneyMoved,
  type TransactionRecord,
  type TransactionStatus,
  transactionMoneyMoved,
} from '@canza/core';

/** A transaction of the chain as whoever looks after it sees it: times as ISO 8601, no bytes. */
export interface SettlementTransaction {
  readonly transactionId: string;
  readonly version: number;
  readonly status: TransactionStatus;
  readonly moneyMoved: MoneyMoved;
  readonly network: string;
  readonly sender: string;
  /** Its number in the account, or its nonce. */
  readonly slot: string;
  /** The settlements that it carries; none where it only uses a number up. */
  readonly settlementIds: readonly string[];
  /** Every transaction that may have been submitted for it, oldest first: what to look up on the ledger. */
  readonly transactionHashes: readonly string[];
  /** Ledger version or block that ended it. */
  readonly ledgerVersion?: string;
  /** What a person has decided last. */
  readonly decided?: 'look-again' | 'void';
  /** Why it stands as it does, in the order of learning. */
  readonly evidence: readonly Evidence[];
  readonly createdAt: string;
  readonly updatedAt: string;
}

export function viewTransaction(record: TransactionRecord): SettlementTransaction {
  const { outcome, decided } = record;
  return {
    transactionId: record.transactionId,
    version: record.version,
    status: record.status,
    moneyMoved: transactionMoneyMoved(record.status),
    network: record.network,
    sender: record.sender,
    slot: record.slot,
    settlementIds: record.members,
    transactionHashes: record.builds.map(({ hash }) => hash),
    evidence: record.evidence,
    createdAt: new Date(record.createdAtMs).toISOString(),
    updatedAt: new Date(record.updatedAtMs).toISOString(),
    ...(outcome?.version === undefined ? {} : { ledgerVersion: outcome.version }),
    ...(decided === undefined ? {} : { decided: decided.to }),
  };
}
