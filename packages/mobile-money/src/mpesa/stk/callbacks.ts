import {
  type CallbackReport,
  type Finding,
  type IncomingCallback,
  InvalidCallbackError,
  readOperatorAmount,
  redactText,
} from '@canza/core';

import { readJson } from '../../shared/reply.ts';
import { resultOf } from '../status.ts';
import { referencesOf } from './responses.ts';
import { StkCallbackSchema } from './wire.ts';

const WHOLE_MSISDN = /^254\d{9}$/;

/** What Daraja wants to read; it sends once whatever it reads. Source: docs/providers/mpesa.md#stk-callback */
export const CALLBACK_ACKNOWLEDGEMENT = {
  contentType: 'application/json',
  body: '{"ResultCode":0,"ResultDesc":"Accepted"}',
} as const;

/**
 * Reads the callback of an STK push. It is not signed, so it is a hint that a query confirms; whose it is, its address tells.
 * @throws InvalidCallbackError when it is not the body of an STK callback.
 * Source: docs/providers/mpesa.md#stk-callback
 */
export function parseStkCallback(callback: Pick<IncomingCallback, 'body'>, provider: string): CallbackReport {
  const read = StkCallbackSchema.safeParse(readJson(callback));
  if (!read.success) throw new InvalidCallbackError('Not the body of an STK callback.', { provider });
  const { ResultCode, ResultDesc, CallbackMetadata, ...ids } = read.data.Body.stkCallback;
  const told = { code: ResultCode, detail: redactText(ResultDesc), references: referencesOf(ids) };
  const valueOf = (name: string): unknown => CallbackMetadata?.Item.find(({ Name }) => Name === name)?.Value;
  const meaning = resultOf('stk', ResultCode);
  const msisdn = String(valueOf('PhoneNumber'));
  return {
    finding: meaning.status === 'succeeded' ? { ...told, ...paid(valueOf) } : { ...told, ...meaning },
    ...(WHOLE_MSISDN.test(msisdn) ? { msisdn } : {}),
    trust: 'hint',
    acknowledgement: CALLBACK_ACKNOWLEDGEMENT,
  };
}

function paid(valueOf: (name: string) => unknown): Extract<Finding, { readonly status: 'succeeded' }> {
  const receipt = valueOf('MpesaReceiptNumber');
  const money = readOperatorAmount(valueOf('Amount'), 'KES');
  return {
    status: 'succeeded',
    ...(typeof receipt === 'string' && receipt !== '' ? { receipt } : {}),
    ...(money === undefined ? {} : { money }),
  };
}
