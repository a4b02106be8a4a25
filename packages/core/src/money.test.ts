import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { CURRENCY_CODES, type CurrencyCode, exponentOf } from './currencies.ts';
import { InvalidRequestError } from './errors/request.ts';
import {
  decimalsNeeded,
  fitsDecimals,
  formatMoney,
  type Money,
  parseMoney,
  readOperatorAmount,
  sameMoney,
  toOperatorAmount,
} from './money.ts';

const kes = (amountMinor: bigint): Money => ({ currency: 'KES', amountMinor });
const currencies = fc.constantFrom(...CURRENCY_CODES);
const minor = fc.bigInt({ min: 1n, max: 10n ** 18n - 1n });
const money: fc.Arbitrary<Money> = fc.record({ currency: currencies, amountMinor: minor });

/** The words of a refusal. */
function refusalOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (InvalidRequestError.isInstance(error)) return `${error.field}: ${error.expected}`;
    throw error;
  }
  return 'accepted';
}

describe('an amount', () => {
  it.each<[string, CurrencyCode, bigint]>([
    ['1000.00', 'KES', 100_000n],
    ['1000', 'KES', 100_000n],
    ['1000.5', 'KES', 100_050n],
    ['0.01', 'KES', 1n],
    ['1000.5000', 'KES', 100_050n],
    ['1000', 'UGX', 1000n],
    ['1000.00', 'UGX', 1000n],
    ['1.234', 'TND', 1234n],
    ['1', 'TND', 1000n],
    ['0.001', 'LYD', 1n],
    ['9007199254740993.07', 'USD', 900_719_925_474_099_307n],
    ['9999999999999999.99', 'KES', 10n ** 18n - 1n],
  ])('of %s %s is %s minor units', (amount, currency, amountMinor) => {
    expect(parseMoney(amount, currency)).toEqual({ currency, amountMinor });
  });

  it.each([
    ['a number', 1000, 'never a number'],
    ['a float', 10.5, 'never a number'],
    ['a bigint', 1000n, 'never a number'],
    ['nothing', undefined, 'never a number'],
    ['null', null, 'never a number'],
    ['a boxed string', new String('10'), 'never a number'],
    ['an empty text', '', 'positive decimal string'],
    ['a sign', '-10.00', 'positive decimal string'],
    ['a plus', '+10.00', 'positive decimal string'],
    ['an exponent', '1e3', 'positive decimal string'],
    ['a thousands mark', '1,000.00', 'positive decimal string'],
    ['a decimal comma', '10,50', 'positive decimal string'],
    ['a blank', ' 10', 'positive decimal string'],
    ['a line end', '10\n', 'positive decimal string'],
    ['a leading zero', '010', 'positive decimal string'],
    ['no whole part', '.50', 'positive decimal string'],
    ['no fraction behind the point', '10.', 'positive decimal string'],
    ['hexadecimal', '0x10', 'positive decimal string'],
    ['Arabic-Indic digits', '١٠', 'positive decimal string'],
    ['NaN', 'NaN', 'positive decimal string'],
    ['Infinity', 'Infinity', 'positive decimal string'],
    ['too many digits', '9'.repeat(40), 'positive decimal string'],
    ['zero', '0', 'above zero'],
    ['zero with decimals', '0.00', 'above zero'],
    ['a third decimal', '10.005', 'at most 2 decimals, as KES has'],
    ['10^18 minor units', '10000000000000000.00', 'below 10^18'],
  ])('that is %s is refused', (_, amount, words) => {
    expect(refusalOf(() => parseMoney(amount, 'KES'))).toContain('amount: ');
    expect(refusalOf(() => parseMoney(amount, 'KES'))).toContain(words);
  });

  it('with any decimal is refused in a currency that has none', () => {
    expect(refusalOf(() => parseMoney('10.5', 'UGX'))).toBe('amount: no decimals, as UGX has');
    expect(refusalOf(() => parseMoney(10, 'UGX'))).toContain('such as "1000"');
    expect(refusalOf(() => parseMoney(10, 'TND'))).toContain('such as "1000.000"');
  });

  it('of zero is taken where that makes sense, such as a balance', () => {
    expect(parseMoney('0.00', 'KES', { allowZero: true })).toEqual(kes(0n));
  });

  it('in an unknown currency is refused before it is looked at', () => {
    expect(refusalOf(() => parseMoney(5, 'XXX'))).toContain('currency: ');
    expect(refusalOf(() => parseMoney('x', 'KES', { amount: 'total' }))).toContain('total: ');
    expect(refusalOf(() => parseMoney('1', 'x', { currency: 'toCurrency' }))).toContain('toCurrency: ');
  });

  it('is never a number on the way in or out', () => {
    fc.assert(
      fc.property(fc.double(), currencies, (value, currency) => {
        expect(refusalOf(() => parseMoney(value, currency))).toContain('never a number');
      }),
    );
    expect(typeof formatMoney(kes(1n))).toBe('string');
    expect(typeof parseMoney('1', 'KES').amountMinor).toBe('bigint');
  });
});

