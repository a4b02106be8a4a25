import { describe, expect, test } from 'vitest';

import {
  CALLBACK_URL,
  createDarajaCaller,
  type Json,
  jsonOf,
  PAYER,
  passwordOf,
  pushBody,
} from '../../../test/daraja-caller.ts';
import type { HandsetSetting } from '../../handset.ts';
import { TEST_MSISDN, TEST_STORE } from '../settings.ts';

const callbackOf = ({ body }: { readonly body?: string }): Json =>
  (jsonOf({ body: body ?? '' })['Body'] as { stkCallback: Json }).stkCallback;

describe('a push', () => {
  test('takes the sample request, numbers as numbers and as text, and acknowledges it (X9, X10)', async () => {
    const { post } = createDarajaCaller();
    const response = await post(
      '/mpesa/stkpush/v1/processrequest',
      '{"BusinessShortCode":174379,"Password":"MTc0Mzc5YmZiMjc5ZjlhYTliZGJjZjE1OGU5N2RkNzFhNDY3Y2QyZTBjODkzMDU5YjEwZjc4ZTZiNzJhZGExZWQyYzkxOTIwMjEwNjI4MDkyNDA4","Timestamp":"20210628092408","TransactionType":"CustomerPayBillOnline","Amount":"1","PartyA":"254722000000","PartyB":"174379","PhoneNumber":"254722111111","CallBackURL":"https://mydomain.com/path","AccountReference":"accountref","TransactionDesc":"txndesc"}',
    );
    expect(response.status).toBe(200);
    expect(response.body).toMatch(
      /^\{"MerchantRequestID":"[0-9a-f-]{27}\d+","CheckoutRequestID":"ws_CO_01012026030000000722111111","ResponseCode":"0","ResponseDescription":"Success\. Request accepted for processing","CustomerMessage":"Success\. Request accepted for processing"\}$/,
    );
  });

  test.each<[field: string, value: unknown]>([
    ['BusinessShortCode', 'shop'],
    ['Timestamp', '20260230000000'],
    ['TransactionType', 'CustomerBuyGoodsOnline'],
    ['Amount', '10.5'],
    ['Amount', 0],
    ['Amount', '-1'],
    ['PartyA', '0712345678'],
    ['PhoneNumber', '+254712345678'],
    ['PartyB', ''],
    ['CallBackURL', 'shop.example'],
    ['CallBackURL', 'https://shop.example/mpesa/callback'],
    ['CallBackURL', 'https://shop.example/a?cmd=1'],
    ['AccountReference', 'thirteen chars'],
    ['AccountReference', ''],
    ['TransactionDesc', 'fourteen chars!'],
  ])('with a wrong %s (%j) is refused by that name, and asks nobody (X2)', async (field, value) => {
    const { push, emulator } = createDarajaCaller();
    const response = await push({ [field]: value });
    expect(response.status).toBe(400);
    expect(jsonOf(response)).toMatchObject({
      errorCode: '400.002.02',
      errorMessage: `Bad Request - Invalid ${field}`,
    });
    expect(emulator.prompts).toEqual([]);
  });

  test('with longer texts is taken where that is switched on', async () => {
    const { push } = createDarajaCaller({ shapes: { longTexts: 'taken' } });
    expect((await push({ AccountReference: 'thirteen chars', TransactionDesc: 'x'.repeat(20) })).status).toBe(200);
  });

  test('without a content type is refused by its first field', async () => {
    const { post } = createDarajaCaller();
    const response = await post('/mpesa/stkpush/v1/processrequest', pushBody(), { 'content-type': 'text/plain' });
    expect(jsonOf(response)['errorMessage']).toBe('Bad Request - Invalid BusinessShortCode');
  });

  test('that is no JSON is refused', async () => {
    const { post } = createDarajaCaller();
    expect(jsonOf(await post('/mpesa/stkpush/v1/processrequest', '{"Amount":'))['errorCode']).toBe('400.002.05');
  });

  test.each([
    [
      'a password of another moment',
      { Password: passwordOf('20260101030001') },
      '[MerchantValidate] - Wrong credentials',
    ],
    ['an unknown shortcode', { BusinessShortCode: '999999', PartyB: '999999' }, 'Merchant does not exist'],
  ])('with %s is refused', async (_, changes, errorMessage) => {
    const { push } = createDarajaCaller();
    const response = await push(changes);
    expect(response.status).toBe(500);
    expect(jsonOf(response)).toMatchObject({ errorCode: '500.001.1001', errorMessage });
  });

  test('to a phone whose prompt is open is refused until that one is done (X4)', async () => {
    const { push, clock, emulator } = createDarajaCaller();
    await push();
    const refused = await push({ Amount: '7' });
    expect(refused.status).toBe(500);
    expect(jsonOf(refused)).toMatchObject({
      errorCode: '500.001.1001',
      errorMessage: 'Unable to lock subscriber, a transaction is already in process for the current subscriber',
    });
    await clock.advance(15_000);
    expect((await push({ Amount: '7' })).status).toBe(200);
    expect(emulator.prompts).toHaveLength(2);
  });

  test('is refused for longer where sessions are said to last', async () => {
    const { push, clock } = createDarajaCaller({ timings: { sessionLockMs: 60_000 } });
    await push();
    await clock.advance(59_999);
    expect((await push({ Amount: '7' })).status).toBe(500);
    await clock.advance(1);
    expect((await push({ Amount: '7' })).status).toBe(200);
  });

  test('sent twice in a row charges once, and again when the first is done: nothing in it is a key', async () => {
    const { push, clock, emulator } = createDarajaCaller({ timings: { repeatWindowMs: 0 } });
    await push();
    await push();
    await clock.advance(15_000);
    expect(emulator.books.charges()).toHaveLength(1);
    await push();
    await clock.advance(15_000);
    expect(emulator.books.chargedMinor()).toBe(200_00n);
  });
});

