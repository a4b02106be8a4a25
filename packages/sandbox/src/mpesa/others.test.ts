import { inflateSync } from 'node:zlib';

import { describe, expect, test } from 'vitest';

import { createDarajaCaller, type DarajaCaller, type Json, jsonOf, PAYER } from '../../test/daraja-caller.ts';
import type { HandsetSetting } from '../handset.ts';

const registerPull = (caller: DarajaCaller, changes: Json = {}) =>
  caller.post('/pulltransactions/v1/register', {
    ShortCode: '600984',
    RequestType: 'Pull',
    NominatedNumber: '254722000000',
    CallBackURL: 'https://shop.example/pull',
    ...changes,
  });

const pull = (caller: DarajaCaller, changes: Json = {}) =>
  caller.post('/pulltransactions/v1/query', {
    ShortCode: '600984',
    StartDate: '2026-01-01 00:00:00',
    EndDate: '2026-01-04 00:00:00',
    OffSetValue: '0',
    ...changes,
  });

const pay = (caller: DarajaCaller, amountMinor: bigint) =>
  caller.emulator.customerPays({ shortcode: '600984', msisdn: PAYER, amountMinor, billReference: 'ACC1' });

describe('the Pull API', () => {
  test('is registered once, and says so the second time (X35)', async () => {
    const caller = createDarajaCaller();
    const first = await registerPull(caller);
    expect(first.body).toMatch(
      /^\{"ResponseRefID":"[0-9a-f-]{36}","ResponseStatus":"1000","ShortCode":"600984","ResponseDescription":"Shortcode Registered Successfully"\}$/,
    );
    expect(jsonOf(await registerPull(caller))['ResponseStatus']).toBe('1001');
  });

  test('lists customers’ payments in a list in a list (X35)', async () => {
    const caller = createDarajaCaller();
    await registerPull(caller);
    expect((await pull(caller)).body).toContain('"ResponseCode":"1000","ResponseMessage":"Success","Response":[[]]}');
    await pay(caller, 233_80n);
    await pay(caller, 300_00n);
    const [first, second] = caller.emulator.books.charges();
    const line = (receipt: string | undefined, amount: string): string =>
      `{"transactionId":"${receipt}","trxDate":"2026-01-01T03:00:00Z","msisdn":712345678,"sender":"MPESA","transactiontype":"c2b-pay-bill-debit","billreference":"ACC1","amount":"${amount}","organizationname":"Safaricom Daraja 984"}`;
    expect((await pull(caller)).body).toContain(
      `"Response":[[${line(first?.receipt, '233.8')},${line(second?.receipt, '300')}]]}`,
    );
    expect((await pull(caller, { OffSetValue: '1' })).body).toContain(
      `"Response":[[${line(second?.receipt, '300')}]]}`,
    );
  });

  test('can be asked by GET, with the fields behind the address', async () => {
    const caller = createDarajaCaller();
    await registerPull(caller);
    await pay(caller, 1_00n);
    const search = new URLSearchParams({
      ShortCode: '600984',
      StartDate: '2026-01-01 03:00:00',
      EndDate: '2026-01-01 03:00:01',
      OffSetValue: '0',
    });
    const response = await caller.emulator.handle({
      method: 'GET',
      url: `http://daraja.test/pulltransactions/v1/query?${search.toString()}`,
      headers: { authorization: `Bearer ${await caller.token()}` },
    });
    expect(response.body).toContain('"amount":"1"');
  });

  test('tells in UTC where that is switched on, and nothing older than two days', async () => {
    const caller = createDarajaCaller({ shapes: { pullTimes: 'utc' } });
    await registerPull(caller);
    await pay(caller, 1_00n);
    expect((await pull(caller)).body).toContain('"trxDate":"2026-01-01T00:00:00Z"');
    await caller.clock.advance(48 * 3_600_000 + 1);
    await caller.renew();
    expect((await pull(caller)).body).toContain('"Response":[[]]}');
  });

  test.each([
    ['an unregistered shortcode', { ShortCode: '600000' }, 'Invalid ShortCode'],
    ['a date of another form', { StartDate: '2026-01-01T00:00:00Z' }, 'Invalid StartDate'],
    ['an end before the start', { EndDate: '2025-12-31 00:00:00' }, 'Invalid EndDate'],
  ])('refuses %s', async (_, changes, errorMessage) => {
    const caller = createDarajaCaller();
    await registerPull(caller);
    const response = await pull(caller, changes);
    expect(response.status).toBe(400);
    expect(jsonOf(response)).toMatchObject({ errorCode: '400.001', errorMessage });
  });
});

