import { describe, expect, it } from 'vitest';

import { CURRENCY_CODES, exponentOf, isCurrencyCode, WITHDRAWN_CURRENCIES } from './currencies.ts';
import { InvalidRequestError } from './errors/request.ts';
import { parseCurrency } from './money.ts';

/** ISO 4217, written down a second time and the other way round: see docs/money.md#exponents. */
const BY_EXPONENT: Readonly<Record<number, string>> = {
  0: 'XOF XAF UGX RWF GNF BIF DJF KMF',
  2:
    'KES TZS ZMW MWK GHS NGN CDF MZN ETB LSL SZL SLE LRD GMD ZWG BWP NAD SSP SOS MGA MRU SCR EGP ZAR MAD DZD AOA SDG ' +
    'USD EUR GBP',
  3: 'TND LYD',
};

describe('the table of currencies', () => {
  it.each(Object.entries(BY_EXPONENT))('has those of exponent %s', (exponent, codes) => {
    for (const code of codes.split(' ')) {
      expect(isCurrencyCode(code) && exponentOf(code)).toBe(Number(exponent));
    }
  });

  it('has no others', () => {
    expect([...CURRENCY_CODES].toSorted()).toEqual(Object.values(BY_EXPONENT).join(' ').split(' ').toSorted());
  });

  it('keeps the two decimals of the ariary and the Somali shilling, which the JavaScript runtime has none for', () => {
    expect({ MGA: exponentOf('MGA'), SOS: exponentOf('SOS') }).toEqual({ MGA: 2, SOS: 2 });
  });
});

describe('a currency code', () => {
  it('is taken in upper case only', () => {
    expect(parseCurrency('KES')).toBe('KES');
    for (const code of ['kes', 'Kes', ' KES', 'KES ', 'KSH', 'CFA', '', null, undefined, 404, ['KES']]) {
      expect(() => parseCurrency(code)).toThrow(/Field "currency" is refused: expected an ISO 4217 code in upper case/);
    }
  });

  it.each([
    ['SLL', 'SLE'],
    ['ZWL', 'ZWG'],
    ['MRO', 'MRU'],
    ['STD', 'STN'],
  ])('%s was withdrawn: it is refused by name, with %s in its place', (code, successor) => {
    expect(isCurrencyCode(code)).toBe(false);
    expect(WITHDRAWN_CURRENCIES[code]).toContain(successor);
    expect(() => parseCurrency(code, 'toCurrency')).toThrow(InvalidRequestError);
    expect(() => parseCurrency(code, 'toCurrency')).toThrow(
      `Field "toCurrency" is refused: expected a current code: it became ${successor}`,
    );
  });

  it('is not a word that every object knows', () => {
    for (const word of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      expect(isCurrencyCode(word)).toBe(false);
      expect(() => parseCurrency(word)).toThrow(/expected an ISO 4217 code/);
    }
  });
});
