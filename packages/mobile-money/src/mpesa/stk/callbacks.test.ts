import { expect, test } from 'vitest';

import { callbackOf } from '../../../test/fixtures.ts';
import { shillings } from '../../../test/mpesa.ts';
import { parseStkCallback } from './callbacks.ts';

const read = (body: string) => parseStkCallback({ body }, 'mpesa');

test.each(['x11-stk-callback-paid', 'x12-stk-callback-paid-balance-without-value'])(
  'reads receipt, amount and payer by their names: %s',
  (name) => {
    expect(read(callbackOf(`mpesa/${name}`))).toEqual({
      finding: {
        status: 'succeeded',
        code: '0',
        detail: 'The service request is processed successfully.',
        receipt: 'NLJ7RT61SV',
        money: shillings(1n),
        references: { CheckoutRequestID: 'ws_CO_191220191020363925', MerchantRequestID: '29115-34620561-1' },
      },
      msisdn: '254708374149',
      trust: 'hint',
      acknowledgement: { contentType: 'application/json', body: '{"ResultCode":0,"ResultDesc":"Accepted"}' },
    });
  },
);

test.each([
  ['x13-stk-callback-cancelled', 'cancelled-by-payer', '1032'],
  ['x14-stk-callback-no-answer', 'not-answered', '1037'],
])('reads why it was not paid: %s', (name, reason, code) => {
  expect(read(callbackOf(`mpesa/${name}`)).finding).toMatchObject({ status: 'failed', reason, code });
});

const withItems = (items: readonly object[]) =>
  JSON.stringify({
    Body: { stkCallback: { CheckoutRequestID: 'ws_CO_1', ResultCode: '0', CallbackMetadata: { Item: items } } },
  });

test('names no payer where the number is masked or absent', () => {
  expect(read(withItems([{ Name: 'PhoneNumber', Value: '254708***430' }]))).not.toHaveProperty('msisdn');
  expect(read(withItems([]))).not.toHaveProperty('msisdn');
});

test('claims no amount that it cannot read exactly', () => {
  expect(read(withItems([{ Name: 'Amount', Value: 'one' }])).finding).not.toHaveProperty('money');
  expect(read(withItems([{ Name: 'Amount', Value: '1234.50' }])).finding).toMatchObject({
    money: { currency: 'KES', amountMinor: 123_450n },
  });
});

test('leaves a payment open for a code that is not listed', () => {
  const body = JSON.stringify({ Body: { stkCallback: { CheckoutRequestID: 'ws_CO_1', ResultCode: 'SFC_IC9999' } } });
  expect(read(body).finding).toMatchObject({ status: 'unknown', code: 'SFC_IC9999' });
});

test.each([
  '',
  'null',
  '{}',
  '[]',
  '<html></html>',
  '{"Body":{"stkCallback":null}}',
  '{"Body":{"stkCallback":{"ResultCode":0}}}',
])('refuses %j as a callback', (body) => {
  expect(() => read(body)).toThrow(expect.objectContaining({ code: 'INVALID_CALLBACK', moneyMoved: 'no' }));
});
