import { FAILURE_REASONS } from '@canza/core';
import { expect, test } from 'vitest';

import { callbackOf } from '../../../test/fixtures.ts';
import { shillings } from '../../../test/mpesa.ts';
import { readResult } from '../initiator/results.ts';
import { resultOf } from '../status.ts';
import { readPayoutResult } from './results.ts';

const read = (body: string) => readPayoutResult(readResult({ body }, 'mpesa'));

test('reads receipt, amount and recipient of a payout that was made', () => {
  expect(read(callbackOf('mpesa/x25-b2c-paid'))).toEqual({
    finding: {
      status: 'succeeded',
      code: '0',
      detail: 'The service request is processed successfully.',
      receipt: 'SG632NMUAB',
      money: shillings(10n),
    },
    msisdn: '254705912645',
  });
});

test('reads why a payout was not made', () => {
  expect(read(callbackOf('mpesa/x26-b2c-refused')).finding).toMatchObject({
    status: 'failed',
    reason: 'route-misconfigured',
    code: '2001',
  });
});

test('decides nothing by a result after which more will follow', () => {
  const preliminary = callbackOf('mpesa/x25-b2c-paid').replace('"ResultType":0', '"ResultType":1');
  expect(read(preliminary).finding).toMatchObject({ status: 'pending' });
});

test.each(['1', '2', '3', '4', '8', '11', '21', '2001', '2006', '2028', '2040', '8006', 'SFC_IC0003'])(
  'code %s ends a payout, with a reason',
  (code) => {
    expect(resultOf('b2c', code)).toEqual({
      status: 'failed',
      reason: expect.toSatisfy((reason) => FAILURE_REASONS.includes(reason)),
    });
  },
);

test.each(['15', '17', '26', '1037', '2029', '100000001', 'R000001', '00'])(
  'code %s leaves a payout open: it may have been made',
  (code) => {
    expect(resultOf('b2c', code)).toEqual({ status: 'unknown' });
  },
);

test('code 17 ends a collection and leaves a payout open', () => {
  expect(resultOf('stk', '17').status).toBe('failed');
  expect(resultOf('b2c', '17').status).toBe('unknown');
});
