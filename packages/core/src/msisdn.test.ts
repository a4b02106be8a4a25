import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { PaymentError } from './errors/base.ts';
import { maskMsisdn, type ParsedMsisdn, parseMsisdn } from './msisdn.ts';

const parse = (typed: string, country?: string): ParsedMsisdn => parseMsisdn(typed, { country });
const msisdnOf = (typed: string, country?: string): string => parse(typed, country).msisdn;

/** The error that a number is refused with. */
function refusalOf(value: unknown, country?: string): PaymentError & { readonly field?: string } {
  try {
    parseMsisdn(value, { country });
  } catch (error) {
    if (PaymentError.isInstance(error)) return error;
    throw error;
  }
  throw new Error(`${String(value)} was accepted`);
}

/** An example of each plan that is served, national form as people write it. */
const NATIONAL_FORMS: readonly (readonly [country: string, typed: string, msisdn: string])[] = [
  ['AO', '923 123 456', '244923123456'],
  ['BF', '01 23 45 67', '22601234567'],
  ['BF', '70 12 34 56', '22670123456'],
  ['BI', '79 56 12 34', '25779561234'],
  ['BJ', '01 97 12 34 56', '2290197123456'],
  ['BW', '71 123 456', '26771123456'],
  ['CD', '0991 234 567', '243991234567'],
  ['CF', '70 01 23 45', '23670012345'],
  ['CG', '06 612 3456', '242066123456'],
  ['CI', '05 01 23 45 67', '2250501234567'],
  ['CM', '6 71 23 45 67', '237671234567'],
  ['EG', '0100 123 4567', '201001234567'],
  ['ET', '091 123 4567', '251911234567'],
  ['GA', '077 12 34 56', '24177123456'],
  ['GH', '0201234567', '233201234567'],
  ['GM', '301 2345', '2203012345'],
  ['GN', '601 12 34 56', '224601123456'],
  ['KE', '0712 345 678', '254712345678'],
  ['KE', '0112345678', '254112345678'],
  ['LR', '077 012 3456', '231770123456'],
  ['LS', '5012 3456', '26650123456'],
  ['MG', '032 12 345 67', '261321234567'],
  ['ML', '65 01 23 45', '22365012345'],
  ['MW', '0991 23 45 67', '265991234567'],
  ['MZ', '82 123 4567', '258821234567'],
  ['NE', '93 12 34 56', '22793123456'],
  ['NG', '0802 123 4567', '2348021234567'],
  ['RW', '0720 123 456', '250720123456'],
  ['SC', '2 510 123', '2482510123'],
  ['SL', '077123456', '23277123456'],
  ['SL', '076123456', '23276123456'],
  ['SN', '70 123 45 67', '221701234567'],
  ['SO', '7 1123456', '25271123456'],
  ['SS', '0977 123 456', '211977123456'],
  ['SZ', '7612 3456', '26876123456'],
  ['TD', '63 01 23 45', '23563012345'],
  ['TG', '90 11 23 45', '22890112345'],
  ['TN', '20 123 456', '21620123456'],
  ['TZ', '0621 234 567', '255621234567'],
  ['UG', '0724 123 456', '256724123456'],
  ['ZA', '071 123 4567', '27711234567'],
  ['ZM', '095 5123456', '260955123456'],
  ['ZW', '071 234 5678', '263712345678'],
];

describe('a national number', () => {
  it.each(NATIONAL_FORMS)('of %s written %s is %s', (country, typed, msisdn) => {
    expect(parse(typed, country)).toMatchObject({ msisdn, country, knownRange: true, assumptions: [] });
  });

  it('keeps the zero that belongs to it, and loses the one that is dialled', () => {
    expect(parse('05 01 23 45 67', 'CI').national).toBe('0501234567');
    expect(parse('06 612 3456', 'CG').national).toBe('066123456');
    expect(parse('0712 345 678', 'KE').national).toBe('712345678');
    expect(parse('077 12 34 56', 'GA').national).toBe('77123456');
  });

  it('is taken without its trunk zero', () => {
    expect(msisdnOf('712345678', 'KE')).toBe('254712345678');
    expect(msisdnOf('712345678', 'UG')).toBe('256712345678');
  });

  it('without a country is refused: nobody knows whose it is', () => {
    expect(refusalOf('0712345678').message).toContain('international form');
    expect(refusalOf('712345678').message).toContain('international form');
  });

  it('in Arabic-Indic, Persian or full-width digits is the same number', () => {
    for (const typed of ['٠٧١٢٣٤٥٦٧٨', '۰۷۱۲۳۴۵۶۷۸', '０７１２３４５６７８', '＋２５４７１２３４５６７８']) {
      expect(msisdnOf(typed, 'KE')).toBe('254712345678');
    }
  });

  it('may carry any separator, and the invisible marks of a copied contact', () => {
    for (const typed of [
      '0712-345-678',
      '0712.345.678',
      '(0712) 345/678',
      '\u202a0712\u00a0345\u2011678\u202c',
      '0712\u200b345678\t',
    ]) {
      expect(msisdnOf(typed, 'KE')).toBe('254712345678');
    }
  });
});

