import { formatMoney } from '@canza/core';
import { expect, test } from 'vitest';

import { callbackOf } from '../../../test/fixtures.ts';
import { readResult } from '../initiator/results.ts';
import { readAccountBalance } from './results.ts';

const BALANCE = callbackOf('mpesa/x30-balance');
const read = (body: string) => readAccountBalance(readResult({ body }, 'mpesa'));

test('reads every account, the negative one of paid charges too', () => {
  const report = read(BALANCE);
  expect(report.status === 'known' && report.accounts.map((a) => [a.account, formatMoney(a.available)])).toEqual([
    ['Working Account', '700000.00'],
    ['Float Account', '0.00'],
    ['Utility Account', '228037.00'],
    ['Charges Paid Account', '-1540.00'],
    ['Organization Settlement Account', '0.00'],
  ]);
});

test('leaves no account out of a text that it cannot read', () => {
  for (const broken of ['Utility Account|KES|1.00|x|0|0', 'Utility Account|USD|1.00|1.00|0|0', '', 'Utility Account']) {
    const body = BALANCE.replace('Working Account|KES|700000.00|700000.00|0.00|0.00', broken);
    expect(read(body)).toMatchObject({ status: 'unreadable' });
  }
});

test('says when Daraja did not tell', () => {
  expect(read(BALANCE.replace('"ResultCode":"0"', '"ResultCode":18'))).toMatchObject({ status: 'refused', code: '18' });
});
