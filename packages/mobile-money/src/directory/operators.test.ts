import { describe, expect, expectTypeOf, it } from 'vitest';

import { OPERATOR_NAMES } from './generated/operators.ts';
import {
  brandOf,
  findOperator,
  isOperatorId,
  OPERATOR_IDS,
  OPERATORS,
  type OperatorId,
  operatorId,
  operatorsOf,
} from './operators.ts';

describe('operator ids', () => {
  it('hold a country and a network code or a number, and no brand', () => {
    for (const id of OPERATOR_IDS) expect(id).toMatch(/^[a-z]{2}-(\d{5}|x[1-9])$/);
  });

  it('are known by today’s brand, the company and former brands', () => {
    expect(operatorId('GH', 'Telecel Cash')).toBe('gh-62002');
    expect(operatorId('GH', 'Vodafone Cash')).toBe('gh-62002');
    expect(operatorId('TZ', 'Tigo Pesa')).toBe(operatorId('TZ', 'Mixx by Yas'));
    expect(operatorId('RW', 'Tigo')).toBe(operatorId('RW', 'Airtel Money'));
  });

  it('tell one brand of three systems apart by country', () => {
    const mixx = [operatorId('TZ', 'Mixx by Yas'), operatorId('TG', 'Mixx by Yas'), operatorId('SN', 'Mixx by Yas')];
    expect(mixx).toEqual(['tz-64002', 'tg-61501', 'sn-60802']);
  });

  it('keep MTN in Congo and Vodacom in DR Congo on their own sides of the river', () => {
    expect(operatorId('CG', 'MTN MoMo')).toBe('cg-62910');
    expect(findOperator('CD', 'MTN MoMo')).toBeUndefined();
    expect(findOperator('CG', 'M-Pesa')).toBeUndefined();
  });

  it('are exact types, so that a route with another country’s name does not compile', () => {
    expectTypeOf(operatorId('KE', 'M-Pesa')).toEqualTypeOf<'ke-63902'>();
    expectTypeOf<OperatorId>().toExtend<string>();
    // @ts-expect-error MTN has no wallets in Kenya.
    expect(operatorId('KE', 'MTN MoMo')).toBeUndefined();
  });
});

describe('findOperator', () => {
  it('reads names as people type them', () => {
    expect(findOperator('KE', 'm-pesa')).toBe('ke-63902');
    expect(findOperator('UG', ' MTN  momo')).toBe('ug-64110');
    expect(findOperator('SN', 'free money')).toBe('sn-60802');
  });

  it('knows nothing of a name from elsewhere', () => {
    expect(findOperator('KE', 'MVola')).toBeUndefined();
    expect(findOperator('FR', 'Orange Money')).toBeUndefined();
    expect(findOperator('KE', 'toString')).toBeUndefined();
  });

  it('finds every name in the table', () => {
    for (const [country, names] of Object.entries(OPERATOR_NAMES)) {
      for (const [name, id] of Object.entries(names)) expect(findOperator(country, name)).toBe(id);
    }
  });
});

describe('operators', () => {
  it('are listed country by country', () => {
    expect(operatorsOf('CG').map(({ id }) => id)).toEqual(['cg-62910', 'cg-62901', 'cg-x1', 'cg-x2']);
    expect(operatorsOf('FR')).toEqual([]);
  });

  it('are recognised, and nothing else is', () => {
    expect(isOperatorId('ke-63902')).toBe(true);
    for (const stranger of ['ke-mpesa', 'ke-00000', 'toString', '', undefined, 63_902]) {
      expect(isOperatorId(stranger)).toBe(false);
    }
  });

  it('are called by the brand on the customer’s phone, or the network without a wallet', () => {
    expect(brandOf('ke-63902')).toBe('M-Pesa');
    expect(brandOf('ug-64126')).toBe('Lycamobile Uganda');
  });

  it('live in the country that their id names', () => {
    for (const { id, country } of Object.values(OPERATORS)) expect(id.slice(0, 2)).toBe(country.toLowerCase());
  });
});
