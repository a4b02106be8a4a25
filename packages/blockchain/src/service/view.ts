import type {
  Evidence,
  MoneyMoved,
  SettlementKind,
  SettlementQuote,
  SettlementReason,
  SettlementRecord,
  SettlementStatus,
  StoredCall,
  TransactionRecord,
  TransferProof,
} from '@canza/core';

/** A settlement as its caller sees it: times as ISO 8601, no bytes of transactions. */
export interface Settlement {
  readonly settlementId: string;
  readonly version: number;
  readonly kind: SettlementKind;
  readonly status: SettlementStatus;
  readonly moneyMoved: MoneyMoved;
  readonly reason?: SettlementReason;
  readonly network: string;
  readonly amount: string;
  readonly fromCurrency: string;
  readonly toCurrency: string;
  readonly toAddress?: string;
  readonly quote?: SettlementQuote;
  /** Of a liquidity operation: its terms, in base units. */
  readonly terms?: StoredCall;
  readonly description?: string;
  readonly originalSettlementId?: string;
  /** The ledger's name for the transaction: of the one that settled it, or of the last that may. */
  readonly transactionHash?: string;
  /** Who sends it, once that is known. */
  readonly fromAddress?: string;
  /** Ledger version or block in which it was settled. */
  readonly ledgerVersion?: string;
  /** The ledger's time of it. */
  readonly settledAt?: string;
  /** Its share of the fee, in base units of the network's fee asset. */
  readonly fee?: string;
  readonly proofs?: readonly TransferProof[];
  /** How many transactions carried it, the last one included. */
  readonly attempts: number;
  readonly evidence: readonly Evidence[];
  readonly createdAt: string;
  readonly updatedAt: string;
}

/**
 * Shows a record to its caller.
 * @param transaction The one that carries it, where it is at hand.
 */
export function viewSettlement(record: SettlementRecord, transaction?: TransactionRecord): Settlement {
  const { call, receipt, original } = record;
  const hash = receipt?.transactionHash ?? transaction?.builds.at(-1)?.hash;
  return {
    settlementId: record.settlementId,
    version: record.version,
    kind: record.kind,
    status: record.status,
    moneyMoved: record.moneyMoved,
    network: record.network,
    amount: record.amount,
    fromCurrency: record.fromCurrency,
    toCurrency: record.toCurrency,
    attempts: record.attempts.length,
    evidence: record.evidence,
    createdAt: new Date(record.createdAtMs).toISOString(),
    updatedAt: new Date(record.updatedAtMs).toISOString(),
    ...(record.reason === undefined ? {} : { reason: record.reason }),
    ...(record.quote === undefined ? {} : { quote: record.quote }),
    ...(record.description === undefined ? {} : { description: record.description }),
    ...(original === undefined ? {} : { originalSettlementId: original.settlementId }),
    ...(call.kind === 'transfers' ? { toAddress: call.transfers[0]?.to ?? '' } : { terms: call }),
    ...(hash === undefined ? {} : { transactionHash: hash }),
    ...(transaction === undefined ? {} : { fromAddress: transaction.sender }),
    ...(receipt === undefined
      ? {}
      : {
          ledgerVersion: receipt.version,
          settledAt: new Date(receipt.atMs).toISOString(),
          fee: receipt.feeShare,
          proofs: receipt.proofs,
        }),
  };
}
