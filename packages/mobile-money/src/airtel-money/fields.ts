import { InvalidRequestError, type Money, toOperatorAmount } from '@canza/core';

import { COUNTRIES } from '../directory/countries.ts';
import type { AirtelMoneyConfig } from './config.ts';

/** What Airtel takes in a field. Source: docs/providers/airtel-money.md#fields */

/** Decimal digits that a JSON number holds for sure, on both sides. */
const EXACT_DIGITS = 15;

/**
 * Writes an amount as the JSON number that Airtel wants.
 * @throws InvalidRequestError for another currency than the application's, more decimals than are taken, and an amount that a JSON
 * number does not hold exactly.
 */
export function amountNumber(
  money: Money,
  { currency }: Pick<AirtelMoneyConfig, 'currency'>,
  decimals: number,
): number {
  if (money.currency !== currency) {
    throw new InvalidRequestError({ field: 'currency', expected: `"${currency}", the one of this application` });
  }
  const text = toOperatorAmount(money, decimals);
  if (text.replace('.', '').length > EXACT_DIGITS) {
    throw new InvalidRequestError({ field: 'amount', expected: `an amount of at most ${EXACT_DIGITS} digits` });
  }
  return Number(text);
}

const DIGITS = /^\d+$/;

/**
 * The number as Airtel wants it: without the country code, and with a zero where that belongs to it, as in Congo.
 * @throws InvalidRequestError naming `phoneNumber`, never the number.
 */
export function nationalNumber(msisdn: string, { country }: Pick<AirtelMoneyConfig, 'country'>): string {
  const { callingCode, digits, name } = COUNTRIES[country];
  const national = msisdn.slice(callingCode.length);
  if (msisdn.startsWith(callingCode) && DIGITS.test(national) && digits.includes(national.length)) return national;
  throw new InvalidRequestError({
    field: 'phoneNumber',
    expected: `a number of ${name}: +${callingCode} and ${digits.join(' or ')} digits`,
  });
}

const SHORTEST_NOTE = 4;
const LONGEST_NOTE = 25;

/**
 * A note that every version takes: 4 to 25 letters and digits. The payer reads it and nobody matches by it, so what does not fit is
 * left out rather than refused.
 */
export function noteOf({ accountReference, description }: { accountReference?: string; description?: string }): string {
  const plain = (accountReference ?? description ?? '')
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, LONGEST_NOTE);
  return plain.length < SHORTEST_NOTE ? 'Payment' : plain;
}