describe('an international number', () => {
  it.each([
    ['+254712345678', undefined],
    ['+254 (0)712 345 678', undefined],
    ['00254712345678', undefined],
    ['000254712345678', undefined],
    ['254712345678', undefined],
    ['254712345678', 'UG'],
    ['+254712345678', 'UG'],
    ['254712345678', 'KE'],
  ])('written %s by a caller in %s is the Kenyan number', (typed, country) => {
    expect(parse(typed, country)).toMatchObject({ msisdn: '254712345678', country: 'KE', knownRange: true });
  });

  it.each([
    ['000', 'KE'],
    ['00', 'KE'],
    ['009', 'NG'],
    ['00', 'NG'],
    ['000', 'TZ'],
    ['005', 'TZ'],
    ['006', 'TZ'],
    ['00', 'TZ'],
    ['000', 'UG'],
    ['005', 'UG'],
    ['007', 'UG'],
    ['00', 'UG'],
    ['00', 'ZM'],
  ])('is reached behind %s, as dialled in %s', (prefix, country) => {
    expect(msisdnOf(`${prefix}256772123456`, country)).toBe('256772123456');
    expect(msisdnOf(`${prefix}250788123456`, country)).toBe('250788123456');
  });

  it('is not read behind the dialled prefix of another country', () => {
    // 009 is Nigeria's: elsewhere it would be 00 and the 9x of Asia.
    expect(refusalOf('009256772123456', 'KE').message).toContain('KE');
  });

  it('forgives a trunk zero behind the country code, and says so', () => {
    for (const typed of ['+254 0712345678', '2540712345678', '00254 0712345678']) {
      const { msisdn, assumptions } = parse(typed);
      expect(msisdn).toBe('254712345678');
      expect(assumptions).toContain('a zero behind the country code was removed');
    }
  });

  it('keeps a zero behind the country code that belongs to the number, and assumes nothing', () => {
    expect(parse('+242 06 612 3456')).toMatchObject({ msisdn: '242066123456', assumptions: [] });
    expect(parse('+225 05 01 23 45 67')).toMatchObject({ msisdn: '2250501234567', assumptions: [] });
  });

  it('does not forgive that zero where the rest is no known number', () => {
    expect(refusalOf('+2540212345678').code).toBe('INVALID_REQUEST');
  });

  it('without a plus is taken, and says so', () => {
    expect(parse('254712345678').assumptions).toEqual(['the country code was read without a plus']);
    expect(parse('+254712345678').assumptions).toEqual([]);
  });

  it('from outside Africa is taken: operators test with such numbers', () => {
    expect(parse('+46733123453')).toMatchObject({ msisdn: '46733123453', country: 'SE' });
    expect(msisdnOf('46733123453', 'SE')).toBe('46733123453');
  });

  it('of an unknown range is taken with a warning', () => {
    expect(parse('+254999999999')).toMatchObject({ msisdn: '254999999999', knownRange: false });
    expect(parse('0999999999', 'KE')).toMatchObject({ msisdn: '254999999999', knownRange: false });
    expect(parse('254999999999', 'KE')).toMatchObject({ msisdn: '254999999999', knownRange: false });
  });
});

