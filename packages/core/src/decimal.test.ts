import { describe, expect, it } from 'vitest';

import { formatUnits, parseUnits } from './decimal.ts';

describe('amounts of an asset', () => {
  it('are read into base units exactly, however many decimals there are', () => {
    expect(parseUnits('500.00', 6)).toBe(500_000_000n);
    expect(parseUnits('0.000000000000000001', 18)).toBe(1n);
    expect(parseUnits('123456789012345678.5', 8)).toBe(12_345_678_901_234_567_850_000_000n);
    expect(parseUnits('7', 0)).toBe(7n);
    expect(parseUnits('1.50000000', 1)).toBe(15n);
  });

  it.each(['', ' 1', '1e3', '-1', '+1', '01', '1,000', '.5', '1.', 5, null])('%j is refused by name', (amount) => {
    expect(() => parseUnits(amount, 6, 'toAmount')).toThrow(/"toAmount"/);
  });

  it('with more decimals than there are, or zero, are refused', () => {
    expect(() => parseUnits('0.0000001', 6)).toThrow('at most 6 decimals');
    expect(() => parseUnits('0.00', 6)).toThrow('above zero');
  });

  it('are written with all their decimals', () => {
    expect([formatUnits(500_000_000n, 6), formatUnits(1n, 8), formatUnits(-5n, 2), formatUnits(7n, 0)]).toEqual([
      '500.000000',
      '0.00000001',
      '-0.05',
      '7',
    ]);
  });
});
