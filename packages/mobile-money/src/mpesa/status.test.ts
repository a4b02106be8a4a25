import { FAILURE_REASONS } from '@canza/core';
import { expect, test } from 'vitest';

import { errorOf, resultOf } from './status.ts';

const FINAL = '1 2 3 4 8 17 1001 1019 1025 1032 1037 2001 2028 2040 8006 SFC_IC0003'.split(' ');

/** Codes of other Daraja APIs, or of one client alone, of which nobody has shown that they end a prompt. */
const UNCONFIRMED = '11 15 21 26 1031 1036 1101 1102 2006 2008 2026 2029 9999 100000100'.split(' ');

test('a payment with code 0 was paid', () => {
  expect(resultOf('stk', '0')).toEqual({ status: 'succeeded' });
});

test.each(FINAL)('code %s ends an STK payment, with a reason', (code) => {
  expect(resultOf('stk', code)).toEqual({
    status: 'failed',
    reason: expect.toSatisfy((reason) => FAILURE_REASONS.includes(reason)),
  });
});

test.each(['4999', '5000'])('a payment with code %s is being worked on', (code) => {
  expect(resultOf('stk', code)).toEqual({ status: 'pending' });
});

test.each([...UNCONFIRMED, '1050', '35', '99', '', '00', '-1', 'R000001'])(
  'code %j, which nobody has proven to be final, leaves an STK payment open',
  (code) => {
    expect(resultOf('stk', code)).toEqual({ status: 'unknown' });
  },
);

test.each([
  ['17', 'payer-busy'],
  ['1001', 'payer-busy'],
])('code %s fails this attempt without a word about the one before', (code, reason) => {
  expect(resultOf('stk', code)).toEqual({ status: 'failed', reason });
});

const of = (stage: 'stk-push' | 'stk-query', message: string) => errorOf(stage, '500.001.1001', message);

test('the same error code is read by its message, and by what was asked for', () => {
  expect(of('stk-push', 'Merchant does not exist')).toEqual({ kind: 'refused', reason: 'route-misconfigured' });
  expect(of('stk-push', '[MerchantValidate] - Wrong credentials')).toMatchObject({ kind: 'refused' });
  expect(of('stk-push', 'Unable to lock subscriber, …')).toMatchObject({ reason: 'payer-busy', retryAfterMs: 60_000 });
  expect(of('stk-push', 'Internal Server Error')).toEqual({ kind: 'ambiguous' });
  expect(of('stk-push', 'The transaction is being processed')).toEqual({ kind: 'ambiguous' });
  expect(of('stk-push', '')).toEqual({ kind: 'ambiguous' });
  expect(of('stk-query', 'The transaction is being processed')).toEqual({ kind: 'pending' });
  expect(of('stk-query', '')).toEqual({ kind: 'pending' });
  expect(of('stk-query', 'The transaction does not Exist')).toEqual({ kind: 'not-found' });
  expect(of('stk-query', 'Internal Server Error')).toEqual({ kind: 'ambiguous' });
});

test('a busy system may have done it; a spike arrest has not', () => {
  expect(errorOf('stk-push', '500.003.02', 'System is busy. Please try again in few minutes.')).toEqual({
    kind: 'ambiguous',
  });
  expect(errorOf('stk-push', '500.003.02', 'Error Occurred: Spike Arrest Violation')).toEqual({ kind: 'rate-limited' });
});

test('an error code that is not listed proves nothing', () => {
  expect(errorOf('stk-push', '400.999.99', 'Bad Request')).toEqual({ kind: 'ambiguous' });
  expect(errorOf('stk-push', '00.002.1001', 'Service is currently under maintenance')).toEqual({ kind: 'ambiguous' });
});
