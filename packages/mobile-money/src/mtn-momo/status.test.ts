import { FAILURE_REASONS, liesWith } from '@canza/core';
import { expect, test } from 'vitest';

import { findingOf } from './payments/responses.ts';
import { PaymentStatusSchema } from './payments/wire.ts';
import { reasonOf, type Side } from './status.ts';

const failed = (reason: unknown, side: Side = 'they-pay') =>
  findingOf(PaymentStatusSchema.parse({ status: 'FAILED', reason }), side);

test.each<[string, string, string]>([
  ['NOT_ENOUGH_FUNDS', 'insufficient-funds', 'float-exhausted'],
  ['PAYER_LIMIT_REACHED', 'payer-limit-exceeded', 'route-unavailable'],
  ['PAYEE_LIMIT_REACHED', 'route-unavailable', 'recipient-limit-exceeded'],
  ['PAYER_NOT_FOUND', 'payer-not-found', 'route-misconfigured'],
  ['PAYEE_NOT_FOUND', 'route-misconfigured', 'recipient-not-found'],
  ['SENDER_ACCOUNT_NOT_ACTIVE', 'payer-not-allowed', 'route-not-permitted'],
  ['COULD_NOT_PERFORM_TRANSACTION', 'not-answered', 'operator-refused'],
])('%s lies with the customer on one side and with us on the other', (code, theyPay, wePay) => {
  expect([reasonOf(code, 'they-pay'), reasonOf(code, 'we-pay')]).toEqual([theyPay, wePay]);
});

test('reads a reason as text, as an object, and with a full stop behind it', () => {
  expect(failed('EXPIRED')).toMatchObject({ status: 'failed', reason: 'not-answered', code: 'EXPIRED' });
  expect(failed({ code: 'EXPIRED' })).toMatchObject({ reason: 'not-answered', detail: '' });
  expect(failed('TRANSACTION_CANCELED.')).toMatchObject({ reason: 'cancelled-by-payer', code: 'TRANSACTION_CANCELED' });
});

test.each([undefined, null, 'SOMETHING_NEW', { code: 'SOMETHING_NEW', message: 'x' }, 7, ['x']])(
  'FAILED is final whatever the reason (%j), and such a one is not tried again elsewhere',
  (reason) => {
    const finding = failed(reason);
    expect(finding).toMatchObject({ status: 'failed', reason: 'request-refused' });
    expect(liesWith('request-refused')).not.toBe('route');
  },
);

test.each(['TRANSACTION_NOT_COMPLETED', 'RESOURCE_ALREADY_EXIST'])(
  'looks again after %s, as MTN’s own table says',
  (code) => {
    expect(failed(code)).toMatchObject({ status: 'unknown', code });
  },
);

test.each(['INTERNAL_PROCESSING_ERROR', 'SERVICE_UNAVAILABLE'])(
  'tries no other route after FAILED with %s, which MTN wants compared with the statement first',
  (code) => {
    for (const side of ['they-pay', 'we-pay'] as const) {
      expect(failed(code, side)).toMatchObject({ status: 'failed', reason: 'request-refused', code });
    }
  },
);

test('a payer’s own fault is never put on the route', () => {
  const payers = ['NOT_ENOUGH_FUNDS', 'APPROVAL_REJECTED', 'EXPIRED', 'PAYMENT_NOT_APPROVED', 'TRANSACTION_CANCELED'];
  for (const code of payers) {
    const reason = FAILURE_REASONS.find((each) => each === reasonOf(code, 'they-pay'));
    expect(reason === undefined ? undefined : liesWith(reason)).toBe('payer');
  }
});
