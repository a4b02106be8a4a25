import {
  type CallbackReport,
  type Finding,
  type IncomingCallback,
  InvalidCallbackError,
  type PaymentType,
  redactText,
} from '@canza/core';
import type { z } from 'zod';

import { readJson } from '../shared/reply.ts';
import { CONVERSATION_ID } from './responses.ts';
import { meaningOf, type OpenApiCall } from './status.ts';
import { conversationIdOf, ResultSchema, transactionIdOf } from './wire.ts';

/** What our references look like: 32 hex digits. */
const ATTEMPT = /^[0-9a-f]{32}$/;

const CALLS: Readonly<Record<PaymentType, OpenApiCall>> = {
  collection: 'collection',
  disbursement: 'payout',
  remittance: 'payment',
  refund: 'reversal',
};

export const callOf = (type: PaymentType | undefined): OpenApiCall => (type === undefined ? 'payment' : CALLS[type]);

/**
 * Reads the result of a payment. Nothing signs it and it comes to an address that is no secret, so it is a hint, unless it names the
 * conversation id that the acknowledgement told us alone.
 * @throws InvalidCallbackError when it is neither POST nor PUT, or not such a body.
 * Source: docs/providers/vodacom-mpesa.md#results
 */
export function parseResult(
  callback: Pick<IncomingCallback, 'method' | 'body' | 'type'>,
  provider: string,
): CallbackReport {
  const result = readResult(callback, provider);
  const conversation = conversationIdOf(result.input_OriginalConversationID);
  return {
    finding: findingOf(result, callOf(callback.type)),
    trust: 'hint',
    ...(conversation === undefined ? {} : { vouchers: { [CONVERSATION_ID]: conversation } }),
    acknowledgement: {
      contentType: 'application/json',
      body: JSON.stringify({
        output_OriginalConversationID: result.input_OriginalConversationID,
        output_ResponseCode: '0',
        output_ResponseDesc: 'Successfully Accepted Result',
        output_ThirdPartyConversationID: result.input_ThirdPartyConversationID,
      }),
    },
  };
}

/**
 * Our reference in a result, which comes to one address for all payments of the application.
 * @throws InvalidCallbackError as {@link parseResult} does.
 */
export function attemptNamedBy(
  callback: Pick<IncomingCallback, 'method' | 'body'>,
  provider: string,
): string | undefined {
  const { input_ThirdPartyConversationID: reference } = readResult(callback, provider);
  return ATTEMPT.test(reference) ? reference : undefined;
}

function findingOf(result: z.output<typeof ResultSchema>, call: OpenApiCall): Finding {
  const code = result.input_ResultCode;
  const told = { code, detail: redactText(result.input_ResultDesc ?? '') };
  const meaning = meaningOf(call, 'result', code);
  switch (meaning.status) {
    case 'succeeded': {
      // Kept as a receipt alone: an id to ask with, or to reverse by, is only taken from the operator itself.
      const receipt = transactionIdOf(result.input_TransactionID);
      return { status: 'succeeded', ...told, ...(receipt === undefined ? {} : { receipt }) };
    }
    case 'failed':
      return { ...meaning, ...told };
    case 'duplicate':
    case 'unknown':
      return { status: 'unknown', ...told };
  }
}

function readResult(
  callback: Pick<IncomingCallback, 'method' | 'body'>,
  provider: string,
): z.output<typeof ResultSchema> {
  if (callback.method !== 'POST' && callback.method !== 'PUT') {
    throw new InvalidCallbackError('The Open API calls back with POST or PUT.', { provider });
  }
  const read = ResultSchema.safeParse(readJson(callback));
  if (!read.success) throw new InvalidCallbackError('Not the result of a payment.', { provider });
  return read.data;
}
