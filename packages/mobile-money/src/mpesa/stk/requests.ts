import { ConfigError, type HttpRequest, InvalidRequestError, type SubmitRequest } from '@canza/core';

import type { MpesaConfig } from '../config.ts';
import { toEastAfricaTimestamp } from '../east-africa-time.ts';
import { callbackAddress, kenyanMobile, noteOf, post, wholeShillings } from '../fields.ts';
import type { StkPushBody, StkQueryBody } from './wire.ts';

const ACCOUNT_REFERENCE = /^[A-Za-z0-9]{1,12}$/;
const LONGEST_DESCRIPTION = 13;

/**
 * Builds the STK push that asks a customer to approve a collection on the handset.
 * @param nowMs Sent as East Africa Time to the second; the same text goes into the password.
 * @throws InvalidRequestError naming the field: an amount with a fraction of a shilling or below one, another currency than KES,
 * a number that is no Kenyan mobile, an account reference beyond 12 letters and digits, a callback address without TLS in
 * production.
 * Source: docs/providers/mpesa.md#stk-push
 */
export function buildStkPush(config: MpesaConfig, request: SubmitRequest, nowMs: number): HttpRequest {
  const payer = kenyanMobile(request.msisdn);
  const body: StkPushBody = {
    ...signature(config, nowMs),
    TransactionType: config.till === undefined ? 'CustomerPayBillOnline' : 'CustomerBuyGoodsOnline',
    Amount: wholeShillings(request.money),
    PartyA: payer,
    PartyB: config.till ?? config.shortcode,
    PhoneNumber: payer,
    CallBackURL: callbackAddress(request.callbackUrl, config.environment),
    AccountReference: accountReferenceOf(request),
    TransactionDesc: noteOf(request.description, LONGEST_DESCRIPTION),
  };
  return post(`${config.baseUrl}/mpesa/stkpush/v1/processrequest`, body);
}

/**
 * Builds the question what became of an STK push.
 * Source: docs/providers/mpesa.md#stk-query
 */
export function buildStkQuery(config: MpesaConfig, checkoutRequestId: string, nowMs: number): HttpRequest {
  const body: StkQueryBody = { ...signature(config, nowMs), CheckoutRequestID: checkoutRequestId };
  return post(`${config.baseUrl}/mpesa/stkpushquery/v1/query`, body);
}

/**
 * What the payer sees as the account: the caller's text, or the first 12 digits of our reference, which find the attempt again
 * in the operator's statement when every other id was lost.
 */
function accountReferenceOf({ accountReference, reference }: SubmitRequest): string {
  if (accountReference === undefined) return reference.slice(0, 12).toUpperCase();
  if (ACCOUNT_REFERENCE.test(accountReference)) return accountReference;
  throw new InvalidRequestError({ field: 'accountReference', expected: '1 to 12 letters and digits, as M-Pesa takes' });
}

function signature({ shortcode, passkey }: MpesaConfig, nowMs: number) {
  if (passkey === undefined) throw new ConfigError({ field: 'mpesa.passkey', expected: 'a passkey, to collect' });
  const timestamp = toEastAfricaTimestamp(nowMs);
  return {
    BusinessShortCode: Number(shortcode),
    Password: Buffer.from(shortcode + passkey + timestamp).toString('base64'),
    Timestamp: timestamp,
  };
}
