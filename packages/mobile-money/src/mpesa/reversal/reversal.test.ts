import type { SubmitRequest } from '@canza/core';
import { expect, test } from 'vitest';

import { callbackOf, requestBodyOf } from '../../../test/fixtures.ts';
import { collection, REFERENCE, SECURITY_CREDENTIAL, shillings, WITH_INITIATOR } from '../../../test/mpesa.ts';
import { type Initiator, parseMpesaConfig } from '../config.ts';
import { readResult } from '../initiator/results.ts';
import { buildReversal } from './requests.ts';
import { readReversalResult } from './results.ts';
import { refundRoute } from './route.ts';

const config = parseMpesaConfig({
  ...WITH_INITIATOR,
  shortcode: '603021',
  initiator: { name: 'apiop37', securityCredential: SECURITY_CREDENTIAL },
});
const original = { reference: REFERENCE, references: {}, receipt: 'PDU91HIVIT', money: shillings(200n) };
const refund = (overrides: Partial<SubmitRequest> = {}) =>
  buildReversal(
    config,
    config.initiator as Initiator,
    collection(refundRoute(config), { money: shillings(200n), original, ...overrides }),
  );

test('builds the reversal of the portal’s own sample', () => {
  const { url, body } = refund({ description: 'Payment reversal' });
  expect(url).toBe('https://sandbox.safaricom.co.ke/mpesa/reversal/v1/request');
  expect(JSON.parse(body ?? '')).toEqual({
    ...requestBodyOf('mpesa/x31-reversal-request'),
    SecurityCredential: SECURITY_CREDENTIAL,
    ResultURL: 'https://mydomain.com/path/reversal',
    QueueTimeOutURL: 'https://mydomain.com/path/reversal-expired',
  });
});

test('gives a part back', () => {
  expect(JSON.parse(refund({ money: shillings(50n) }).body ?? '')).toMatchObject({ Amount: '50' });
});

test('gives the money of a till back from the till', () => {
  const till = parseMpesaConfig({ ...WITH_INITIATOR, till: '600987' });
  const { body } = buildReversal(
    till,
    till.initiator as Initiator,
    collection(refundRoute(till), { money: shillings(200n), original }),
  );
  expect(JSON.parse(body ?? '')).toMatchObject({ ReceiverParty: '600987' });
});

test.each<[string, Partial<SubmitRequest>]>([
  ['original', { original: { reference: REFERENCE, references: {}, money: shillings(200n) } }],
  ['amount', { money: shillings(201n) }],
  ['amount', { money: { currency: 'KES', amountMinor: 150n } }],
])('refuses a reversal by its %s before anything is sent', (field, overrides) => {
  expect(() => refund(overrides)).toThrow(expect.objectContaining({ field, moneyMoved: 'no' }));
});

const read = (body: string) => readReversalResult(readResult({ body }, 'mpesa'));

test('reads the receipt of a reversal that was made, and what was given back', () => {
  expect(read(callbackOf('mpesa/x32-reversal-done'))).toMatchObject({
    status: 'succeeded',
    receipt: 'SKE52PAWR9',
    money: shillings(1n),
  });
});

test('reads why a reversal was not made', () => {
  expect(read(callbackOf('mpesa/x33-reversal-refused'))).toMatchObject({
    status: 'failed',
    reason: 'original-not-found',
    code: 'R000002',
  });
});

test('does not conclude from "already reversed" that this refund did or did not do it', () => {
  const already = callbackOf('mpesa/x33-reversal-refused').replace('R000002', 'R000001');
  expect(read(already)).toMatchObject({ status: 'unknown', code: 'R000001' });
});
