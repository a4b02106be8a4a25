import { type CallbackReport, type IncomingCallback, InvalidCallbackError } from '@canza/core';

import { readJson } from '../../shared/reply.ts';
import { findingOf } from './responses.ts';
import { PaymentStatusSchema } from './wire.ts';

/** MTN reads nothing in the answer. Source: docs/providers/mtn-momo.md#callbacks */
const CALLBACK_ACKNOWLEDGEMENT = { contentType: 'application/json', body: '{}' } as const;

const WHOLE_MSISDN = /^[1-9]\d{6,14}$/;

/**
 * Reads the callback of a request to pay, withdrawal request, transfer, deposit or refund: the same body that a status question
 * is answered with, as PUT or as POST. Nothing signs it and it may come from anywhere, so it is a hint that a query confirms.
 * @throws InvalidCallbackError when it is neither PUT nor POST, or not such a body.
 * Source: docs/providers/mtn-momo.md#callbacks
 */
export function parsePaymentCallback(
  callback: Pick<IncomingCallback, 'method' | 'body'>,
  provider: string,
): CallbackReport {
  if (callback.method !== 'PUT' && callback.method !== 'POST') {
    throw new InvalidCallbackError('MTN calls back with PUT or POST.', { provider });
  }
  const read = PaymentStatusSchema.safeParse(readJson(callback));
  if (!read.success) throw new InvalidCallbackError('Not the body of a payment callback.', { provider });
  const { payer, payee } = read.data;
  const party = payer ?? payee;
  return {
    finding: findingOf(read.data, payee == null ? 'they-pay' : 'we-pay'),
    ...(party?.partyIdType === 'MSISDN' && WHOLE_MSISDN.test(party.partyId) ? { msisdn: party.partyId } : {}),
    trust: 'hint',
    acknowledgement: CALLBACK_ACKNOWLEDGEMENT,
  };
}
