import { type CurrencyCode, exponentOf } from '@canza/core';

/** Whole units with thousands marks and two decimals, whatever the currency has: `37,600.00`. */
export function formatBalance(amountMinor: bigint, currency: CurrencyCode): string {
  const exponent = exponentOf(currency);
  const digits = (amountMinor < 0n ? -amountMinor : amountMinor).toString().padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent).replace(/\B(?=(?:\d{3})+$)/g, ',');
  const fraction = digits
    .slice(digits.length - exponent)
    .padEnd(2, '0')
    .slice(0, 2);
  return `${amountMinor < 0n ? '-' : ''}${whole}.${fraction}`;
}

/** The same without thousands marks, as in the texts of payouts: `19999.91`. */
export const formatPlain = (amountMinor: bigint, currency: CurrencyCode): string =>
  formatBalance(amountMinor, currency).replaceAll(',', '');
