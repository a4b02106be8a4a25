import { type HttpRequest, InvalidRequestError, type Money, toOperatorAmount } from '@canza/core';

import type { VodacomMpesaConfig } from './config.ts';

/**
 * What the Open API takes in a field. Refused here is only what it surely refuses: shapes and lengths, never limits, which move.
 * Source: docs/providers/vodacom-mpesa.md#fields
 */

const HEADERS = { 'content-type': 'application/json', accept: 'application/json' } as const;
/** Portal numbers of the sandbox, each of which stands for an outcome. Source: docs/providers/vodacom-mpesa.md#sandbox */
const TEST_NUMBER = /^0{11}[1-9]$/;
const OWN_REFERENCE = /^[0-9A-Za-z]{1,40}$/;
const LONGEST_ACCOUNT = 20;
const LONGEST_NOTE = 256;

/** Francs and shillings go out whole, although they have cents on paper. */
const WHOLE: ReadonlySet<string> = new Set(['TZS', 'CDF']);
export const decimalsOf = (currency: string): number => (WHOLE.has(currency) ? 0 : 2);

/** A request with a JSON body. */
export const sendJson = (
  config: VodacomMpesaConfig,
  method: 'POST' | 'PUT',
  path: string,
  body: object,
): HttpRequest => ({
  method,
  url: config.baseUrl + path,
  headers: HEADERS,
  body: JSON.stringify(body),
});

/** A question: its fields go into the address. */
export const ask = (
  config: VodacomMpesaConfig,
  path: string,
  fields: Readonly<Record<string, string>>,
): HttpRequest => {
  const query = Object.keys(fields).length === 0 ? '' : `?${new URLSearchParams(fields).toString()}`;
  return { method: 'GET', url: config.baseUrl + path + query, headers: HEADERS };
};

/** @throws InvalidRequestError for another currency than the application's, or more decimals than it takes. */
export function amountOf({ currency }: VodacomMpesaConfig, money: Money): string {
  if (money.currency !== currency) throw new InvalidRequestError({ field: 'currency', expected: `"${currency}"` });
  return toOperatorAmount(money, decimalsOf(currency));
}

/** @throws InvalidRequestError naming `phoneNumber`, never the number. */
export function customerOf({ market, environment }: VodacomMpesaConfig, msisdn: string): string {
  if (market.msisdn.test(msisdn) || (environment === 'sandbox' && TEST_NUMBER.test(msisdn))) return msisdn;
  throw new InvalidRequestError({ field: 'phoneNumber', expected: `a mobile number of ${market.country}` });
}

/** @throws InvalidRequestError for what is no id of ours: 1 to 40 letters and digits. */
export function ownReference(reference: string, field = 'reference'): string {
  if (OWN_REFERENCE.test(reference)) return reference;
  throw new InvalidRequestError({ field, expected: '1 to 40 letters and digits' });
}

/**
 * What both sides see as the account or invoice: letters, digits and blanks; our reference, cut, where the caller has none.
 * @throws InvalidRequestError when more than 20 characters are left: cut, it would name another account.
 */
export function accountOf(account: string | undefined, reference: string): string {
  const plain = plainText(account ?? '');
  if (plain === '') return reference.slice(0, LONGEST_ACCOUNT);
  if (plain.length <= LONGEST_ACCOUNT) return plain;
  throw new InvalidRequestError({
    field: 'accountReference',
    expected: `at most ${LONGEST_ACCOUNT} letters, digits and blanks`,
  });
}

/** What was paid for. Nobody matches by it, so it is cut rather than refused; nothing gives way to `Payment`. */
export const noteOf = (text: string | undefined): string =>
  plainText(text ?? '')
    .slice(0, LONGEST_NOTE)
    .trim() || 'Payment';

/** Letters, digits and single blanks: accents are dropped, and a comma alone would have the payment refused. */
const plainText = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^A-Za-z0-9]+/g, ' ')
    .trim();
