import type { HttpResponse } from '@canza/core';
import { expect, test } from 'vitest';

import { replyOf } from '../../../test/fixtures.ts';
import { SANDBOX } from '../../../test/mpesa.ts';
import { parseMpesaConfig } from '../config.ts';
import { buildPull, buildPullRegistration } from './requests.ts';
import { parsePull, parsePullRegistration } from './responses.ts';

const config = parseMpesaConfig({ ...SANDBOX, shortcode: '600000' });
const json = (status: number, body: object): HttpResponse => ({ status, headers: {}, body: JSON.stringify(body) });
const page = (...payments: object[]) => json(200, { ResponseCode: '1000', Response: [payments] });

test('asks for a period in East Africa Time, page by page', () => {
  const { url, body } = buildPull(config, {
    fromMs: Date.parse('2020-08-04T21:00:00Z'),
    untilMs: Date.parse('2020-08-05T21:00:00Z'),
    offset: 100,
  });
  expect(url).toBe('https://sandbox.safaricom.co.ke/pulltransactions/v1/query');
  expect(JSON.parse(body ?? '')).toEqual({
    ShortCode: '600000',
    StartDate: '2020-08-05 00:00:00',
    EndDate: '2020-08-06 00:00:00',
    OffSetValue: '100',
  });
  expect(() => buildPull(config, { fromMs: 2, untilMs: 1 })).toThrow(expect.objectContaining({ field: 'untilMs' }));
});

test('registers a short code for pulling, once', () => {
  const { body } = buildPullRegistration(config, {
    nominatedNumber: '254722000000',
    callbackUrl: 'https://mydomain.com/pull',
  });
  expect(JSON.parse(body ?? '')).toEqual({
    ShortCode: '600000',
    RequestType: 'Pull',
    NominatedNumber: '254722000000',
    CallBackURL: 'https://mydomain.com/pull',
  });
  expect(parsePullRegistration(replyOf('mpesa/x35-pull-registered'), 'mpesa')).toBe('registered');
  expect(parsePullRegistration(json(200, { 'Response Status': '1001' }), 'mpesa')).toBe('already-registered');
  expect(() =>
    parsePullRegistration(json(400, { errorCode: '400.001', errorMessage: 'Invalid ShortCode' }), 'mpesa'),
  ).toThrow(expect.objectContaining({ code: 'REJECTED', reason: 'route-misconfigured' }));
});

test('reads the payments of a page', () => {
  expect(parsePull(replyOf('mpesa/x35-pull'), 'mpesa')).toEqual([
    {
      receipt: 'LHG31AA5TX',
      money: { currency: 'KES', amountMinor: 23_380n },
      account: 'ACC1',
      date: '2020-08-05T10:13:00Z',
      payer: '722000000',
      type: 'c2b-pay-bill-debit',
    },
  ]);
});

test('reads an empty page as the end', () => {
  expect(parsePull(page(), 'mpesa')).toEqual([]);
});

test('hides no payment that it cannot read: the whole page is refused', () => {
  const good = { transactionId: 'A1', trxDate: '2020-08-05', amount: 1 };
  for (const bad of [{ ...good, amount: 'ten' }, { ...good, transactionId: '' }, {}]) {
    expect(() => parsePull(page(good, bad), 'mpesa')).toThrow(expect.objectContaining({ code: 'UNEXPECTED_RESPONSE' }));
  }
});