describe('a number that comes whole, with a plus and without gaps', () => {
  it('is what the library reads in it, though the library is not asked', () => {
    const codes = [...new Set(NATIONAL_FORMS.map(([, , msisdn]) => msisdn.slice(0, 3)))];
    const numbers = fc.tuple(fc.constantFrom(...codes, '212', '1', '44', '971'), fc.stringMatching(/^[0-9]{6,11}$/));
    const outcomeOf = (typed: string): unknown => {
      try {
        return { ...parseMsisdn(typed) };
      } catch (error) {
        return PaymentError.isInstance(error) ? error.message : error;
      }
    };
    fc.assert(
      fc.property(numbers, ([code, rest]) => {
        // A gap calls for the library.
        expect(outcomeOf(`+${code}${rest}`)).toEqual(outcomeOf(`+${code} ${rest}`));
      }),
      { seed: 20, numRuns: 5000 },
    );
  });
});

describe('a number of a plan that has ended', () => {
  it.each(['97123456', '+22997123456', '0022997123456'])('in Benin, %s, is given its new first digits', (typed) => {
    const { msisdn, assumptions } = parse(typed, 'BJ');
    expect(msisdn).toBe('2290197123456');
    expect(assumptions).toContain('the old number of 8 digits was given "01" in front');
  });

  it('is also rewritten when it is dialled from Tanzania', () => {
    expect(msisdnOf('00522997123456', 'TZ')).toBe('2290197123456');
  });

  it('is not made of a new Beninese number that lacks two digits', () => {
    expect(refusalOf('01971234', 'BJ').code).toBe('INVALID_REQUEST');
    expect(refusalOf('+22901971234').code).toBe('INVALID_REQUEST');
  });

  it.each(['01234567', '+22501234567', '22501234567', '0022501234567'])(
    'in Côte d’Ivoire, %s, is refused with the reason: it does not tell the operator',
    (typed) => {
      expect(refusalOf(typed, 'CI').message).toContain('do not tell the operator');
    },
  );

  it.each(['07123456', '06123456', '+24107123456'])(
    'in Gabon, %s, is refused: it may be a new one that lacks a digit',
    (typed) => {
      expect(refusalOf(typed, 'GA').message).toContain('plan of 2019');
    },
  );
});

describe('what is no number of anybody', () => {
  it.each([
    ['nothing', ''],
    ['blanks', '   '],
    ['a URI', 'tel:+255;ext=1'],
    ['30 digits', '712345678'.repeat(4).slice(0, 30)],
    ['a megabyte', '7'.repeat(1_000_000)],
    ['letters among the digits', '0712 345 67x'],
    ['two pluses', '++254712345678'],
    ['a plus within', '254+712345678'],
    ['a plus and a trunk zero', '+0712345678'],
    ['one digit too few', '+25471234567'],
    ['one digit too many', '+2547123456789'],
    ['one digit too few, national', '071234567'],
    ['a zero where the country has none', '+2582812345678'],
    ['a number', 254712345678],
    ['a bigint', 254712345678n],
    ['null', null],
    ['undefined', undefined],
    ['an object', { toString: () => '+254712345678' }],
  ])('%s is refused', (_, value) => {
    expect(refusalOf(value)).toMatchObject({ code: 'INVALID_REQUEST', field: 'phoneNumber', moneyMoved: 'no' });
    expect(refusalOf(value, 'KE')).toMatchObject({ code: 'INVALID_REQUEST', field: 'phoneNumber' });
  });

  it('a Zimbabwean number with a digit too many is not taken for a fixed line', () => {
    expect(refusalOf('+2637712345678').code).toBe('INVALID_REQUEST');
  });

  it('seven digits do not become a fixed line of Madagascar', () => {
    expect(refusalOf('4123456', 'MG').code).toBe('INVALID_REQUEST');
  });

  it.each([
    ['070841778', 'TZ'],
    ['088608650', 'UG'],
    ['083120961', 'ZM'],
    ['0139492023', 'NG'],
    ['+255070841778', 'TZ'],
    ['00101234567', 'EG'],
  ])('a digit too few is not made up for by keeping the trunk zero: %s in %s', (typed, country) => {
    expect(refusalOf(typed, country).code).toBe('INVALID_REQUEST');
  });

  it('a national number with a slip in it does not become one in Denmark or Korea', () => {
    expect(refusalOf('4520123456', 'KE').code).toBe('INVALID_REQUEST');
    expect(msisdnOf('+4520123456', 'KE')).toBe('4520123456');
    expect(refusalOf('16821012345678', 'TD').code).toBe('INVALID_REQUEST');
  });

  it('a text that reads in two ways is refused rather than guessed at', () => {
    // A number of Ohio, or one of the Gambia without its plus.
    expect(refusalOf('2203012345', 'US').message).toContain('one way only');
    expect(msisdnOf('+2203012345', 'US')).toBe('2203012345');
    expect(msisdnOf('+12203012345', 'US')).toBe('12203012345');
  });

  it('an unknown country is refused by the name of its own field', () => {
    for (const country of ['ke', 'Kenya', 'XX', '']) {
      expect(refusalOf('0712345678', country)).toMatchObject({ field: 'country' });
    }
  });

  it('the error names the field that the caller gave', () => {
    expect(() => parseMsisdn('x', { field: 'recipient.phone' })).toThrow(/"recipient\.phone"/);
  });
});

