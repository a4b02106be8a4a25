import {
  type Evidence,
  isSettlementFinal,
  type MoneyMoved,
  type SettlementKind,
  type SettlementQuote,
  type SettlementReason,
  type SettlementRecord,
  type SettlementStatus,
  type StoredCall,
  type TransactionRecord,
  type TransferProof,
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

/** Nothing happens to it any more by itself. */
export const isAtRest = (status: SettlementStatus): boolean => isSettlementFinal(status) || status === 'review';

/**
 * Shows a record to its caller.
 * @param transaction The one that carries it, where it is at hand.
 */
export function viewSettlement(record: SettlementRecord, transaction?: TransactionRecord): Settlement {
  const { call, receipt, reason, quote, description, original } = record;
  const shown: Unfinished<Settlement> = {
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
    createdAt: createdAt(record.createdAtMs),
    updatedAt: updatedAt(record.updatedAtMs),
  };
  if (reason !== undefined) shown.reason = reason;
  if (quote !== undefined) shown.quote = quote;
  if (description !== undefined) shown.description = description;
  if (original !== undefined) shown.originalSettlementId = original.settlementId;
  if (call.kind === 'transfers') shown.toAddress = call.transfers[0]?.to ?? '';
  else shown.terms = call;
  const hash = receipt?.transactionHash ?? transaction?.builds.at(-1)?.hash;
  if (hash !== undefined) shown.transactionHash = hash;
  if (transaction !== undefined) shown.fromAddress = transaction.sender;
  if (receipt !== undefined) {
    shown.ledgerVersion = receipt.version;
    shown.settledAt = settledAt(receipt.atMs);
    shown.fee = receipt.feeShare;
    shown.proofs = receipt.proofs;
  }
  return shown;
}

type Unfinished<Shown> = { -readonly [Name in keyof Shown]: Shown[Name] };

/** Writes times as ISO 8601, the same one only once: those of a batch were written in the same millisecond. */
function createTimeWriter(): (atMs: number) => string {
  let [lastMs, text] = [Number.NaN, ''];
  return (atMs) => {
    if (atMs !== lastMs) [lastMs, text] = [atMs, new Date(atMs).toISOString()];
    return text;
  };
}

const [createdAt, updatedAt, settledAt] = [createTimeWriter(), createTimeWriter(), createTimeWriter()];
