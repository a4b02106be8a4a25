import { type HttpRequest, InvalidRequestError, type Money, parseMoney, toOperatorAmount } from '@canza/core';

/**
 * What Daraja takes in a field. Refused here is only what it surely refuses: shapes and lengths, never ceilings, which move.
 * Source: docs/providers/mpesa.md#fields
 */

const KENYAN_MOBILE = /^254[17]\d{8}$/;
const SHORTCODE = /^[1-9]\d{4,6}$/;

/** A JSON request. Without the content type Daraja calls the first field invalid. */
export const post = (url: string, body: object): HttpRequest => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'application/json', accept: 'application/json' },
  body: JSON.stringify(body),
});

/** @throws InvalidRequestError for another currency, less than a shilling, or a fraction of one. */
export function wholeShillings(money: Money): string {
  if (money.currency !== 'KES') throw new InvalidRequestError({ field: 'currency', expected: '"KES"' });
  if (money.amountMinor < 100n) throw new InvalidRequestError({ field: 'amount', expected: 'at least "1" KES' });
  return toOperatorAmount(money, 0);
}

/** @throws InvalidRequestError for what is no decimal string of whole shillings. */
export const parseShillings = (amount: unknown): string => wholeShillings(parseMoney(amount, 'KES'));

/** @throws InvalidRequestError naming `field`, never the number. */
export function kenyanMobile(msisdn: string, field = 'phoneNumber'): string {
  if (KENYAN_MOBILE.test(msisdn)) return msisdn;
  throw new InvalidRequestError({ field, expected: 'a Kenyan mobile number, such as "+254712345678"' });
}

/** @throws InvalidRequestError naming `field`. */
export function parseShortcode(shortcode: string, field: string): string {
  if (SHORTCODE.test(shortcode)) return shortcode;
  throw new InvalidRequestError({ field, expected: 'a shortcode of 5 to 7 digits, such as "600984"' });
}

/**
 * A note for the records of the two parties. Nobody matches by it, so what does not fit is cut rather than refused: accents are
 * dropped, blanks joined. A note of less than two characters gives way to `Payment`.
 */
export function noteOf(text: string | undefined, longest: number): string {
  if (text === undefined) return 'Payment';
  const plain = text
    .normalize('NFKD')
    .replace(/\s+/g, ' ')
    .replace(/[^\x20-\x7e]/g, '');
  const cut = plain.trim().slice(0, longest).trim();
  return cut.length < 2 ? 'Payment' : cut;
}

/** @throws InvalidRequestError naming `field` for what is no address, or is one without TLS in production. */
export function callbackAddress(url: string, environment: 'sandbox' | 'production', field = 'callbackUrl'): string {
  if (URL.canParse(url) && (environment === 'sandbox' || url.startsWith('https://'))) return url;
  throw new InvalidRequestError({ field, expected: 'a public https address' });
}
