import { expect, test } from 'vitest';

import { meaningOf, transactionStatusOf } from './status.ts';

test.each([
  ['INS-6', 'request-refused', 'request-refused'],
  ['INS-13', 'route-misconfigured', 'route-misconfigured'],
  ['INS-15', 'amount-not-allowed', 'amount-not-allowed'],
  ['INS-17', 'request-refused', 'request-refused'],
  ['INS-20', 'request-refused', 'request-refused'],
  ['INS-21', 'request-refused', 'request-refused'],
  ['INS-26', 'route-misconfigured', 'route-misconfigured'],
  ['INS-28', 'request-refused', 'request-refused'],
  ['INS-30', 'request-refused', 'request-refused'],
  ['INS-990', 'payer-limit-exceeded', 'recipient-limit-exceeded'],
  ['INS-991', 'payer-limit-exceeded', 'recipient-limit-exceeded'],
  ['INS-992', 'payer-limit-exceeded', 'recipient-limit-exceeded'],
  ['INS-993', 'route-unavailable', 'route-unavailable'],
  ['INS-994', 'route-unavailable', 'route-unavailable'],
  ['INS-995', 'amount-too-high', 'amount-too-high'],
  ['INS-996', 'route-unavailable', 'route-unavailable'],
  ['INS-997', 'route-not-permitted', 'route-not-permitted'],
  ['INS-998', 'route-misconfigured', 'route-misconfigured'],
  ['INS-2006', 'insufficient-funds', 'float-exhausted'],
  ['INS-2051', 'request-refused', 'request-refused'],
] as const)('%s ends a collection as %s and a payout as %s', (code, collecting, paying) => {
  expect(meaningOf('collection', 'reply', code)).toEqual({ status: 'failed', reason: collecting });
  expect(meaningOf('payout', 'reply', code)).toEqual({ status: 'failed', reason: paying });
});

test.each(['INS-1', 'INS-9', 'INS-23', 'INS-31', 'INS-35', 'INS-36', 'INS-999', 'INS-5', 'INS-2', 'ins-6', '6', ''])(
  '%j, which nobody has proven to be final, leaves every payment open',
  (code) => {
    for (const call of ['collection', 'payout', 'business-payment', 'reversal', 'payment'] as const) {
      for (const stage of ['reply', 'result'] as const) {
        expect(meaningOf(call, stage, code)).toEqual({ status: 'unknown' });
      }
    }
  },
);

test('a duplicate is an earlier request in a reply, and proves nothing in a result', () => {
  expect(meaningOf('payout', 'reply', 'INS-10')).toEqual({ status: 'duplicate' });
  expect(meaningOf('payout', 'result', 'INS-10')).toEqual({ status: 'unknown' });
});

test('a result of nobody knows what blames nobody', () => {
  expect(meaningOf('payment', 'result', 'INS-2006')).toEqual({ status: 'failed', reason: 'request-refused' });
});

test('the wrong transaction id is the original’s in a reversal only', () => {
  expect(meaningOf('reversal', 'reply', 'INS-18')).toMatchObject({ reason: 'original-not-found' });
  expect(meaningOf('collection', 'reply', 'INS-18')).toMatchObject({ reason: 'request-refused' });
});

test('only words that are listed end a payment that was asked about', () => {
  expect(transactionStatusOf('Completed', 'collection')).toEqual({ status: 'succeeded' });
  expect(transactionStatusOf('Cancelled', 'collection')).toMatchObject({ reason: 'cancelled-by-payer' });
  expect(transactionStatusOf('Expired', 'collection')).toMatchObject({ reason: 'not-answered' });
  expect(transactionStatusOf('Cancelled', 'payout')).toMatchObject({ reason: 'request-refused' });
  for (const word of ['N/A', '', 'completed', 'Reversed', 'Pending']) {
    expect(transactionStatusOf(word, 'collection')).toEqual({ status: 'unknown' });
  }
});
