import type { HttpRequest, Money } from '@canza/core';

import { buildCall, checkReference } from './calls.ts';
import type { MtnMomoConfig } from './config.ts';
import { moneyFields } from './input.ts';
import { fitText } from './text.ts';
import { withoutGaps } from './wire.ts';

/** A payment of a service provider's bill, with optional coupon and product. Source: docs/providers/mtn-momo.md#bill-payment */
export interface BillPaymentRequest {
  /** A UUID of version 4, yours: it deduplicates. Store it before the call, and never pay again under another one in doubt. */
  readonly reference: string;
  readonly externalTransactionId: string;
  readonly money: Money;
  /** The customer's number at the service provider: a meter, an account. */
  readonly customerReference: string;
  readonly serviceProviderUserName: string;
  readonly couponId?: string;
  readonly productId?: string;
  readonly productOfferingId?: string;
  readonly receiverMessage?: string;
  readonly senderNote?: string;
  readonly maxNumberOfRetries?: number;
  readonly includeSenderCharges?: boolean;
  readonly callbackUrl?: string;
}

/** @throws InvalidRequestError naming the field. */
export function buildBillPayment(config: MtnMomoConfig, request: BillPaymentRequest): HttpRequest {
  const { reference, callbackUrl, money, receiverMessage, senderNote, ...fields } = request;
  return buildCall(config, 'collection', {
    method: 'POST',
    path: '/v2_0/payment',
    reference: checkReference(reference),
    callbackUrl,
    body: {
      externalTransactionId: fields.externalTransactionId,
      money: moneyFields(config, money),
      customerReference: fields.customerReference,
      serviceProviderUserName: fields.serviceProviderUserName,
      ...withoutGaps({
        couponId: fields.couponId,
        productId: fields.productId,
        productOfferingId: fields.productOfferingId,
        receiverMessage: receiverMessage === undefined ? undefined : fitText(receiverMessage),
        senderNote: senderNote === undefined ? undefined : fitText(senderNote),
        maxNumberOfRetries: fields.maxNumberOfRetries,
        includeSenderCharges: fields.includeSenderCharges,
      }),
    },
  });
}

export const buildBillPaymentStatus = (config: MtnMomoConfig, reference: string): HttpRequest =>
  buildCall(config, 'collection', { method: 'GET', path: `/v2_0/payment/${checkReference(reference)}` });
