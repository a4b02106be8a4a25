import { ConfigError, type CurrencyCode, exponentOf, parseMoney, parseMsisdn } from '@canza/core';
import type { InputSchema } from './menu.ts';

/** Ready inputs. Each is of the shape of a zod schema, so that one of your own can stand in its place. */

const REFUSED = { success: false } as const;
const accept = (data: string): { readonly success: true; readonly data: string } => ({ success: true, data });

/** Which amounts are taken. */
export interface AmountInputOptions {
  readonly currency: CurrencyCode;
  /** Decimal strings, both included. */
  readonly min?: string;
  readonly max?: string;
  /** Decimals that may be entered, with `.` or `,`. Default 0: most operators take whole amounts only. */
  readonly decimals?: number;
}

/**
 * An amount of money as a decimal string: `0500` reads as `500`, `12,5` as `12.5` where decimals are taken.
 * @throws ConfigError when a bound is no amount of that currency.
 */
export function amountInput({ currency, min, max, decimals = 0 }: AmountInputOptions): InputSchema {
  const bound = (value: string | undefined, field: string): bigint | undefined => {
    if (value === undefined) return undefined;
    try {
      return parseMoney(value, currency).amountMinor;
    } catch (error) {
      throw new ConfigError({ field, expected: `an amount of ${currency} as a decimal string` }, { cause: error });
    }
  };
  const least = bound(min, 'min') ?? 1n;
  const most = bound(max, 'max');
  const exponent = exponentOf(currency);
  const taken = Math.min(decimals, exponent);
  const form = taken === 0 ? /^\d{1,15}$/ : new RegExp(`^\\d{1,15}(?:[.,]\\d{1,${taken}})?$`);
  return {
    safeParse(value) {
      if (!form.test(value)) return REFUSED;
      const [whole = '0', fraction = ''] = value.split(/[.,]/);
      const minor = BigInt(whole + fraction.padEnd(exponent, '0'));
      if (minor < least || (most !== undefined && minor > most)) return REFUSED;
      const plain = whole.replace(/^0+(?=\d)/, '');
      return accept(fraction === '' ? plain : `${plain}.${fraction}`);
    },
  };
}

/** A phone number in E.164 with a plus. `country` is where a national form is meant; `only` restricts the countries. */
export function msisdnInput({
  country,
  only,
}: {
  readonly country: string;
  readonly only?: readonly string[];
}): InputSchema {
  return {
    safeParse(value) {
      try {
        const parsed = parseMsisdn(value, { country });
        return only === undefined || only.includes(parsed.country) ? accept(`+${parsed.msisdn}`) : REFUSED;
      } catch {
        return REFUSED;
      }
    },
  };
}

/** A number that is a name, such as a paybill, a till or a meter: digits only, zeros kept. */
export function digitsInput({ min, max }: { readonly min: number; readonly max: number }): InputSchema {
  return textInput({ min, max, pattern: /^\d+$/ });
}

/** Which text is taken. */
export interface TextInputOptions {
  /** Characters. Default 1. */
  readonly min?: number;
  /** Characters. Default 64, the longest entry there is. */
  readonly max?: number;
  /** Tried after the length, so that what a payer enters cannot make it slow by its length. */
  readonly pattern?: RegExp;
}

/** Free text within bounds. */
export function textInput({ min = 1, max = 64, pattern }: TextInputOptions = {}): InputSchema {
  // Without the flags that let one test change the next.
  const form = pattern === undefined ? undefined : new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
  return {
    safeParse: (value) =>
      value.length >= min && value.length <= max && (form === undefined || form.test(value)) ? accept(value) : REFUSED,
  };
}
