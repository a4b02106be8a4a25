import type { HttpResponse } from '@canza/core';
import { expect, test } from 'vitest';

import { answerOf, callbackOf, replyOf, requestBodyOf } from '../../../test/fixtures.ts';
import { SANDBOX } from '../../../test/mpesa.ts';
import { jsonReply } from '../../../test/replies.ts';
import { parseMpesaConfig } from '../config.ts';
import { acceptPayment, noteConfirmation, readPaymentNotice, refusePayment } from './notices.ts';
import { buildSimulation, buildUrlRegistration, type PaymentNotices } from './requests.ts';
import { parseSimulation, parseUrlRegistration } from './responses.ts';

const config = parseMpesaConfig({ ...SANDBOX, shortcode: '600984' });
const NOTICES: PaymentNotices = {
  validationUrl: 'https://mydomain.com/validation',
  confirmationUrl: 'https://mydomain.com/confirmation',
  withoutAnswer: 'complete',
};

test('registers both addresses as the portal’s own sample does', () => {
  const { url, body } = buildUrlRegistration(config, NOTICES);
  expect(url).toBe('https://sandbox.safaricom.co.ke/mpesa/c2b/v2/registerurl');
  expect(JSON.parse(body ?? '')).toEqual(requestBodyOf('mpesa/x18-c2b-register'));
});

test.each([
  ['mpesa', 'https://mydomain.com/mpesa/confirmation'],
  ['M-PESA', 'https://mydomain.com/M-PESA'],
  ['exe', 'https://mydomain.com/executions'],
  ['sql', 'https://mysqlhost.com/c'],
  ['query', 'https://mydomain.com/c?query=1'],
])('refuses an address with "%s" in it, which Daraja refuses too', (_word, confirmationUrl) => {
  expect(() => buildUrlRegistration(config, { ...NOTICES, confirmationUrl })).toThrow(
    expect.objectContaining({ field: 'confirmationUrl' }),
  );
});

const registered = (response: HttpResponse) => parseUrlRegistration(response, 'mpesa');
const refusal = (errorMessage: string) => jsonReply(500, { errorCode: '500.003.1001', errorMessage });

test.each<[string, HttpResponse]>([
  ['the portal’s sample', replyOf('mpesa/x18-c2b-register')],
  ['a code of eight zeros', jsonReply(200, { ResponseCode: '00000000' })],
  ['no code at all', jsonReply(200, { OriginatorCoversationID: '1', ResponseDescription: 'Success' })],
])('takes %s for a registration', (_what, response) => {
  expect(registered(response)).toBe('registered');
});

test('takes addresses that stand already for a success', () => {
  expect(registered(refusal('Urls are already registered.'))).toBe('already-registered');
});

test.each<[string, HttpResponse, string]>([
  ['the older platform', refusal('Duplicate notification info, SP ID is 1, correlator is 2'), 'REJECTED'],
  ['an internal error', refusal('Internal Server Error'), 'UNEXPECTED_RESPONSE'],
  ['another code', jsonReply(200, { ResponseCode: '1' }), 'UNEXPECTED_RESPONSE'],
  [
    'an error as HTTP 200',
    jsonReply(200, { errorCode: '400.002.05', errorMessage: 'Invalid Request Payload' }),
    'REJECTED',
  ],
])('does not take %s for one', (_what, response, code) => {
  expect(() => registered(response)).toThrow(expect.objectContaining({ code }));
});

test('lets the sandbox play the payment of the portal’s own sample', () => {
  const { body } = buildSimulation(config, { amount: '1', msisdn: '254708374149', account: 'Test Ref' });
  expect(JSON.parse(body ?? '')).toEqual(requestBodyOf('mpesa/x19-c2b-simulate'));
  const till = JSON.parse(buildSimulation(config, { amount: '1', msisdn: '254708374149' }).body ?? '') as object;
  expect(till).toMatchObject({ CommandID: 'CustomerBuyGoodsOnline' });
  expect(till).not.toHaveProperty('BillRefNumber');
  expect(() => parseSimulation(jsonReply(500, {}), 'mpesa')).toThrow(
    expect.objectContaining({ code: 'UNEXPECTED_RESPONSE' }),
  );
});

const read = (name: string) => readPaymentNotice({ body: callbackOf(`mpesa/${name}`) }, 'mpesa');
const ANNOUNCED = {
  receipt: 'RKL51ZDR4F',
  type: 'Pay Bill',
  amount: '5.00',
  currency: 'KES',
  shortcode: '600966',
  account: 'Sample Transaction',
  paidAtMs: Date.parse('2023-11-21T09:13:25Z'),
  payerName: 'JOHN',
};

test('reads a payment before it is made', () => {
  expect(read('x20-c2b-validation')).toEqual({ ...ANNOUNCED, maskedMsisdn: '2547 ***** 126' });
});

test('reads a payment that was made, with our balance after it', () => {
  expect(read('x21-c2b-confirmation')).toEqual({
    ...ANNOUNCED,
    maskedMsisdn: '2547 ***** 126',
    balance: '25.00',
  });
});

test('keeps the digest that version 1 sends in the place of a number', () => {
  expect(read('x21-c2b-confirmation-v1').maskedMsisdn).toMatch(/^[0-9a-f]{64}$/);
});

test('tells a number that came whole, and our own reference', () => {
  const body = JSON.stringify({
    TransID: 'R1',
    TransAmount: 5,
    BusinessShortCode: 600966,
    MSISDN: 254708374149,
    ThirdPartyTransID: 'ours',
    FirstName: null,
  });
  expect(readPaymentNotice({ body }, 'mpesa')).toEqual({
    receipt: 'R1',
    type: '',
    amount: '5.00',
    currency: 'KES',
    shortcode: '600966',
    account: '',
    msisdn: '254708374149',
    ourReference: 'ours',
  });
});

test.each(['', '{}', '{"TransID":"R1","TransAmount":"five","BusinessShortCode":"1"}'])('refuses %j', (body) => {
  expect(() => readPaymentNotice({ body }, 'mpesa')).toThrow(expect.objectContaining({ code: 'INVALID_CALLBACK' }));
});

test('answers a validation and a confirmation in the words that M-PESA reads', () => {
  expect(JSON.parse(acceptPayment('1234567890').body)).toEqual({
    ResultCode: '0',
    ResultDesc: 'Accepted',
    ThirdPartyTransID: '1234567890',
  });
  expect(refusePayment('invalid-account').body).toBe(answerOf('mpesa/x22-c2b-rejection'));
  expect(noteConfirmation().body).toBe('{"ResultCode":0,"ResultDesc":"Success"}');
});
