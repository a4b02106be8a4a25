import { InvalidRequestError, type SubmitRequest } from '@canza/core';
import { expect, test } from 'vitest';

import { requestBodyOf } from '../../../test/fixtures.ts';
import { collection, SANDBOX, shillings } from '../../../test/mpesa.ts';
import { parseMpesaConfig } from '../config.ts';
import { buildStkPush, buildStkQuery } from './requests.ts';
import { collectionRoute } from './route.ts';

const config = parseMpesaConfig(SANDBOX);
const route = collectionRoute(config);
const AT = Date.parse('2021-06-28T06:24:08Z');

const bodyOf = (overrides: Partial<SubmitRequest>, settings = config) =>
  JSON.parse(buildStkPush(settings, collection(route, overrides), AT).body ?? '') as Record<string, unknown>;

test('builds the push of the portal’s own sample, password and all', () => {
  const sample = requestBodyOf('mpesa/x09-stk-push');
  const request = buildStkPush(
    config,
    collection(route, { accountReference: 'accountref', description: 'txndesc' }),
    AT,
  );
  expect(request).toEqual({
    method: 'POST',
    url: 'https://sandbox.safaricom.co.ke/mpesa/stkpush/v1/processrequest',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    // The sample charges one number and prompts another; here the payer is prompted.
    body: JSON.stringify({ ...sample, PartyA: sample['PhoneNumber'] }),
  });
});

test('asks for a payment into a till as Buy Goods, in the name of the store', () => {
  const store = parseMpesaConfig({ ...SANDBOX, till: '600987' });
  expect(bodyOf({}, store)).toMatchObject({
    TransactionType: 'CustomerBuyGoodsOnline',
    BusinessShortCode: 174379,
    PartyB: '600987',
  });
});

test('names the attempt by the first digits of its reference when the caller names no account', () => {
  expect(bodyOf({})).toMatchObject({ AccountReference: '0123456789AB' });
});

test('cuts the description to what the prompt takes', () => {
  expect(bodyOf({ description: 'Payment for services' })).toMatchObject({ TransactionDesc: 'Payment for s' });
});

test.each<[string, Partial<SubmitRequest>]>([
  ['amount', { money: { currency: 'KES', amountMinor: 1050n } }],
  ['amount', { money: shillings(0n) }],
  ['amount', { money: { currency: 'KES', amountMinor: 99n } }],
  ['currency', { money: { currency: 'UGX', amountMinor: 1000n } }],
  ['phoneNumber', { msisdn: '256772123456' }],
  ['phoneNumber', { msisdn: '0722111111' }],
  ['accountReference', { accountReference: 'INVOICE-000123' }],
  ['accountReference', { accountReference: 'ABCDEFGHIJKLM' }],
  ['accountReference', { accountReference: '' }],
  ['callbackUrl', { callbackUrl: '/callbacks/1' }],
])('refuses a push whose %s M-Pesa would not take, before anything is sent', (field, overrides) => {
  expect(() => bodyOf(overrides)).toThrow(InvalidRequestError);
  expect(() => bodyOf(overrides)).toThrow(expect.objectContaining({ field, moneyMoved: 'no' }));
});

test('offers the nearest amounts when a fraction of a shilling is asked for', () => {
  expect(() => bodyOf({ money: { currency: 'KES', amountMinor: 1050n } })).toThrow(/"10" and "11"/);
});

test('wants TLS on the way back in production', () => {
  const production = parseMpesaConfig({ ...SANDBOX, environment: 'production' });
  expect(() => bodyOf({ callbackUrl: 'http://mydomain.com/path' }, production)).toThrow(
    expect.objectContaining({ field: 'callbackUrl' }),
  );
});

test('asks about a push with a password of its own moment', () => {
  const { url, body } = buildStkQuery(config, 'ws_CO_191220191020363925', AT);
  const { Password } = requestBodyOf('mpesa/x09-stk-push');
  expect(url).toBe('https://sandbox.safaricom.co.ke/mpesa/stkpushquery/v1/query');
  expect(JSON.parse(body ?? '')).toEqual({
    BusinessShortCode: 174379,
    Password,
    Timestamp: '20210628092408',
    CheckoutRequestID: 'ws_CO_191220191020363925',
  });
});
