import { type CurrencyCode, exponentOf, isCurrencyCode, successorOf } from './currencies.ts';
import { decimalsAtMost, formatUnits, splitDecimal, toUnits } from './decimal.ts';
import { ConfigError, InvalidRequestError } from './errors/request.ts';

/**
 * Exact money: decimal strings outside, bigint minor units inside. There is no `number` here, and no rounding.
 */
export interface Money {
  readonly currency: CurrencyCode;
  /** In the smallest ISO 4217 unit: 1000 is KES 10.00, UGX 1000, TND 1.000. */
  readonly amountMinor: bigint;
}

/** Amounts stay below 10¹⁸ minor units: far above any payment, low enough for every 64-bit store. */
const LIMIT_MINOR = 10n ** 18n;

/** Below it, each amount is a JSON number of its own; from there on, one number stands for several. */
const EXACT_NUMBERS_MINOR = 10n ** 15n;

/**
 * Checks a currency code.
 * @throws InvalidRequestError for one that is not known, or was withdrawn (naming its successor).
 */
export function parseCurrency(value: unknown, field = 'currency'): CurrencyCode {
  if (isCurrencyCode(value)) return value;
  const successor = typeof value === 'string' ? successorOf(value) : undefined;
  throw new InvalidRequestError({
    field,
    expected:
      successor === undefined
        ? 'an ISO 4217 code in upper case, such as "KES"'
        : `a current code: it became ${successor}`,
  });
}

/**
 * Reads a decimal string into minor units.
 * Refused: a `number`, a sign, an exponent, a thousands mark, a leading zero or blank, more decimals than the currency has,
 * and (unless `allowZero`) zero.
 * @throws InvalidRequestError naming `field`.
 */
export function parseMoney(
  amount: unknown,
  currency: unknown,
  fields: { readonly amount?: string; readonly currency?: string; readonly allowZero?: boolean } = {},
): Money {
  const code = parseCurrency(currency, fields.currency);
  const field = fields.amount ?? 'amount';
  const exponent = exponentOf(code);
  const example = exponent === 0 ? '"1000"' : `"1000.${'0'.repeat(exponent)}"`;
  if (typeof amount !== 'string') {
    throw new InvalidRequestError({ field, expected: `a decimal string, such as ${example}, never a number` });
  }
  const split = splitDecimal(amount);
  if (split === undefined) {
    throw new InvalidRequestError({
      field,
      expected: `a positive decimal string without sign, exponent or thousands mark, such as ${example}`,
    });
  }
  const amountMinor = toUnits(split, exponent);
  if (amountMinor === undefined) {
    throw new InvalidRequestError({ field, expected: `${decimalsAtMost(exponent)}, as ${code} has` });
  }
  if (amountMinor === 0n && fields.allowZero !== true) {
    throw new InvalidRequestError({ field, expected: 'an amount above zero' });
  }
  if (amountMinor >= LIMIT_MINOR) {
    throw new InvalidRequestError({ field, expected: 'an amount below 10^18 minor units' });
  }
  return { currency: code, amountMinor };
}

/** Writes money with all the decimals of its currency: `1000.00` KES, `1000` UGX. Negative amounts keep their sign. */
export const formatMoney = ({ amountMinor, currency }: Money): string => formatUnits(amountMinor, exponentOf(currency));

/**
 * Writes money the way one operator takes it, `decimals` being what that operator accepts in that direction.
 * An operator's decimals may be fewer than the currency's (M-Pesa takes whole KES on collections) or more (MTN Uganda is
 * configured for two, UGX has none): an amount is never written with more than its currency has.
 * @throws InvalidRequestError with the nearest acceptable amounts, when the amount has more decimals: rounding is never ours.
 * Also for an amount that is not above zero.
 * @throws ConfigError when `decimals` is not a whole number from 0 on.
 */
export function toOperatorAmount(money: Money, decimals: number, field = 'amount'): string {
  if (!Number.isInteger(decimals) || decimals < 0) {
    throw new ConfigError({ field: 'decimals', expected: 'a whole number from 0 on' });
  }
  if (money.amountMinor <= 0n) throw new InvalidRequestError({ field, expected: 'an amount above zero' });
  const exponent = exponentOf(money.currency);
  if (decimals >= exponent) return formatMoney(money);
  const step = 10n ** BigInt(exponent - decimals);
  const steps = money.amountMinor / step;
  if (steps * step === money.amountMinor) return formatUnits(steps, decimals);
  const nearest = [steps, steps + 1n].filter((count) => count > 0n).map((count) => `"${formatUnits(count, decimals)}"`);
  const form = decimals === 0 ? `a whole number of ${money.currency}` : decimalsAtMost(decimals);
  throw new InvalidRequestError({
    field,
    expected: `${form}, as this operator takes: nearest ${nearest.length === 1 ? 'is' : 'are'} ${nearest.join(' and ')}`,
  });
}

/** Decimals that a written amount cannot do without: 0 for `1000.00`, 1 for `0.50`. */
export function decimalsNeeded(amount: string): number {
  const point = amount.indexOf('.');
  if (point < 0) return 0;
  let end = amount.length;
  while (amount.charCodeAt(end - 1) === 0x30) end -= 1;
  return end - point - 1;
}

/** Whether an operator that accepts so many decimals takes the amount as it is. */
export function fitsDecimals({ amountMinor, currency }: Money, decimals: number): boolean {
  const exponent = exponentOf(currency);
  return decimals >= exponent || amountMinor % 10n ** BigInt(exponent - decimals) === 0n;
}

/**
 * Reads an amount from an operator's reply or callback, which may carry it as text or as a JSON number with surplus zeros
 * (`1.00`, `"5.00"`, `10`, `"300"`). Returns `undefined` for anything that is not an exact amount in that currency, a number
 * that is too large to be exact among them: what is not understood proves nothing.
 */
export function readOperatorAmount(value: unknown, currency: CurrencyCode): Money | undefined {
  if (typeof value !== 'string' && (typeof value !== 'number' || Object.is(value, -0))) return undefined;
  const split = splitDecimal(typeof value === 'string' ? value.trim() : String(value));
  if (split === undefined) return undefined;
  const amountMinor = toUnits(split, exponentOf(currency));
  if (amountMinor === undefined || (typeof value === 'number' && amountMinor >= EXACT_NUMBERS_MINOR)) return undefined;
  return { currency, amountMinor };
}

/** Whether two amounts are the same money: equal, and of one currency. */
export const sameMoney = (left: Money, right: Money): boolean =>
  left.currency === right.currency && left.amountMinor === right.amountMinor;
