import { exponentOf, InvalidRequestError, type Money, toOperatorAmount } from '@canza/core';

import type { MtnMomoConfig } from './config.ts';
import { MARKETS, SANDBOX_CURRENCY } from './markets.ts';

/** What a caller hands to the calls beyond the port: checked here, because no bridge has read it before. */

const DIGITS = /^[1-9]\d{6,14}$/;

/** @throws InvalidRequestError naming `field`, never the number. */
export function checkMsisdn(msisdn: string, field = 'msisdn'): string {
  if (DIGITS.test(msisdn)) return msisdn;
  throw new InvalidRequestError({ field, expected: 'a whole number without a plus, such as "256772123456"' });
}

/**
 * An amount as MTN takes it.
 * @throws InvalidRequestError for another currency than the environment's, and for an amount that is not above zero.
 */
export function moneyFields({ targetEnvironment }: MtnMomoConfig, money: Money): { amount: string; currency: string } {
  const currency = targetEnvironment === 'sandbox' ? SANDBOX_CURRENCY : MARKETS[targetEnvironment].currency;
  if (money.currency !== currency) {
    throw new InvalidRequestError({ field: 'currency', expected: `"${currency}", the only one of this environment` });
  }
  return { amount: toOperatorAmount(money, exponentOf(currency)), currency };
}
