import type { SubmitRequest } from '@canza/core';
import { expect, test } from 'vitest';

import { requestBodyOf } from '../../../test/fixtures.ts';
import { collection, SECURITY_CREDENTIAL, shillings, WITH_INITIATOR } from '../../../test/mpesa.ts';
import { type Initiator, parseMpesaConfig } from '../config.ts';
import { buildPayout } from './requests.ts';
import { payoutRoute } from './route.ts';

const config = parseMpesaConfig({ ...WITH_INITIATOR, shortcode: '600992' });
const payout = (overrides: Partial<SubmitRequest> = {}) =>
  buildPayout(
    config,
    config.initiator as Initiator,
    'BusinessPayment',
    collection(payoutRoute(config), { money: shillings(10n), msisdn: '254705912645', ...overrides }),
  );

test('builds the payout of the portal’s own sample, under an id of our own', () => {
  const { url, body } = payout({ description: 'remarked', accountReference: 'ChristmasPay' });
  expect(url).toBe('https://sandbox.safaricom.co.ke/mpesa/b2c/v3/paymentrequest');
  expect(JSON.parse(body ?? '')).toEqual({
    ...requestBodyOf('mpesa/x23-b2c-request'),
    SecurityCredential: SECURITY_CREDENTIAL,
    OriginatorConversationID: '0123456789abcdef012',
    QueueTimeOutURL: 'https://mydomain.com/path/payout-expired',
    ResultURL: 'https://mydomain.com/path/payout',
  });
});

test('sends the same id for the same attempt, in fewer than 20 characters', () => {
  expect(payout().body).toBe(payout().body);
  const { OriginatorConversationID } = JSON.parse(payout().body ?? '') as { OriginatorConversationID: string };
  expect(OriginatorConversationID.length).toBeLessThan(20);
});

test.each<[string, Partial<SubmitRequest>]>([
  ['amount', { money: { currency: 'KES', amountMinor: 1050n } }],
  ['currency', { money: { currency: 'TZS', amountMinor: 1000n } }],
  ['phoneNumber', { msisdn: '255712345678' }],
])('refuses a payout whose %s M-Pesa would not take, before anything is sent', (field, overrides) => {
  expect(() => payout(overrides)).toThrow(expect.objectContaining({ field, moneyMoved: 'no' }));
});
