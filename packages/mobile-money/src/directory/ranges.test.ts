import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { COUNTRIES } from './countries.ts';
import { OPERATORS, type OperatorId, operatorId } from './operators.ts';
import { findRange, listRanges } from './ranges.ts';

const ranges = listRanges();
const prefixes = new Set(ranges.map(({ prefix }) => prefix));

const DIGITS = Array.from({ length: 10 }, (_, digit) => String(digit));

/** A number of the right length that begins with a prefix. */
const numberIn = (prefix: string, operator: OperatorId): string => {
  const { callingCode, digits } = COUNTRIES[OPERATORS[operator].country];
  return prefix.padEnd(callingCode.length + (digits[0] ?? 0), '5');
};

describe('number ranges', () => {
  it('cover every country of the directory but South Africa', () => {
    const covered = new Set(ranges.map(({ operator }) => OPERATORS[operator].country));
    const missing = Object.values(COUNTRIES).filter(({ country }) => !covered.has(country));
    expect(covered.size).toBe(39);
    expect(missing.map(({ country }) => country)).toEqual(['ZA']);
  });

  it('are all reached: each has a number that leads to it and to its operator', () => {
    for (const { operator, prefix } of ranges) {
      const reached = DIGITS.map((digit) => findRange(numberIn(prefix + digit, operator)));
      expect(reached).toContainEqual({ operator, prefix });
    }
  });

  it('let the longer of two nested prefixes win, and keep the rest for the shorter', () => {
    const nested = ranges.flatMap((outer) =>
      ranges
        .filter((inner) => inner.prefix !== outer.prefix && inner.prefix.startsWith(outer.prefix))
        .map((inner) => [outer, inner] as const),
    );
    expect(nested.length).toBeGreaterThan(15);
    for (const [outer, inner] of nested) {
      const found = findRange(numberIn(inner.prefix, inner.operator));
      expect(found?.prefix.slice(0, inner.prefix.length)).toBe(inner.prefix);
      expect(found?.prefix.length).toBeGreaterThan(outer.prefix.length);
    }
  });

  it.each([
    ['254757123456', operatorId('KE', 'M-Pesa')],
    ['254750123456', operatorId('KE', 'Airtel Money')],
    ['254756123456', operatorId('KE', 'Airtel Money')],
    ['254747123456', operatorId('KE', 'Faiba')],
    ['254112345678', operatorId('KE', 'M-Pesa')],
    ['254181234567', operatorId('KE', 'M-Pesa')],
    ['254764123456', operatorId('KE', 'Equitel')],
    ['256721123456', operatorId('UG', 'Lyca')],
    ['256724123456', operatorId('UG', 'MTN MoMo')],
    ['256737123456', operatorId('UG', 'MTN MoMo')],
    ['256730123456', operatorId('UG', 'Airtel Money')],
    ['256794123456', operatorId('UG', 'MTN MoMo')],
    ['23277123456', operatorId('SL', 'Afrimoney')],
    ['23276123456', operatorId('SL', 'Orange Money')],
    ['22372123456', operatorId('ML', 'Orange Money')],
    ['22320791234', operatorId('ML', 'Moov Money')],
    ['22320012345', operatorId('ML', 'Orange Money')],
    ['24177123456', operatorId('GA', 'Airtel Money')],
    ['24165123456', operatorId('GA', 'Moov Money')],
    ['24162123456', operatorId('GA', 'Libertis')],
    ['2290197123456', operatorId('BJ', 'MTN MoMo')],
    ['2290195123456', operatorId('BJ', 'Moov Money')],
    ['233501234567', operatorId('GH', 'Vodafone Cash')],
    ['233261234567', operatorId('GH', 'AirtelTigo Money')],
    ['242066123456', operatorId('CG', 'MTN MoMo')],
    ['242041234567', operatorId('CG', 'Airtel Money')],
    ['243991234567', operatorId('CD', 'Airtel Money')],
    ['255722123456', operatorId('TZ', 'M-Pesa')],
    ['255702123456', operatorId('TZ', 'Tigo Pesa')],
    ['255753123456', operatorId('TZ', 'M-Pesa')],
    ['237652123456', operatorId('CM', 'MTN MoMo')],
    ['237657123456', operatorId('CM', 'Orange Money')],
    ['237661234567', operatorId('CM', 'Nexttel')],
    ['250728123456', operatorId('RW', 'Airtel Money')],
    ['258881234567', operatorId('MZ', 'e-Mola')],
    ['263791234567', operatorId('ZW', 'EcoCash')],
    ['26775412345', operatorId('BW', 'MyZaka')],
    ['2347025123456', operatorId('NG', 'MoMo PSB')],
    ['251712345678', operatorId('ET', 'M-Pesa')],
    ['201012345678', operatorId('EG', 'Vodafone Cash')],
  ])('%s was assigned to %s', (msisdn, operator) => {
    expect(findRange(msisdn)?.operator).toBe(operator);
  });

  it('leave the ranges of Gabon’s old plan behind', () => {
    for (const ended of ['2414123456', '24104123456', '24120123456', '24135123456'])
      expect(findRange(ended)).toBeUndefined();
  });

  it.each(['221721234567', '254901234567', '27821234567', '33612345678', '', '254'])(
    'know nothing of "%s"',
    (msisdn) => {
      expect(findRange(msisdn)).toBeUndefined();
    },
  );

  it('answer with the longest known prefix of the number, whatever the number', () => {
    const codes = Object.values(COUNTRIES).map(({ callingCode }) => callingCode);
    const msisdn = fc.tuple(fc.constantFrom(...codes), fc.stringMatching(/^\d{6,10}$/)).map((parts) => parts.join(''));
    fc.assert(
      fc.property(msisdn, (digits) => {
        const fitting = [...prefixes].filter((prefix) => digits.startsWith(prefix));
        const longest = fitting.toSorted((left, right) => right.length - left.length)[0];
        expect(findRange(digits)?.prefix).toBe(longest);
      }),
    );
  });
});
