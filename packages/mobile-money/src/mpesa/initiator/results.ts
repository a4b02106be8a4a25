import { type Finding, type IncomingCallback, InvalidCallbackError, redactText } from '@canza/core';

import { readJson } from '../../shared/reply.ts';
import { type ResultApi, resultOf } from '../status.ts';
import { ResultSchema } from './wire.ts';

/** A result, with its variants of spelling folded. Source: docs/providers/mpesa.md#results */
export interface InitiatorResult {
  readonly code: string;
  /** Redacted. */
  readonly description: string;
  /** Further messages follow, so this one decides nothing. */
  readonly isPreliminary: boolean;
  readonly conversationId?: string;
  /** The receipt of what was done; left out where Daraja only fills the field. */
  readonly transactionId?: string;
  /** A list, because keys repeat. */
  readonly parameters: readonly { readonly key: string; readonly value: unknown }[];
}

/** What Daraja puts into the field of a transaction that never was: `OAK0000000`. */
const PLACEHOLDER = /0{7}$/;

/**
 * Reads the result of any initiator API.
 * @throws InvalidCallbackError when the body is none.
 * Source: docs/providers/mpesa.md#results
 */
export function readResult(callback: Pick<IncomingCallback, 'body'>, provider: string): InitiatorResult {
  const read = ResultSchema.safeParse(readJson(callback));
  if (!read.success) throw new InvalidCallbackError('Not the body of an M-PESA result.', { provider });
  const { ResultType, ResultCode, ResultDesc, ConversationID, TransactionID, ResultParameters } = read.data.Result;
  return {
    code: ResultCode,
    description: redactText(ResultDesc),
    isPreliminary: ResultType === '1',
    parameters: (ResultParameters?.ResultParameter ?? []).map(({ Key, Value }) => ({ key: Key, value: Value })),
    ...(ConversationID === undefined ? {} : { conversationId: ConversationID }),
    ...(TransactionID === undefined || TransactionID === '' || PLACEHOLDER.test(TransactionID)
      ? {}
      : { transactionId: TransactionID }),
  };
}

/** The first value under a name. */
export const parameterOf = ({ parameters }: InitiatorResult, key: string): unknown =>
  parameters.find((parameter) => parameter.key === key)?.value;

/** What a result says about the payment that was asked for; `paid` adds what is known once it is made. */
export function findingOf(
  api: ResultApi,
  result: InitiatorResult,
  paid: () => Pick<Extract<Finding, { readonly status: 'succeeded' }>, 'receipt' | 'money'>,
): Finding {
  const told = { code: result.code, detail: result.description };
  if (result.isPreliminary) return { status: 'pending', ...told };
  const meaning = resultOf(api, result.code);
  return meaning.status === 'succeeded' ? { status: 'succeeded', ...told, ...paid() } : { ...meaning, ...told };
}
