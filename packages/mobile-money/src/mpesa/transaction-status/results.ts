import { type Finding, type ProviderReferences, readOperatorAmount, redactText } from '@canza/core';

import { type InitiatorResult, parameterOf } from '../initiator/results.ts';
import { resultOf } from '../status.ts';

/** The name under which an attempt keeps the ConversationID of the last question about it. */
export const STATUS_CONVERSATION = 'StatusConversationID';

/** And of the one before it, whose answer may still be on its way when another question is asked. */
export const EARLIER_STATUS_CONVERSATION = 'EarlierStatusConversationID';

/** Daraja found nothing under the id. */
const NOT_FOUND = 'SFC_IC0003';

/**
 * Reads the answer to a question about a transaction. The result code says only whether the question was answered; what became of
 * the transaction is a parameter of its own. A question that failed says nothing about the payment.
 * Source: docs/providers/mpesa.md#transaction-status
 */
export function readTransactionStatus(result: InitiatorResult): Finding {
  const told = { code: result.code, detail: result.description };
  if (result.isPreliminary) return { status: 'pending', ...told };
  if (result.code !== '0') return { status: result.code === NOT_FOUND ? 'not-found' : 'unknown', ...told };
  const status = parameterOf(result, 'TransactionStatus');
  if (typeof status !== 'string') return { status: 'unknown', ...told };
  const found = { code: status, detail: redactText(`The operator's status is ${status}.`) };
  const meaning = resultOf('transaction', status.trim().toLowerCase());
  if (meaning.status !== 'succeeded') return { ...meaning, ...found };
  const receipt = parameterOf(result, 'ReceiptNo');
  const money = readOperatorAmount(parameterOf(result, 'Amount'), 'KES');
  return {
    status: 'succeeded',
    ...found,
    ...(typeof receipt === 'string' && receipt !== '' ? { receipt } : {}),
    ...(money === undefined ? {} : { money }),
  };
}

/** Ids that only Daraja and we know: of the question, or the one before it, and of the payment as its acknowledgement named it. */
export function vouchersOfStatus(result: InitiatorResult): ProviderReferences {
  const original = parameterOf(result, 'ConversationID');
  return {
    ...(result.conversationId === undefined
      ? {}
      : {
          [STATUS_CONVERSATION]: result.conversationId,
          [EARLIER_STATUS_CONVERSATION]: result.conversationId,
        }),
    ...(typeof original === 'string' ? { ConversationID: original } : {}),
  };
}
