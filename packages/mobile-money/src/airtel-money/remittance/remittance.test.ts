import type { HttpResponse } from '@canza/core';
import { expect, test } from 'vitest';

import { fixture, KENYA, REFERENCE, requestOver, thrownBy } from '../../../test/airtel-money.ts';
import { requestBodyOf } from '../../../test/fixtures.ts';
import { parseAirtelMoneyConfig, type RemittanceSettings } from '../config.ts';
import { waysOf } from '../payments/ways.ts';
import { buildRemittance, buildRemittanceCheck, buildRemittanceEnquiry, buildRemittanceRefund } from './requests.ts';
import { parseRemittance, parseRemittanceCheck, parseRemittanceEnquiry } from './responses.ts';

const config = parseAirtelMoneyConfig(KENYA);
const sender = config.remittance as RemittanceSettings;
const json = (status: number, body: unknown): HttpResponse => ({ status, headers: {}, body: JSON.stringify(body) });
const bodyOf = ({ body }: { body?: string }): unknown => JSON.parse(body ?? '{}');

test('builds the published question about a receiver', () => {
  const check = { msisdn: '254733123456', money: { currency: 'KES', amountMinor: 10_000n } } as const;
  const built = buildRemittanceCheck(config, check, 2);
  expect(bodyOf(built)).toEqual(requestBodyOf('airtel-money/x21-remittance-check'));
  expect(built.url).toMatch(/\/openapi\/moneytransfer\/v2\/validate$/);
});

test('reads whether a receiver may be paid', () => {
  expect(parseRemittanceCheck(fixture('x21-remittance-check'), 'airtel-money')).toEqual({
    status: 'active',
    isBarred: false,
    name: 'Test User',
  });
  expect(parseRemittanceCheck(json(200, { accountStatus: 'N' }), 'airtel-money')).toMatchObject({ status: 'inactive' });
  expect(thrownBy(() => parseRemittanceCheck(json(200, {}), 'airtel-money'))).toMatchObject({ moneyMoved: 'no' });
});

test('builds a remittance that a restarted process would build alike, PIN apart', () => {
  const way = waysOf(config).find(({ api }) => api === 'remittance');
  if (way === undefined) throw new Error('No way.');
  const request = requestOver(way.route);
  expect(bodyOf(buildRemittance(config, sender, request, '<base64 rsa>'))).toEqual({
    amount: 1000,
    channelName: 'ACME',
    country: 'KENYA',
    currency: 'KES',
    extTRID: REFERENCE,
    msisdn: '733123456',
    mtcn: '2071949114',
    payerCountry: 'UGANDA',
    payerFirstName: 'Acme',
    payerLastName: 'Limited',
    pin: '<base64 rsa>',
  });
  expect(bodyOf(buildRemittanceEnquiry(config, sender, REFERENCE))).toEqual({
    channelName: 'ACME',
    country: 'KENYA',
    extTRID: REFERENCE,
  });
  expect(bodyOf(buildRemittanceRefund(config, sender, 'MP1', 'x'))).toMatchObject({ txnID: 'MP1', pin: 'x' });
  expect(thrownBy(() => buildRemittanceRefund(config, sender, ' ', 'x'))).toMatchObject({ field: 'transactionId' });
});

test('does not take "200" for money: it says that the call was answered', () => {
  const answered = json(200, { status: '200', message: 'Success', txnid: 'MP250506.1824.H00006' });
  expect(parseRemittance(answered, 'airtel-money')).toEqual({
    status: 'pending',
    code: '200',
    references: { txnid: 'MP250506.1824.H00006' },
  });
  expect(parseRemittanceEnquiry(answered, 'airtel-money')).toMatchObject({ status: 'pending' });
});

test.each([
  ['TS', 'succeeded'],
  ['TF', 'failed'],
  ['TA', 'unknown'],
  ['TR', 'unknown'],
  ['400', 'unknown'],
  ['Success', 'unknown'],
])('ends a remittance by a listed status alone: %s is %s', (word, status) => {
  expect(parseRemittanceEnquiry(json(200, { status: word }), 'airtel-money')).toMatchObject({ status, code: word });
});

test('knows that nothing moved when the gateway refuses, and not from anything else', () => {
  const send = (response: HttpResponse) => thrownBy(() => parseRemittance(response, 'airtel-money'));
  expect(send(fixture('x23-country-missing'))).toMatchObject({ code: 'REJECTED', moneyMoved: 'no' });
  expect(send(fixture('x14-gateway-timeout'))).toMatchObject({ moneyMoved: 'maybe' });
  expect(send(json(500, { status: 'TF' }))).toMatchObject({ moneyMoved: 'maybe' });
  for (const code of ['DP00900001005', 'DP00900001007', 'DP00900001012', 'DP00800001008']) {
    const codeOfAnotherProduct = json(200, { status: { code: '400', response_code: code, success: false } });
    expect(send(codeOfAnotherProduct)).toMatchObject({ moneyMoved: 'maybe' });
  }
  expect(thrownBy(() => parseRemittanceEnquiry(fixture('x23-country-missing'), 'airtel-money'))).toMatchObject({
    moneyMoved: 'maybe',
  });
});