describe('B2B Express', () => {
  const push = (caller: DarajaCaller) =>
    caller.post('/v1/ussdpush/get-msisdn', {
      primaryShortCode: '600901',
      receiverShortCode: '600000',
      amount: '71',
      paymentRef: 'MAndbubry3hi',
      callbackUrl: 'https://shop.example/express',
      partnerName: 'Vendor',
      RequestRefID: '404e1aec-19e0-4ce3-973d-bd92e94c8021',
    });

  test('answers flat and in text when the till’s owner approves (X34)', async () => {
    const caller = createDarajaCaller();
    expect((await push(caller)).body).toBe('{"code":"0","status":"USSD Initiated Successfully"}');
    await caller.clock.advance(30_000);
    const [transfer] = caller.emulator.books.transfers();
    expect(caller.received.map(({ body }) => body)).toEqual([
      `{"resultCode":"0","resultDesc":"The service request is processed successfully.","amount":"71.0","requestId":"404e1aec-19e0-4ce3-973d-bd92e94c8021","resultType":"0","conversationID":"${transfer?.conversationId}","transactionId":"${transfer?.receipt}","status":"SUCCESS"}`,
    ]);
    expect(transfer).toMatchObject({ fromShortcode: '600901', toShortcode: '600000', amountMinor: 71_00n });
  });

  test.each<[setting: HandsetSetting, code: string]>([
    ['decline', '4001'],
    ['unreachable', '4201'],
    [{ behaviour: 'code', code: '4104' }, '4104'],
  ])('answers %j with %s and moves nothing', async (setting, code) => {
    const caller = createDarajaCaller();
    caller.emulator.handset.set('600901', setting);
    await push(caller);
    await caller.clock.advance(60_000);
    expect(caller.received.map((request) => jsonOf(request))).toMatchObject([
      { resultCode: code, requestId: '404e1aec-19e0-4ce3-973d-bd92e94c8021', paymentReference: 'MAndbubry3hi' },
    ]);
    expect(caller.emulator.books.transfers()).toEqual([]);
  });
});

describe('a QR code', () => {
  const generate = (caller: DarajaCaller, changes: Json = {}) =>
    caller.post('/mpesa/qrcode/v1/generate', {
      MerchantName: 'TEST SUPERMARKET',
      RefNo: 'Invoice Test',
      Amount: 1,
      TrxCode: 'BG',
      CPI: '373132',
      Size: '300',
      ...changes,
    });

  test('is a picture of the size that was asked for', async () => {
    const response = jsonOf(await generate(createDarajaCaller()));
    expect(response).toMatchObject({ ResponseCode: '00', ResponseDescription: 'QR Code Successfully Generated.' });
    const png = Buffer.from(String(response['QRCode']), 'base64');
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([300, 300]);
    const dataAt = png.indexOf('IDAT');
    const rows = inflateSync(png.subarray(dataAt + 4, dataAt + 4 + png.readUInt32BE(dataAt - 4)));
    expect(rows).toHaveLength(300 * (1 + Math.ceil(300 / 8)));
    expect(rows.some((byte) => byte === 0x00)).toBe(true);
  });

  test.each([
    ['TrxCode', 'XX'],
    ['Amount', 'much'],
    ['Size', 'big'],
  ])('with a wrong %s is refused', async (field, value) => {
    expect(jsonOf(await generate(createDarajaCaller(), { [field]: value }))['errorMessage']).toBe(
      `Bad Request - Invalid ${field}`,
    );
  });
});
