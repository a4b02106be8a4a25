import { type Finding, type IncomingCallback, InvalidCallbackError, readOperatorAmount, redactText } from '@canza/core';
import { z } from 'zod';
import { readJson } from '../../shared/reply.ts';
import { findingOf, type InitiatorResult, parameterOf } from '../initiator/results.ts';
import { resultOf } from '../status.ts';
import { CodeSchema } from '../wire.ts';

/**
 * Reads the result of a payment to a business.
 * Source: docs/providers/mpesa.md#business-payment
 */
export function readBusinessPaymentResult(result: InitiatorResult): Finding {
  const money = readOperatorAmount(parameterOf(result, 'Amount'), 'KES');
  return findingOf('b2b', result, () => ({
    ...(result.transactionId === undefined ? {} : { receipt: result.transactionId }),
    ...(money === undefined ? {} : { money }),
  }));
}

/** Flat, unlike every other result. */
const TillPromptSchema = z.object({
  resultCode: CodeSchema,
  resultDesc: z.string().default(''),
  amount: z.unknown().optional(),
  requestId: z.string().optional(),
  transactionId: z.string().optional(),
});

/**
 * Reads what the owner of a till did, and to which of our requests.
 * @throws InvalidCallbackError when the body is no such callback.
 * Source: docs/providers/mpesa.md#till-prompt
 */
export function readTillPromptCallback(callback: Pick<IncomingCallback, 'body'>, provider: string) {
  const read = TillPromptSchema.safeParse(readJson(callback));
  if (!read.success) throw new InvalidCallbackError('Not the callback of a prompt to a till.', { provider });
  const { resultCode: code, resultDesc, amount, requestId, transactionId: receipt } = read.data;
  const told = { code, detail: redactText(resultDesc) };
  const meaning = resultOf('till-prompt', code);
  const money = readOperatorAmount(amount, 'KES');
  const paid = { ...(receipt === undefined ? {} : { receipt }), ...(money === undefined ? {} : { money }) };
  const finding: Finding =
    meaning.status === 'succeeded' ? { status: 'succeeded', ...told, ...paid } : { ...meaning, ...told };
  return { finding, requestId };
}
