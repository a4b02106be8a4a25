import { CURRENCY_CODES, exponentOf } from '@canza/core';
import { describe, expect, it } from 'vitest';

import { COUNTRIES, findCountry } from './countries.ts';
import { limitsOf } from './limits.ts';
import { OPERATOR_IDS, OPERATORS, operatorId } from './operators.ts';

describe('limits', () => {
  it('differ by direction: M-Pesa Kenya collects whole shillings and pays out cents', () => {
    const mpesa = operatorId('KE', 'M-Pesa');
    expect(limitsOf(mpesa, 'KES', 'collection')).toMatchObject({ decimals: 0, minMinor: 100n, maxMinor: 25_000_000n });
    expect(limitsOf(mpesa, 'KES', 'disbursement')).toMatchObject({
      decimals: 2,
      minMinor: 1_000n,
      maxMinor: 25_000_000n,
    });
  });

  it('can allow more decimals than the currency has: MTN Uganda, two of UGX', () => {
    const limits = limitsOf(operatorId('UG', 'MTN MoMo'), 'UGX', 'collection');
    expect(limits).toEqual({ decimals: 2, minMinor: 500n, maxMinor: 5_000_000n, asOf: '2026-01' });
    expect(exponentOf('UGX')).toBe(0);
  });

  it('of a refund are those of a payout', () => {
    const orange = operatorId('SN', 'Orange Money');
    expect(limitsOf(orange, 'XOF', 'refund')).toEqual(limitsOf(orange, 'XOF', 'disbursement'));
    expect(limitsOf(orange, 'XOF', 'refund')?.maxMinor).not.toBe(limitsOf(orange, 'XOF', 'collection')?.maxMinor);
  });

  it('leave bounds out where only the decimals are known', () => {
    expect(limitsOf(operatorId('SZ', 'MTN MoMo'), 'SZL', 'collection')).toEqual({ decimals: 2, asOf: '2026-11' });
  });

  it('are unknown for another currency, another operator, and remittances', () => {
    expect(limitsOf(operatorId('CD', 'M-Pesa'), 'USD', 'collection')).toBeUndefined();
    expect(limitsOf(operatorId('SN', 'Wave'), 'XOF', 'collection')).toBeUndefined();
    expect(limitsOf(operatorId('KE', 'M-Pesa'), 'KES', 'remittance')).toBeUndefined();
  });

  it('are of the country’s money, and have bounds the right way round', () => {
    const all = OPERATOR_IDS.flatMap((id) =>
      CURRENCY_CODES.flatMap((currency) =>
        (['collection', 'disbursement'] as const).map((type) => ({ id, currency, ...limitsOf(id, currency, type) })),
      ),
    );
    const known = all.filter(({ minMinor }) => minMinor !== undefined);
    expect(known.length).toBeGreaterThan(55);
    for (const { id, currency, minMinor = 0n, maxMinor = 0n } of known) {
      expect(minMinor).toBeLessThan(maxMinor);
      expect(COUNTRIES[OPERATORS[id].country].currencies).toContain(currency);
    }
  });
});

describe('countries', () => {
  it('say which zero belongs to the number', () => {
    const kept = Object.values(COUNTRIES).filter(({ zero }) => zero === 'kept');
    expect(kept.map(({ country }) => country)).toEqual(['BJ', 'CG', 'CI']);
    expect(COUNTRIES.GA).toMatchObject({ zero: 'trunk', digits: [8] });
  });

  it('use currencies of ISO 4217: Chad and Gabon pay in XAF, not in "CFA"', () => {
    expect(COUNTRIES.TD.currencies).toEqual(['XAF']);
    expect(COUNTRIES.GA.currencies).toEqual(['XAF']);
    expect(COUNTRIES.TZ.currencies).toEqual(['TZS']);
  });

  it('are found by their code alone', () => {
    expect(findCountry('KE')?.name).toBe('Kenya');
    expect(findCountry('ke')).toBeUndefined();
    expect(findCountry('toString')).toBeUndefined();
  });
});
