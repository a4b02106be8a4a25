import type { JsonFields } from '../../wire.ts';
import { type CheckContext, type Checked, objectOf, type PaymentFields, readPayment } from '../fields.ts';
import { gatewayReply } from '../replies.ts';

/** Country and currency stand twice in it, and have to be the application's in both places. */
export function readCollection(fields: JsonFields, context: CheckContext): Checked<PaymentFields> {
  const { country, currency } = context.application;
  const subscriber = objectOf(fields['subscriber']);
  const transaction = objectOf(fields['transaction']);
  for (const place of [subscriber, transaction]) {
    if (place['country'] !== country) {
      return { ok: false, refusal: gatewayReply(400, 'ROUTER005', 'No route for this country') };
    }
    if (place['currency'] !== currency) {
      return { ok: false, refusal: gatewayReply(400, 'ROUTER112', 'Invalid currency') };
    }
  }
  return readPayment({ family: 'collection', transaction, party: subscriber, reference: fields['reference'] }, context);
}
