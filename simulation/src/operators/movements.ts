import type { AirtelBooks, DarajaBooks, MomoBooks } from '@canza/sandbox';

import { attemptKey, type Movement, tokenIn } from './operator.ts';

type Row<Read extends (filter?: never) => readonly unknown[]> = ReturnType<Read>[number];

/** The rows of operators' books, each in its own words, as money that moved. */

export const chargeAtMpesa = ({ callbackUrl = '', receipt, amountMinor }: Row<DarajaBooks['charges']>): Movement => ({
  kind: 'collection',
  key: tokenIn(callbackUrl) ?? '-',
  receipt,
  amountMinor,
});

export const payoutAtMpesa = (row: Row<DarajaBooks['payouts']>): Movement => ({
  kind: 'disbursement',
  key: attemptKey(row.originatorConversationId),
  receipt: row.receipt,
  amountMinor: row.amountMinor,
});

export const reversalAtMpesa = (row: Row<DarajaBooks['reversals']>): Movement => ({
  kind: 'refund',
  originalReceipt: row.originalReceipt,
  receipt: row.receipt,
  amountMinor: row.amountMinor,
});

export const movementAtMtn = (row: Row<MomoBooks['movements']>): Movement => ({
  kind: row.operation === 'refund' ? 'refund' : row.operation.startsWith('request-to') ? 'collection' : 'disbursement',
  key: attemptKey(row.referenceId),
  receipt: row.financialTransactionId,
  amountMinor: row.amountMinor,
});

export const collectionAtAirtel = (row: Row<AirtelBooks['collections']>): Movement => ({
  kind: 'collection',
  key: attemptKey(row.transactionId),
  receipt: row.airtelMoneyId,
  amountMinor: row.amountMinor,
});

export const payoutAtAirtel = (row: Row<AirtelBooks['payouts']>): Movement => ({
  kind: 'disbursement',
  key: attemptKey(row.transactionId),
  receipt: row.airtelMoneyId,
  amountMinor: row.amountMinor,
});

export const refundAtAirtel = (row: Row<AirtelBooks['refunds']>): Movement => ({
  kind: 'refund',
  originalReceipt: row.originalAirtelMoneyId,
  receipt: row.airtelMoneyId,
  amountMinor: row.amountMinor,
});
