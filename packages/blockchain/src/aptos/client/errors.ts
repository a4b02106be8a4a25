import { type MoneyMoved, PaymentError, type PaymentErrorOptions } from '@canza/core';

import type { SignedTransaction } from '../transaction/sign.ts';

/** A signed transaction, and since when its end is looked for. */
export interface OpenTransaction {
  /** The bytes that were sent; sending them again is safe. */
  readonly transaction: SignedTransaction;
  /** Version of the ledger before anybody could have sent it: a proof that it expired needs the history since then. */
  readonly bornAtVersion: bigint;
}

/** A transaction whose end is not known. Hand it to `client.resume` to find out, also from another process. */
export class UnsettledTransactionError extends PaymentError implements OpenTransaction {
  static readonly code = 'TRANSACTION_UNSETTLED';
  readonly code = 'TRANSACTION_UNSETTLED';
  readonly hash: string;
  readonly transaction: SignedTransaction;
  readonly bornAtVersion: bigint;

  constructor({ transaction, bornAtVersion }: OpenTransaction, options?: PaymentErrorOptions) {
    super(`The end of transaction ${transaction.hash} is not known.`, 'maybe', { provider: 'aptos', ...options });
    this.hash = transaction.hash;
    this.transaction = transaction;
    this.bornAtVersion = bornAtVersion;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), hash: this.hash };
  }
}

/** Why a transaction did not do what it was for. */
export type FailedTransactionReason = 'aborted' | 'refused' | 'expired' | 'displaced';

/** A transaction that ended without moving anything but, where it was carried out, the fee. */
export class FailedTransactionError extends PaymentError {
  static readonly code = 'TRANSACTION_FAILED';
  readonly code = 'TRANSACTION_FAILED';
  readonly hash: string;
  readonly reason: FailedTransactionReason;

  constructor(hash: string, reason: FailedTransactionReason, detail: string, options?: PaymentErrorOptions) {
    const moneyMoved: MoneyMoved = 'no';
    super(`Transaction ${hash} was ${reason}: ${detail}`, moneyMoved, { provider: 'aptos', ...options });
    this.hash = hash;
    this.reason = reason;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), hash: this.hash, reason: this.reason };
  }
}
