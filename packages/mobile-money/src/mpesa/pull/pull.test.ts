import { expect, test } from 'vitest';

import { replyOf } from '../../../test/fixtures.ts';
import { SANDBOX } from '../../../test/mpesa.ts';
import { jsonReply } from '../../../test/replies.ts';
import { parseMpesaConfig } from '../config.ts';
import { pagesOf } from './pages.ts';
import { buildPull, buildPullRegistration } from './requests.ts';
import { type PulledPayment, parsePull, parsePullRegistration } from './responses.ts';

const config = parseMpesaConfig({ ...SANDBOX, shortcode: '600000' });
const page = (...payments: object[]) => jsonReply(200, { ResponseCode: '1000', Response: [payments] });

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
  expect(parsePullRegistration(jsonReply(200, { 'Response Status': '1001' }), 'mpesa')).toBe('already-registered');
  expect(() =>
    parsePullRegistration(jsonReply(400, { errorCode: '400.001', errorMessage: 'Invalid ShortCode' }), 'mpesa'),
  ).toThrow(expect.objectContaining({ code: 'REJECTED', reason: 'route-misconfigured' }));
});

test('reads the payments of a page', () => {
  expect(parsePull(replyOf('mpesa/x35-pull'), 'mpesa')).toEqual([
    {
      receipt: 'LHG31AA5TX',
      amount: '233.80',
      currency: 'KES',
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

const PULLED: PulledPayment = {
  receipt: 'A',
  amount: '1.00',
  currency: 'KES',
  account: '',
  date: '',
  payer: '',
  type: '',
};

test.each([
  ['a server that counts', (offset: number) => ['A', 'B', 'C'].slice(offset, offset + 2)],
  ['a server that takes no notice of the offset', () => ['A', 'B', 'C']],
])('reads all pages of %s once, and stops', async (_what, receiptsAt) => {
  const offsets: (number | undefined)[] = [];
  const pages = pagesOf({ fromMs: 0, untilMs: 1 }, async ({ offset = 0 }) => {
    offsets.push(offset);
    return receiptsAt(offset).map((receipt) => ({ ...PULLED, receipt }));
  });
  const receipts: string[] = [];
  for await (const { receipt } of pages) receipts.push(receipt);
  expect(receipts).toEqual(['A', 'B', 'C']);
  expect(offsets.length).toBeLessThanOrEqual(3);
});