describe('every number', () => {
  const digits = fc.stringMatching(/^[0-9]{6,15}$/);
  const countries = fc.constantFrom(...new Set(NATIONAL_FORMS.map(([country]) => country)), undefined);

  it('that was parsed is parsed to itself again', () => {
    const typed = fc.oneof(
      fc.tuple(digits, countries),
      fc.constantFrom(...NATIONAL_FORMS).chain(([country, form]) =>
        fc.tuple(
          fc.stringMatching(/^[0-9]{4}$/).map((end) => form.replace(/\d{2} ?\d ?\d$/, end)),
          fc.constant(country),
        ),
      ),
    );
    let taken = 0;
    fc.assert(
      fc.property(typed, ([text, country]) => {
        let first: ParsedMsisdn;
        try {
          first = parse(text, country);
        } catch {
          return;
        }
        taken += 1;
        expect(first.msisdn).toMatch(/^[1-9]\d{5,14}$/);
        expect(first.msisdn.endsWith(first.national)).toBe(true);
        const forms = [`+${first.msisdn}`, `+${first.msisdn.replace(/(\d{3})/g, '$1 ')}`];
        if (first.knownRange) forms.push(`00${first.msisdn}`);
        for (const form of forms) {
          expect(parse(form)).toEqual({ ...first, assumptions: [] });
        }
      }),
      { numRuns: 1000 },
    );
    expect(taken).toBeGreaterThan(200);
  });

  it('has no digit that was not typed, but for Benin’s 01', () => {
    fc.assert(
      fc.property(digits, countries, (text, country) => {
        let parsed: ParsedMsisdn;
        try {
          parsed = parse(text, country);
        } catch {
          return;
        }
        const typedPart = parsed.country === 'BJ' ? parsed.national.slice(2) : parsed.national;
        expect(text.endsWith(typedPart)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('that is refused stays out of the error', () => {
    const examples = '254712345678 077123456 24177123456';
    /** Six digits in a row of what was typed that an error shows, other than those of its own examples. */
    const leaks = (text: string, country: string | undefined): readonly string[] => {
      try {
        parse(text, country);
        return [];
      } catch (error) {
        const shown = inspect(error, { depth: 9 }).replace(/\n +at .*/g, '') + JSON.stringify(error);
        const typed = text.replace(/\D/g, '');
        return Array.from({ length: Math.max(0, typed.length - 5) }, (_, at) => typed.slice(at, at + 6)).filter(
          (part) => shown.includes(part) && !examples.includes(part),
        );
      }
    };
    fc.assert(
      fc.property(fc.oneof(digits, fc.stringMatching(/^[+0-9 ().x-]{6,40}$/)), countries, (text, country) => {
        expect(leaks(text, country)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a masked number', () => {
  it.each([
    ['254712345678', '254••••••678'],
    ['2290197123456', '229•••••••456'],
    ['2203012345', '22•••••345'],
    ['71123456', '•••••456'],
    ['1234567', '•••••••'],
    ['', ''],
  ])('%s is shown as %s', (msisdn, shown) => {
    expect(maskMsisdn(msisdn)).toBe(shown);
  });

  it('hides five digits or more, whatever its length', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{8,15}$/), (msisdn) => {
        expect(maskMsisdn(msisdn).replace(/[^•]/g, '').length).toBeGreaterThanOrEqual(5);
      }),
    );
  });
});
