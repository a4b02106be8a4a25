import { formatUnits } from '@canza/core';
import type { AptosAsset } from '../assets.ts';
import { depositsOf } from '../deposits.ts';
import { type ChainEvent, type CommittedTransaction, feePaidBy } from '../fullnode/transaction-answer.ts';

/** A transaction that was carried out. */
export interface TransactionReceipt {
  readonly hash: string;
  /** Ledger version. */
  readonly version: bigint;
  readonly sender: string;
  /** Whether it did what it was for. */
  readonly success: boolean;
  readonly vmStatus: string;
  /** The ledger's time of it, in milliseconds since 1970: the time of record. */
  readonly atMs: number;
  readonly gasUsed: bigint;
  /** What was paid, in APT as decimal text. */
  readonly fee: string;
  readonly events: readonly ChainEvent[];
  readonly deposits: readonly DepositReceipt[];
}

/** Money that arrived. */
export interface DepositReceipt {
  /** Index of the event within its transaction. */
  readonly event: number;
  /** The store that it arrived in. */
  readonly store: string;
  /** Whose store that is, where the transaction tells. */
  readonly owner: string | undefined;
  /** The caller's word for the asset; `undefined` for one that is not configured. */
  readonly asset: string | undefined;
  readonly baseUnits: bigint;
  /** Decimal text in units of the asset; `undefined` for one that is not configured. */
  readonly amount: string | undefined;
}

const APT_DECIMALS = 8;

export function receiptOf(transaction: CommittedTransaction, assets: readonly AptosAsset[]): TransactionReceipt {
  return {
    hash: transaction.hash,
    version: transaction.version,
    sender: transaction.sender,
    success: transaction.success,
    vmStatus: transaction.vm_status,
    atMs: Number(transaction.timestamp / 1000n),
    gasUsed: transaction.gas_used,
    fee: formatUnits(feePaidBy(transaction), APT_DECIMALS),
    events: transaction.events,
    deposits: depositsOf(transaction).map(({ event, store, owner, metadata, coinType, amount }) => {
      const asset = assets.find(({ id, metadata: known }) =>
        coinType === undefined ? known === metadata : id === coinType,
      );
      return {
        event,
        store,
        owner,
        asset: asset?.currency,
        baseUnits: amount,
        amount: asset === undefined ? undefined : formatUnits(amount, asset.decimals),
      };
    }),
  };
}
