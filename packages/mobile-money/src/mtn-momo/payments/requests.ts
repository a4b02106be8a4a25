import { asUuid, type HttpRequest, InvalidRequestError, type SubmitRequest, toOperatorAmount } from '@canza/core';

import { buildCall } from '../calls.ts';
import type { MtnMomoConfig } from '../config.ts';
import { fitText } from '../text.ts';
import type { Party } from '../wire.ts';
import type { Resource, Way } from './ways.ts';
import type { CollectionBody, PayoutBody, RefundBody } from './wire.ts';

/** A payment in MTN's own terms. */
export interface PaymentOrder {
  /** `X-Reference-Id`: a UUID of version 4. */
  readonly reference: string;
  readonly body: CollectionBody | PayoutBody | RefundBody;
  readonly callbackUrl: string | undefined;
}

/** v1 and v2 take the same body; v2 is used where it exists. Source: docs/providers/mtn-momo.md#payments */
const CREATE_PATHS: Readonly<Record<Resource, string>> = {
  requesttopay: '/v1_0/requesttopay',
  requesttowithdraw: '/v2_0/requesttowithdraw',
  transfer: '/v1_0/transfer',
  deposit: '/v2_0/deposit',
  refund: '/v2_0/refund',
};

/** Builds the request that makes a payment. */
export const buildPayment = (
  config: MtnMomoConfig,
  { product, resource }: Pick<Way, 'product' | 'resource'>,
  { reference, body, callbackUrl }: PaymentOrder,
): HttpRequest =>
  buildCall(config, product, { method: 'POST', path: CREATE_PATHS[resource], reference, body, callbackUrl });

/** Builds the question what became of a payment; also of one that was made with v2. */
export const buildPaymentStatus = (
  config: MtnMomoConfig,
  { product, resource }: Pick<Way, 'product' | 'resource'>,
  reference: string,
): HttpRequest => buildCall(config, product, { method: 'GET', path: `/v1_0/${resource}/${reference}` });

/**
 * Puts an attempt into MTN's terms. Its reference goes out twice: as `X-Reference-Id`, which deduplicates, and as `externalId`,
 * the only field that comes back in callbacks and statements.
 * @throws InvalidRequestError naming the field: another currency than the environment's, more decimals than it has, a number of
 * another country, a refund that names no original.
 * Source: docs/providers/mtn-momo.md#payments
 */
export function orderOf(way: Way, request: SubmitRequest): PaymentOrder {
  const reference = asUuid(request.reference);
  const { currency, decimals } = way.route;
  if (request.money.currency !== currency) {
    throw new InvalidRequestError({ field: 'currency', expected: `"${currency}", the only one of this environment` });
  }
  const order = {
    amount: toOperatorAmount(request.money, decimals),
    currency,
    externalId: reference,
    ...notesOf(request),
  };
  return { reference, callbackUrl: request.callbackUrl, body: { ...order, ...partyOf(way, request) } };
}

function partyOf(
  way: Way,
  request: SubmitRequest,
): Pick<CollectionBody, 'payer'> | Pick<PayoutBody, 'payee'> | Pick<RefundBody, 'referenceIdToRefund'> {
  if (way.resource === 'refund') {
    if (request.original === undefined) {
      throw new InvalidRequestError({ field: 'original', expected: 'the collection that is given back' });
    }
    return { referenceIdToRefund: asUuid(request.original.reference) };
  }
  const party = walletOf(way, request.msisdn);
  return way.side === 'they-pay' ? { payer: party } : { payee: party };
}

const DIGITS = /^[1-9]\d{6,14}$/;

function walletOf({ callingCode = '', route }: Way, msisdn: string): Party {
  if (DIGITS.test(msisdn) && msisdn.startsWith(callingCode)) return { partyIdType: 'MSISDN', partyId: msisdn };
  throw new InvalidRequestError({
    field: 'phoneNumber',
    expected: callingCode === '' ? 'a whole number, such as "+46733123450"' : `a number of ${route.country}`,
  });
}

/**
 * The payer reads account and purpose, we read the account. Both are notes that nobody matches by, so what does not fit is left
 * out rather than refused.
 */
function notesOf({ accountReference, description }: SubmitRequest): { payerMessage?: string; payeeNote?: string } {
  const payerMessage = fitText([accountReference, description].filter(Boolean).join(' '));
  const payeeNote = fitText(accountReference ?? description ?? '');
  return {
    ...(payerMessage === '' ? {} : { payerMessage }),
    ...(payeeNote === '' ? {} : { payeeNote }),
  };
}