describe('an approved payment', () => {
  test('moves the money once and says so in one callback (X11)', async () => {
    const { pushed, clock, received, emulator } = createDarajaCaller();
    const checkoutRequestId = await pushed({ Amount: '1' });
    expect(emulator.books.chargedMinor()).toBe(0n);
    await clock.advance(14_000);
    expect(received).toHaveLength(1);
    const [callback] = received;
    expect(callback).toMatchObject({
      method: 'POST',
      url: CALLBACK_URL,
      headers: { 'content-type': 'application/json;charset=UTF-8', businessshortcode: '174379' },
    });
    const [charge] = emulator.books.charges({ checkoutRequestId });
    expect(callback?.body).toBe(
      `{"Body":{"stkCallback":{"MerchantRequestID":"${emulator.prompts[0]?.merchantRequestId}","CheckoutRequestID":"${checkoutRequestId}","ResultCode":0,"ResultDesc":"The service request is processed successfully.","CallbackMetadata":{"Item":[{"Name":"Amount","Value":1.00},{"Name":"MpesaReceiptNumber","Value":"${charge?.receipt}"},{"Name":"TransactionDate","Value":20260101030012},{"Name":"PhoneNumber","Value":254712345678}]}}}}`,
    );
    expect(charge).toMatchObject({
      receipt: expect.stringMatching(/^UA1[0-9A-Z]{7}$/),
      channel: 'stk',
      msisdn: PAYER,
      shortcode: '174379',
      amountMinor: 100n,
      accountReference: 'order 1',
      callbackUrl: CALLBACK_URL,
    });
    expect(emulator.books.byCallbackUrl(CALLBACK_URL)).toEqual([charge]);
    expect(emulator.books.walletMinor(PAYER)).toBe(249_999_00n);
    expect(emulator.books.accountMinor('174379')).toBe(100n);
    expect(emulator.books.ledger.totalMinor()).toBe(0n);
    await clock.advance(3_600_000);
    expect(received).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
  });

  test.each([
    ['without-value', '{"Name":"Balance"},'],
    ['number', '{"Name":"Balance","Value":249999.00},'],
    [
      'text',
      '{"Name":"Balance","Value":"{Amount={CurrencyCode=KES, MinimumAmount=24999900, BasicAmount=249999.00}}"},',
    ],
  ] as const)('names the balance as third item when told: %s (X12)', async (balanceItem, item) => {
    const { push, clock, received } = createDarajaCaller({ shapes: { balanceItem } });
    await push({ Amount: 1 });
    await clock.advance(20_000);
    expect(received[0]?.body).toContain(`"},${item}{"Name":"TransactionDate"`);
  });

  test.each([
    ['masked', ',{"Name":"PhoneNumber","Value":"254******678"}]'],
    ['absent', '20260101030012}]'],
  ] as const)('shows the phone %s when told', async (callbackPhone, end) => {
    const { push, clock, received } = createDarajaCaller({ shapes: { callbackPhone } });
    await push();
    await clock.advance(20_000);
    expect(received[0]?.body).toContain(end);
  });

  test('of a till is credited to the till', async () => {
    const { push, clock, emulator } = createDarajaCaller();
    const { shortcode, till = '' } = TEST_STORE;
    const response = await push({
      BusinessShortCode: shortcode,
      Password: passwordOf('20260101030000', TEST_STORE),
      TransactionType: 'CustomerBuyGoodsOnline',
      PartyB: till,
    });
    expect(response.status).toBe(200);
    await clock.advance(20_000);
    expect(emulator.books.accountMinor(till, 'Merchant Account')).toBe(100_00n);
  });
});

