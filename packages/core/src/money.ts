import { type CurrencyCode, exponentOf, isCurrencyCode, WITHDRAWN_CURRENCIES } from './currencies.ts';
import { InvalidRequestError } from './errors/request.ts';

/**
 * Exact money: decimal strings outside, bigint minor units inside. There is no `number` here, and no rounding.
 */
export interface Money {
  readonly currency: CurrencyCode;
  /** In the smallest ISO 4217 unit: 1000 is KES 10.00, UGX 1000, TND 1.000. */
  readonly amountMinor: bigint;
}

const DECIMAL = /^(0|[1-9]\d{0,17})(?:\.(\d{1,18}))?$/;

/** 10¹⁸ minor units: far above any payment, low enough for every 64-bit store. */
const LARGEST_MINOR = 10n ** 18n;

/**
 * Checks a currency code.
 * @throws InvalidRequestError for one that is not known, or was withdrawn (naming its successor).
 */
export function parseCurrency(value: unknown, field = 'currency'): CurrencyCode {
  if (isCurrencyCode(value)) return value;
  const successor = typeof value === 'string' ? WITHDRAWN_CURRENCIES[value] : undefined;
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
  const match = DECIMAL.exec(amount);
  const [, whole, fraction = ''] = match ?? [];
  if (whole === undefined) {
    throw new InvalidRequestError({
      field,
      expected: `a positive decimal string without sign, exponent or thousands mark, such as ${example}`,
    });
  }
  const significant = fraction.replace(/0+$/, '');
  if (significant.length > exponent) {
    throw new InvalidRequestError({ field, expected: `at most ${exponent} decimals, as ${code} has` });
  }
  const amountMinor = BigInt(whole + significant.padEnd(exponent, '0'));
  if (amountMinor === 0n && fields.allowZero !== true) {
    throw new InvalidRequestError({ field, expected: 'an amount above zero' });
  }
  if (amountMinor > LARGEST_MINOR) {
    throw new InvalidRequestError({ field, expected: 'an amount below 10^18 minor units' });
  }
  return { currency: code, amountMinor };
}

/** Writes money with all the decimals of its currency: `1000.00` KES, `1000` UGX. Negative amounts keep their sign. */
export const formatMoney = ({ amountMinor, currency }: Money): string => formatMinor(amountMinor, exponentOf(currency));

/**
 * Writes money the way one operator takes it, `decimals` being what that operator accepts in that direction.
 * An operator's decimals may be fewer than the currency's (M-Pesa takes whole KES on collections) or more (MTN Uganda is
 * configured for two, UGX has none); trailing zeros are kept only up to `decimals`.
 * @throws InvalidRequestError with the nearest acceptable amounts, when the amount has more decimals: rounding is never ours.
 */
export function toOperatorAmount(money: Money, decimals: number, field = 'amount'): string {
  const exponent = exponentOf(money.currency);
  if (decimals >= exponent) return formatMoney(money);
  const step = 10n ** BigInt(exponent - decimals);
  const rest = money.amountMinor % step;
  if (rest !== 0n) {
    const below = formatMinor((money.amountMinor - rest) / step, decimals);
    const above = formatMinor((money.amountMinor - rest) / step + 1n, decimals);
    const form = decimals === 0 ? `a whole number of ${money.currency}` : `at most ${decimals} decimals`;
    throw new InvalidRequestError({
      field,
      expected: `${form}, as this operator takes: nearest are "${below}" and "${above}"`,
    });
  }
  return formatMinor(money.amountMinor / step, decimals);
}

/**
 * Reads an amount from an operator's reply or callback, which may carry it as text or as a JSON number with surplus zeros
 * (`1.00`, `"5.00"`, `10`, `"300"`). Returns `undefined` for anything that is not an exact amount in that currency: what is
 * not understood proves nothing.
 */
export function readOperatorAmount(value: unknown, currency: CurrencyCode): Money | undefined {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  if (typeof text !== 'string') return undefined;
  const match = DECIMAL.exec(text.trim());
  const [, whole, fraction = ''] = match ?? [];
  if (whole === undefined) return undefined;
  const exponent = exponentOf(currency);
  const significant = fraction.replace(/0+$/, '');
  if (significant.length > exponent) return undefined;
  return { currency, amountMinor: BigInt(whole + significant.padEnd(exponent, '0')) };
}

export const sameMoney = (left: Money, right: Money): boolean =>
  left.currency === right.currency && left.amountMinor === right.amountMinor;

function formatMinor(minor: bigint, decimals: number): string {
  const sign = minor < 0n ? '-' : '';
  const digits = (minor < 0n ? -minor : minor).toString().padStart(decimals + 1, '0');
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