describe('money that is written', () => {
  it.each<[bigint, CurrencyCode, string]>([
    [100_000n, 'KES', '1000.00'],
    [5n, 'KES', '0.05'],
    [1000n, 'UGX', '1000'],
    [0n, 'UGX', '0'],
    [0n, 'KES', '0.00'],
    [1n, 'TND', '0.001'],
    [-5n, 'KES', '-0.05'],
    [-1000n, 'UGX', '-1000'],
  ])('%s minor units of %s are %s', (amountMinor, currency, text) => {
    expect(formatMoney({ currency, amountMinor })).toBe(text);
  });

  it('reads back as the same money, and is written the same again', () => {
    fc.assert(
      fc.property(money, (value) => {
        const text = formatMoney(value);
        const read = parseMoney(text, value.currency);
        expect(sameMoney(read, value)).toBe(true);
        expect(formatMoney(read)).toBe(text);
        expect(text.split('.')[1]?.length ?? 0).toBe(exponentOf(value.currency));
      }),
    );
  });

  it('is the same money only in the same currency', () => {
    expect(sameMoney(kes(1n), kes(1n))).toBe(true);
    expect(sameMoney(kes(1n), kes(2n))).toBe(false);
    expect(sameMoney(kes(1n), { currency: 'TZS', amountMinor: 1n })).toBe(false);
  });
});

describe('money as an operator takes it', () => {
  it.each<[string, CurrencyCode, number, string]>([
    ['10.00', 'KES', 0, '10'],
    ['10.50', 'KES', 2, '10.50'],
    ['10.50', 'KES', 1, '10.5'],
    ['1000', 'UGX', 2, '1000'],
    ['1000', 'UGX', 0, '1000'],
    ['1.250', 'TND', 2, '1.25'],
    ['1.250', 'TND', 3, '1.250'],
  ])('%s %s with %s decimals is %s', (amount, currency, decimals, text) => {
    expect(toOperatorAmount(parseMoney(amount, currency), decimals)).toBe(text);
  });

  it.each<[string, CurrencyCode, number, string]>([
    ['10.50', 'KES', 0, 'amount: a whole number of KES, as this operator takes: nearest are "10" and "11"'],
    ['0.50', 'KES', 0, 'amount: a whole number of KES, as this operator takes: nearest is "1"'],
    ['999.99', 'KES', 1, 'amount: at most 1 decimal, as this operator takes: nearest are "999.9" and "1000.0"'],
    ['1.255', 'TND', 2, 'amount: at most 2 decimals, as this operator takes: nearest are "1.25" and "1.26"'],
  ])('%s %s with %s decimals is refused, and what would do is said', (amount, currency, decimals, refusal) => {
    expect(refusalOf(() => toOperatorAmount(parseMoney(amount, currency), decimals))).toBe(refusal);
  });

  it('is never zero or less', () => {
    for (const amountMinor of [0n, -1n, -100n]) {
      expect(refusalOf(() => toOperatorAmount(kes(amountMinor), 0, 'sum'))).toBe('sum: an amount above zero');
    }
  });

  it('needs a number of decimals that makes sense', () => {
    for (const decimals of [-1, 0.5, Number.NaN, Infinity]) {
      expect(() => toOperatorAmount(kes(100n), decimals)).toThrow(/"decimals" is not usable/);
    }
  });

  it('fits where it would be written, and nowhere else', () => {
    fc.assert(
      fc.property(money, fc.integer({ min: 0, max: 4 }), (value, decimals) => {
        expect(decimalsNeeded(formatMoney(value)) <= decimals).toBe(fitsDecimals(value, decimals));
        expect(fitsDecimals(value, decimals)).toBe(refusalOf(() => toOperatorAmount(value, decimals)) === 'accepted');
      }),
    );
    expect(fitsDecimals(kes(1050n), 0)).toBe(false);
    expect(fitsDecimals(kes(1000n), 0)).toBe(true);
  });

  it('is the very same money, or refused with the amounts on both sides of it', () => {
    fc.assert(
      fc.property(money, fc.integer({ min: 0, max: 4 }), (value, decimals) => {
        const told = refusalOf(() => toOperatorAmount(value, decimals));
        const written =
          told === 'accepted'
            ? [toOperatorAmount(value, decimals)]
            : [...told.matchAll(/"([^"]+)"/g)].map(([, text]) => text);
        const read = written.map((text) => readOperatorAmount(text, value.currency)?.amountMinor);
        const step = 10n ** BigInt(Math.max(0, exponentOf(value.currency) - decimals));
        for (const text of written) expect(text?.split('.')[1]?.length ?? 0).toBeLessThanOrEqual(decimals);
        const expected =
          told === 'accepted'
            ? [value.amountMinor]
            : [value.amountMinor / step, value.amountMinor / step + 1n]
                .map((count) => count * step)
                .filter((amount) => amount > 0n);
        expect(read).toEqual(expected);
      }),
    );
  });
});

