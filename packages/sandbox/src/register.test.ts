import { expect, test } from 'vitest';

import { createRegister } from './register.ts';

test('finds the rows in which everything fits, with and without an index', () => {
  const register = createRegister<{ payer: string; shop: string; channel?: string }>('payer');
  const rows = [
    { payer: 'a', shop: '1' },
    { payer: 'b', shop: '1', channel: 'x' },
    { payer: 'a', shop: '2' },
  ];
  for (const row of rows) register.add(row);
  expect(register.find()).toEqual(rows);
  expect(register.find({ payer: 'a' })).toEqual([rows[0], rows[2]]);
  expect(register.find({ payer: 'a', shop: '2' })).toEqual([rows[2]]);
  expect(register.find({ shop: '1' })).toEqual([rows[0], rows[1]]);
  expect(register.find({ payer: 'c' })).toEqual([]);
  expect(register.find({ channel: 'x' })).toEqual([rows[1]]);
});

test('hands out lists that later rows do not change', () => {
  const register = createRegister<{ payer: string }>('payer');
  register.add({ payer: 'a' });
  const before = [register.find(), register.find({ payer: 'a' })];
  register.add({ payer: 'a' });
  expect(before.map((list) => list.length)).toEqual([1, 1]);
});
