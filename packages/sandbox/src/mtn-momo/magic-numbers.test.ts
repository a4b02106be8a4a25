import { expect, test } from 'vitest';

import { createMomoCaller, jsonOf, type Kind, reference } from '../../test/momo-caller.ts';

const number = (last: number): string => `46733123${last}`;

/** What a test number comes to: the code of a refusal, of a failure, or the status after that long. */
async function outcome(kind: Kind, party: string, afterMs = 10_000, shapes: { configurationNumbers?: 'failed' } = {}) {
  const { pay, statusOf, clock } = createMomoCaller({ shapes });
  const changes = kind === 'cash-transfer' ? { externalId: party } : {};
  const accepted = await pay(kind, 1, kind === 'cash-transfer' ? undefined : party, changes);
  if (accepted.status !== 202) return `${accepted.status} ${String(jsonOf(accepted)['code'])}`;
  await clock.advance(afterMs);
  const { status, reason } = await statusOf(kind, 1);
  return status === 'FAILED' ? (reason as { code: string }).code : status;
}

test.each([
  [450, 'INTERNAL_PROCESSING_ERROR', 'INTERNAL_PROCESSING_ERROR'],
  [451, 'APPROVAL_REJECTED', 'APPROVAL_REJECTED'],
  [452, 'EXPIRED', 'EXPIRED'],
  [453, 'PENDING', 'PENDING'],
  [455, 'PAYER_NOT_FOUND', 'NOT_ENOUGH_FUNDS'],
  [456, 'PAYEE_NOT_ALLOWED_TO_RECEIVE', 'PAYER_LIMIT_REACHED'],
  [457, 'NOT_ALLOWED', 'PAYEE_NOT_FOUND'],
  [458, '500 NOT_ALLOWED_TARGET_ENVIRONMENT', 'NOT_ALLOWED'],
  [459, '500 INVALID_CALLBACK_URL_HOST', '500 NOT_ALLOWED_TARGET_ENVIRONMENT'],
  [460, '500 INVALID_CURRENCY', '500 INVALID_CALLBACK_URL_HOST'],
  [461, 'INTERNAL_PROCESSING_ERROR', '500 INVALID_CURRENCY'],
  [462, 'SERVICE_UNAVAILABLE', 'INTERNAL_PROCESSING_ERROR'],
  [463, 'COULD_NOT_PERFORM_TRANSACTION', 'SERVICE_UNAVAILABLE'],
  [464, 'SUCCESSFUL', 'SUCCESSFUL'],
  [449, 'SUCCESSFUL', 'SUCCESSFUL'],
])('46733123%i ends a request to pay as %s and a transfer as %s', async (last, prompt, transfer) => {
  expect(await outcome('request-to-pay', number(last))).toBe(prompt);
  expect(await outcome('deposit', number(last))).toBe(prompt);
  expect(await outcome('transfer', number(last))).toBe(transfer);
});

test('453 stays pending for good, 454 ends well after half a minute', async () => {
  expect(await outcome('request-to-pay', number(453), 50 * 60_000)).toBe('PENDING');
  expect(await outcome('request-to-pay', number(454), 29_000)).toBe('PENDING');
  expect(await outcome('request-to-pay', number(454), 30_000)).toBe('SUCCESSFUL');
});

test('wrong configurations are accepted and then fail, where told to', async () => {
  const shapes = { configurationNumbers: 'failed' } as const;
  expect(await outcome('request-to-pay', number(460), 10_000, shapes)).toBe('INVALID_CURRENCY');
});

test.each([
  ['refund', '1', 'RESOURCE_NOT_FOUND'],
  ['refund', '3', 'APPROVAL_REJECTED'],
  ['refund', '5', 'PENDING'],
  ['refund', '10', '500 INVALID_CURRENCY'],
  ['refund', '13', 'COULD_NOT_PERFORM_TRANSACTION'],
  ['cash-transfer', '5', 'PAYEE_NOT_FOUND'],
  ['cash-transfer', '7', 'NOT_ALLOWED'],
  ['cash-transfer', '14', 'SUCCESSFUL'],
] as const)('%s number %s ends as %s', async (kind, id, end) => {
  expect(await outcome(kind, id)).toBe(end);
});

test.each([
  ['msisdn', number(450), 404, 'RESOURCE_NOT_FOUND'],
  ['msisdn', number(451), 200, undefined],
  ['msisdn', number(452), 500, 'NOT_ALLOWED'],
  ['msisdn', number(453), 500, 'NOT_ALLOWED_TARGET_ENVIRONMENT'],
  ['msisdn', number(454), 500, 'INTERNAL_PROCESSING_ERROR'],
  ['msisdn', number(455), 503, 'SERVICE_UNAVAILABLE'],
  ['email', 'notfound@email.com', 404, 'RESOURCE_NOT_FOUND'],
  ['party_code', '585c07a4-2c80-42f7-9e73-e586b36dee68', 503, 'SERVICE_UNAVAILABLE'],
])('asks whether %s %s is active: HTTP %i', async (type, id, status, code) => {
  const { call } = createMomoCaller();
  const response = await call('collection', 'GET', `/v1_0/accountholder/${type}/${id}/active`);
  expect([response.status, jsonOf(response)['code']]).toEqual([status, code]);
  expect(jsonOf(response)['result']).toBe(code === undefined ? false : undefined);
});

test('a test number that stands for nothing moves money like any other', async () => {
  const { pay, clock, emulator } = createMomoCaller();
  await pay('request-to-pay', 1, number(464));
  await clock.advance(10_000);
  expect(emulator.books.collectedMinor({ referenceId: reference(1) })).toBe(12_50n);
});
