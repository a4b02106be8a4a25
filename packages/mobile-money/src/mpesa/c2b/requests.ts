import { type HttpRequest, InvalidRequestError } from '@canza/core';

import type { MpesaConfig } from '../config.ts';
import { callbackAddress, kenyanMobile, parseShillings, post } from '../fields.ts';

/** Where M-Pesa announces payments that customers start by themselves. */
export interface PaymentNotices {
  /** Asked before the money moves, where Safaricom has turned external validation on for the short code. */
  readonly validationUrl: string;
  /** Told once the money has moved. */
  readonly confirmationUrl: string;
  /** What M-Pesa does when the validation address does not answer within about eight seconds. */
  readonly withoutAnswer: 'complete' | 'cancel';
}

/** A customer's payment that the sandbox is to play. */
export interface SimulatedPayment {
  /** Decimal string, whole KES. */
  readonly amount: string;
  readonly msisdn: string;
  /** What the customer types as the account; left out for a till. */
  readonly account?: string;
}

/** Daraja refuses an address that has one of these in it. Source: docs/providers/mpesa.md#callback-address */
const REFUSED_WORDS = /m-?pesa|safaricom|exec?|cmd|sql|query/i;

/**
 * Builds the registration of the two addresses. In production it can be done once; later changes are made in the portal.
 * @throws InvalidRequestError naming the address: without TLS in production, or with a word in it that Daraja refuses.
 * Source: docs/providers/mpesa.md#c2b
 */
export function buildUrlRegistration(config: MpesaConfig, notices: PaymentNotices): HttpRequest {
  const address = (field: 'validationUrl' | 'confirmationUrl'): string => {
    const url = callbackAddress(notices[field], config.environment, field);
    const word = REFUSED_WORDS.exec(url)?.[0];
    if (word === undefined) return url;
    throw new InvalidRequestError({ field, expected: `an address without "${word}" in it, which Daraja refuses` });
  };
  return post(`${config.baseUrl}/mpesa/c2b/v2/registerurl`, {
    ShortCode: config.till ?? config.shortcode,
    ResponseType: notices.withoutAnswer === 'complete' ? 'Completed' : 'Cancelled',
    ConfirmationURL: address('confirmationUrl'),
    ValidationURL: address('validationUrl'),
  });
}

/**
 * Builds a payment that the sandbox plays.
 * @throws InvalidRequestError naming the field.
 * Source: docs/providers/mpesa.md#c2b
 */
export function buildSimulation(config: MpesaConfig, { amount, msisdn, account }: SimulatedPayment): HttpRequest {
  const isTill = account === undefined;
  return post(`${config.baseUrl}/mpesa/c2b/v2/simulate`, {
    ShortCode: Number(config.till ?? config.shortcode),
    CommandID: isTill ? 'CustomerBuyGoodsOnline' : 'CustomerPayBillOnline',
    Amount: Number(parseShillings(amount)),
    Msisdn: Number(kenyanMobile(msisdn, 'msisdn')),
    ...(isTill ? {} : { BillRefNumber: account }),
  });
}