describe('a payment that is not made', () => {
  test.each<[name: string, setting: HandsetSetting, code: number | string, description: string]>([
    ['cancelled (X13)', 'decline', 1032, 'Request cancelled by user'],
    ['of a silent phone (X14)', 'ignore', 1037, 'No response from user.'],
    ['of a phone that is off', 'unreachable', 1037, 'No response from user.'],
    ['with a wrong PIN', 'wrong-pin', 2001, 'The initiator information is invalid.'],
    ['without funds', 'insufficient-funds', 1, 'The balance is insufficient for the transaction.'],
    ['expired', { behaviour: 'code', code: '1019', description: 'Transaction expired' }, 1019, 'Transaction expired'],
    ['for a text code', { behaviour: 'code', code: 'SFC_IC0003' }, 'SFC_IC0003', 'Result SFC_IC0003'],
  ])('%s moves nothing and has no metadata', async (_, setting, code, description) => {
    const { pushed, clock, received, emulator } = createDarajaCaller();
    emulator.handset.set(PAYER, setting);
    const checkoutRequestId = await pushed();
    await clock.advance(90_000);
    expect(received.map((request) => request.body)).toEqual([
      `{"Body":{"stkCallback":{"MerchantRequestID":"${emulator.prompts[0]?.merchantRequestId}","CheckoutRequestID":"${checkoutRequestId}","ResultCode":${JSON.stringify(code)},"ResultDesc":"${description}"}}}`,
    ]);
    expect(emulator.books.charges()).toEqual([]);
    expect(emulator.books.ledger.entries).toEqual([]);
  });

  test.each<[name: string, changes: Json, code: unknown]>([
    ['above the largest amount', { Amount: '250001' }, 3],
    ['to a receiver that does not exist', { PartyB: '999999' }, 'SFC_IC0003'],
    ["to another's shortcode", { PartyB: '600900' }, 2028],
  ])('%s is refused without a prompt', async (_, changes, code) => {
    const { push, clock, received, emulator } = createDarajaCaller();
    expect((await push(changes)).status).toBe(200);
    await clock.advance(5_000);
    expect(received.map((request) => callbackOf(request)['ResultCode'])).toEqual([code]);
    expect(emulator.books.charges()).toEqual([]);
  });

  test('because the prompt would be longer than 182 characters ends in 1025', async () => {
    const shortcode = { shortcode: '174379', passkey: 'p', businessName: 'x'.repeat(160) };
    const { push, clock, received } = createDarajaCaller({ stkShortcodes: [shortcode] });
    await push({ Password: passwordOf('20260101030000', shortcode) });
    await clock.advance(5_000);
    expect(received.map((request) => callbackOf(request)['ResultCode'])).toEqual([1025]);
  });

  test('of the same amount within two minutes of a charge ends in 17, and not after', async () => {
    const { push, clock, received, emulator } = createDarajaCaller();
    await push();
    await clock.advance(119_999);
    await push();
    await clock.advance(20_000);
    expect(received.map((request) => callbackOf(request)['ResultCode'])).toEqual([0, 17]);
    await push();
    await clock.advance(20_000);
    expect(emulator.books.charges()).toHaveLength(2);
  });

  test('is in nobody’s way two minutes after a charge, to the millisecond', async () => {
    const { push, clock, emulator } = createDarajaCaller();
    await push();
    await clock.advance(120_000);
    await push();
    await clock.advance(20_000);
    expect(emulator.books.charges()).toHaveLength(2);
  });

  test('beyond the day’s limit ends in 4, and is possible on the next day in Nairobi', async () => {
    const { push, clock, received, renew } = createDarajaCaller({ openingWalletMinor: 1_000_000_00n });
    for (const amount of ['250000', '249999', '2']) {
      await push({ Amount: amount });
      await clock.advance(20_000);
    }
    expect(received.map((request) => callbackOf(request)['ResultCode'])).toEqual([0, 0, 4]);
    await clock.advance(21 * 3_600_000);
    await renew();
    await push({ Amount: '2' });
    await clock.advance(20_000);
    expect(received.map((request) => callbackOf(request)['ResultCode'])).toEqual([0, 0, 4, 0]);
  });

  test('beyond what the wallet holds ends in 1', async () => {
    const { push, clock, received } = createDarajaCaller({ openingWalletMinor: 99_99n });
    await push();
    await clock.advance(20_000);
    expect(received.map((request) => callbackOf(request)['ResultCode'])).toEqual([1]);
  });
});

