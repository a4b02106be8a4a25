import { InvalidRequestError } from './errors/request.ts';

/** Decimal text and whole units, exactly: no `number`, no rounding. */

const DECIMAL = /^(0|[1-9]\d{0,17})(?:\.(\d{1,18}))?$/;

/** The digits of a plain positive decimal before and behind its point; `undefined` for anything else. */
export function splitDecimal(text: string): { readonly whole: string; readonly fraction: string } | undefined {
  const [, whole, fraction = ''] = DECIMAL.exec(text) ?? [];
  return whole === undefined ? undefined : { whole, fraction };
}

/** Whole units of 10^-decimals, or `undefined` when there are more decimals than that; zeros at the end do not count. */
export function toUnits(
  { whole, fraction }: { readonly whole: string; readonly fraction: string },
  decimals: number,
): bigint | undefined {
  const significant = fraction.replace(/0+$/, '');
  return significant.length > decimals ? undefined : BigInt(whole + significant.padEnd(decimals, '0'));
}

/** Writes units with all their decimals: 1000 with two is `10.00`. Negative amounts keep their sign. */
export function formatUnits(units: bigint, decimals: number): string {
  const sign = units < 0n ? '-' : '';
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/**
 * Reads an amount of something that has so many decimals, such as an asset on a chain, into whole base units.
 * Refused: a `number`, a sign, an exponent, a thousands mark, a leading zero or blank, more decimals than there are, and zero.
 * @throws InvalidRequestError naming `field`.
 */
export function parseUnits(amount: unknown, decimals: number, field = 'amount'): bigint {
  const split = typeof amount === 'string' ? splitDecimal(amount) : undefined;
  if (split === undefined) {
    throw new InvalidRequestError({
      field,
      expected: 'a positive decimal string without sign, exponent or thousands mark, such as "500.00"',
    });
  }
  const units = toUnits(split, decimals);
  if (units === undefined) throw new InvalidRequestError({ field, expected: decimalsAtMost(decimals) });
  if (units === 0n) throw new InvalidRequestError({ field, expected: 'an amount above zero' });
  return units;
}

export const decimalsAtMost = (decimals: number): string =>
  decimals === 0 ? 'no decimals' : `at most ${decimals} decimal${decimals === 1 ? '' : 's'}`;