describe('an amount that an operator tells', () => {
  it.each<[unknown, CurrencyCode, bigint]>([
    [1.0, 'KES', 100n],
    [10, 'KES', 1000n],
    [10.5, 'KES', 1050n],
    ['5.00', 'UGX', 5n],
    ['300', 'KES', 30_000n],
    ['1.0', 'KES', 100n],
    [' 5.00 ', 'KES', 500n],
    [0, 'KES', 0n],
    ['0.00', 'KES', 0n],
    [1.234, 'TND', 1234n],
    [9999999999999.99, 'KES', 999_999_999_999_999n],
    ['9007199254740993', 'UGX', 9_007_199_254_740_993n],
  ])('as %s %s is understood', (told, currency, amountMinor) => {
    expect(readOperatorAmount(told, currency)).toEqual({ currency, amountMinor });
  });

  it('in the JSON of a callback loses nothing', () => {
    expect(readOperatorAmount(JSON.parse('{"Amount":1.00}').Amount, 'KES')).toEqual(kes(100n));
    expect(readOperatorAmount(JSON.parse('{"Amount":5e2}').Amount, 'KES')).toEqual(kes(50_000n));
  });

  it.each([
    ['a decimal that the currency lacks', 10.5, 'UGX'],
    ['a third decimal', '10.005', 'KES'],
    ['the dust of float arithmetic', 0.1 + 0.2, 'KES'],
    ['an exponent', 1e21, 'KES'],
    ['a tiny number', 1e-7, 'KES'],
    ['a number too long to be exact', 2 ** 53, 'UGX'],
    ['sixteen digits', 12345678901234.56, 'KES'],
    ['a number that stands for several amounts', 748096699743875, 'KES'],
    ['minus zero', -0, 'KES'],
    ['a negative number', -5, 'KES'],
    ['a negative text', '-5.00', 'KES'],
    ['NaN', Number.NaN, 'KES'],
    ['Infinity', Infinity, 'KES'],
    ['a thousands mark', '1,000.00', 'KES'],
    ['a currency in the text', 'KES 10', 'KES'],
    ['an empty text', '', 'KES'],
    ['nothing', undefined, 'KES'],
    ['null', null, 'KES'],
    ['a bigint', 10n, 'KES'],
    ['true', true, 'KES'],
    ['an object', { value: '10' }, 'KES'],
  ] as const)('as %s proves nothing', (_, told, currency) => {
    expect(readOperatorAmount(told, currency)).toBeUndefined();
  });

  it('is the amount that was written, as text and as a JSON number of up to 15 digits', () => {
    fc.assert(
      fc.property(currencies, fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }), (currency, amountMinor) => {
        const text = formatMoney({ currency, amountMinor });
        expect(readOperatorAmount(text, currency)).toEqual({ currency, amountMinor });
        expect(readOperatorAmount(JSON.parse(text), currency)).toEqual({ currency, amountMinor });
      }),
    );
  });

  it('is another amount never: a number is read exactly or not at all', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 10n ** 14n, max: 10n ** 18n }), (amountMinor) => {
        const read = readOperatorAmount(JSON.parse(formatMoney(kes(amountMinor))), 'KES');
        expect([undefined, amountMinor]).toContain(read?.amountMinor);
      }),
      { numRuns: 2000 },
    );
  });
});