describe('the handset', () => {
  test('takes one reaction a prompt, the last for good', async () => {
    const { push, clock, received, emulator } = createDarajaCaller({ timings: { repeatWindowMs: 0 } });
    emulator.handset.set(PAYER, 'wrong-pin', 'approve');
    for (let attempt = 0; attempt < 3; attempt++) {
      await push();
      await clock.advance(20_000);
    }
    expect(received.map((request) => callbackOf(request)['ResultCode'])).toEqual([2001, 0, 0]);
  });

  test('thinks as long as it is told', async () => {
    const { push, clock, emulator } = createDarajaCaller();
    emulator.handset.setDefault({ behaviour: 'approve', thinkingMs: 100 });
    await push();
    await clock.advance(99);
    expect(emulator.books.charges()).toHaveLength(0);
    await clock.advance(1);
    expect(emulator.books.charges()).toHaveLength(1);
  });

  test('can be answered by hand while the prompt is open, and not after', async () => {
    const { push, clock, emulator } = createDarajaCaller();
    emulator.handset.set(PAYER, 'ignore');
    await push();
    await clock.advance(30_000);
    expect(emulator.answerPrompt(PAYER, { behaviour: 'approve' })).toBe(true);
    await clock.advance(0);
    expect(emulator.answerPrompt(PAYER, { behaviour: 'decline' })).toBe(false);
    await clock.advance(3_600_000);
    expect(emulator.books.charges()).toHaveLength(1);
    expect(emulator.deliveries).toHaveLength(1);
  });

  test('refuses a behaviour that does not exist, and a success by code', () => {
    const { emulator } = createDarajaCaller();
    expect(() => emulator.handset.set(PAYER, 'shrug' as 'approve')).toThrow('"behaviour" is refused');
    expect(() => emulator.handset.set(PAYER, { behaviour: 'code', code: '0' })).toThrow('"code" is refused');
  });

  test('with the operator’s test number is never picked up: 4999 at 0 and 6 s, 1037 from 14 s, callback at 26 s', async () => {
    const { pushed, query, clock, received } = createDarajaCaller({ shapes: { pending: ['under-processing'] } });
    const id = await pushed({ PartyA: TEST_MSISDN, PhoneNumber: TEST_MSISDN });
    const codes: unknown[] = [];
    for (const waitMs of [0, 6_000, 8_000]) {
      await clock.advance(waitMs);
      codes.push(jsonOf(await query(id))['ResultCode']);
    }
    expect(codes).toEqual(['4999', '4999', '1037']);
    await clock.advance(11_999);
    expect(received).toHaveLength(0);
    await clock.advance(1);
    expect(received).toHaveLength(1);
  });
});
