import type { SubmitRequest } from '@canza/core';
import { expect, test } from 'vitest';

import { requestBodyOf } from '../../test/fixtures.ts';
import { thrownBy } from '../../test/replies.ts';
import { REFERENCE, requestOver, TANZANIA } from '../../test/vodacom-mpesa.ts';
import { parseVodacomMpesaConfig } from './config.ts';
import {
  buildBusinessPayment,
  buildCollection,
  buildNameQuestion,
  buildPayout,
  buildReversal,
  buildStatusQuestion,
} from './requests.ts';
import { routesOf } from './routes.ts';

const config = parseVodacomMpesaConfig(TANZANIA);
const configOf = (change: object) => parseVodacomMpesaConfig({ ...TANZANIA, environment: 'production', ...change });
const [route] = routesOf(config);
if (route === undefined) throw new Error('no route');
const request = (overrides: Partial<SubmitRequest> = {}) => requestOver(route, overrides);
const bodyOf = ({ body = '' }: { readonly body?: string }) => JSON.parse(body) as Record<string, string>;

test('asks for a collection as the portal’s sample does', () => {
  const sample = requestBodyOf('vodacom-mpesa/x37-collection');
  const built = buildCollection(config, request({ reference: 'asv02e5958774f7ba228d83d0d689761' }));
  expect(bodyOf(built)).toEqual({ ...sample, input_Country: 'TZN', input_Currency: 'TZS' });
  expect(built).toMatchObject({
    method: 'POST',
    url: 'https://openapi.m-pesa.com/sandbox/ipg/v2/vodacomTZN/c2bPayment/singleStage/',
    headers: { 'content-type': 'application/json' },
  });
});

test('pays a customer, and says what for under another name than a collection does', () => {
  const built = buildPayout(config, request());
  expect(built.url).toMatch(/\/b2cPayment\/$/);
  const body = bodyOf(built);
  expect(body).toMatchObject({ input_PaymentItemsDesc: 'Shoes', input_ThirdPartyConversationID: REFERENCE });
  expect(body).not.toHaveProperty('input_PurchasedItemsDesc');
});

test('gives back with PUT, by the transaction id that the operator told', () => {
  const money = { currency: 'TZS', amountMinor: 1000n } as const;
  const original = { reference: 'x', references: { TransactionID: 'hv9ahxcg4ccv' }, receipt: 'claimed00001', money };
  const built = buildReversal(config, request({ original }));
  expect(built).toMatchObject({ method: 'PUT', url: expect.stringMatching(/\/reversal\/$/) });
  expect(bodyOf(built)).toEqual({
    input_Country: 'TZN',
    input_ServiceProviderCode: '000000',
    input_ReversalAmount: '10',
    input_ThirdPartyConversationID: REFERENCE,
    input_TransactionID: 'hv9ahxcg4ccv',
  });
  const unnamed = { ...original, references: {}, receipt: undefined as never };
  expect(thrownBy(() => buildReversal(config, request({ original: unnamed })))).toMatchObject({ field: 'original' });
});

test('pays a business without a service provider code', () => {
  const payment = { reference: 'b2b1', receiver: '000001', amount: '10', description: 'Shoes, two' };
  expect(bodyOf(buildBusinessPayment(config, payment))).toEqual({
    input_Amount: '10',
    input_Country: 'TZN',
    input_Currency: 'TZS',
    input_PrimaryPartyCode: '000000',
    input_ReceiverPartyCode: '000001',
    input_ThirdPartyConversationID: 'b2b1',
    input_TransactionReference: 'b2b1',
    input_PurchasedItemsDesc: 'Shoes two',
  });
  for (const [field, change] of [
    ['receiver', { receiver: '1' }],
    ['reference', { reference: 'with-dash' }],
    ['amount', { amount: '10.50' }],
  ] as const) {
    expect(thrownBy(() => buildBusinessPayment(config, { ...payment, ...change }))).toMatchObject({ field });
  }
});

test('asks about a transaction by our own id of it, under an id of the question’s own', () => {
  const { method, url, body } = buildStatusQuestion(config, { reference: REFERENCE, questionId: 'q1' });
  expect([method, body]).toEqual(['GET', undefined]);
  expect(url).toBe(
    'https://openapi.m-pesa.com/sandbox/ipg/v2/vodacomTZN/queryTransactionStatus/' +
      `?input_QueryReference=${REFERENCE}&input_Country=TZN&input_ServiceProviderCode=000000` +
      '&input_ThirdPartyConversationID=q1',
  );
});

test('asks for the name behind a number', () => {
  const { searchParams } = new URL(buildNameQuestion(config, '255754123456', 'q1').url);
  expect(Object.fromEntries(searchParams)).toEqual({
    input_Country: 'TZN',
    input_ServiceProviderCode: '000000',
    input_CustomerMSISDN: '255754123456',
    input_KycQueryType: 'Name',
    input_ThirdPartyConversationID: 'q1',
  });
});

test.each([
  ['TZN', '255754123456', '25575412345'],
  ['MOZ', '258841234567', '255754123456'],
  ['DRC', '243811234567', '2438112345678'],
  ['LES', '26658123456', '266581234567'],
] as const)('in %s takes %s and refuses %s', (market, right, wrong) => {
  const live = configOf({ market });
  const [way] = routesOf(live);
  if (way === undefined) throw new Error('no route');
  const build = (msisdn: string) => buildCollection(live, requestOver(way, { msisdn }));
  expect(bodyOf(build(right))['input_CustomerMSISDN']).toBe(right);
  const error = thrownBy(() => build(wrong));
  expect(error).toMatchObject({ code: 'INVALID_REQUEST', field: 'phoneNumber' });
  expect(JSON.stringify(error)).not.toContain(wrong);
});

test('takes the sandbox’s test numbers in the sandbox alone', () => {
  expect(thrownBy(() => buildCollection(configOf({}), request()))).toMatchObject({ field: 'phoneNumber' });
});

test.each([
  ['Café, «très bon»! (2)', 'Cafe tres bon 2'],
  ['a+b_c', 'a b c'],
  ['…', 'Payment'],
  ['x'.repeat(300), 'x'.repeat(256)],
])('strips %j of what would have the payment refused', (description, plain) => {
  expect(bodyOf(buildCollection(config, request({ description })))['input_PurchasedItemsDesc']).toBe(plain);
});

test('strips an account of punctuation, refuses to cut it, and gives our reference in its place', () => {
  const accountOf = (change: Partial<SubmitRequest>) =>
    bodyOf(buildCollection(config, request(change)))['input_TransactionReference'];
  expect(accountOf({ accountReference: 'INV-12/34' })).toBe('INV 12 34');
  const { accountReference: _none, ...without } = request();
  expect(bodyOf(buildCollection(config, without))['input_TransactionReference']).toBe(REFERENCE.slice(0, 20));
  expect(thrownBy(() => accountOf({ accountReference: 'x'.repeat(21) }))).toMatchObject({ field: 'accountReference' });
});

test.each([
  ['a fraction of a shilling', { currency: 'TZS', amountMinor: 1050n }, 'amount'],
  ['another currency', { currency: 'USD', amountMinor: 1000n }, 'currency'],
  ['nothing', { currency: 'TZS', amountMinor: 0n }, 'amount'],
] as const)('refuses %s before anything is sent', (_what, money, field) => {
  expect(thrownBy(() => buildCollection(config, request({ money })))).toMatchObject({ field, moneyMoved: 'no' });
});
