import type { HttpRequest, HttpResponse, Transport } from '@canza/core';
import { describe, expect, test } from 'vitest';

import { createDarajaCaller, type DarajaCaller, type Json, jsonOf, PAYER } from '../../../test/daraja-caller.ts';
import type { DarajaEmulatorOptions } from '../settings.ts';

const VALIDATION_URL = 'https://shop.example/validation';
const CONFIRMATION_URL = 'https://shop.example/confirmation';

/** A merchant who answers validations with `answer`; whatever else comes is accepted. */
function createMerchant(
  answer: HttpResponse | 'silence' = jsonAnswer({ ResultCode: '0', ResultDesc: 'Accepted' }),
  options: Partial<DarajaEmulatorOptions> = {},
): DarajaCaller & { readonly got: readonly HttpRequest[] } {
  const got: HttpRequest[] = [];
  const deliver: Transport = async (request) => {
    got.push(request);
    if (request.url !== VALIDATION_URL) return jsonAnswer({ ResultCode: 0, ResultDesc: 'Success' });
    return answer === 'silence' ? new Promise<HttpResponse>(() => undefined) : answer;
  };
  return { ...createDarajaCaller({ ...options, deliver }), got };
}

function jsonAnswer(body: Json): HttpResponse {
  return { status: 200, headers: {}, body: JSON.stringify(body) };
}

const register = (caller: DarajaCaller, changes: Json = {}, version = 'v2') =>
  caller.post(`/mpesa/c2b/${version}/registerurl`, {
    ShortCode: '600984',
    ResponseType: 'Completed',
    ConfirmationURL: CONFIRMATION_URL,
    ValidationURL: VALIDATION_URL,
    ...changes,
  });

const simulate = async (caller: DarajaCaller, changes: Json = {}) => {
  const response = await caller.post('/mpesa/c2b/v2/simulate', {
    ShortCode: 600984,
    CommandID: 'CustomerPayBillOnline',
    Amount: 5,
    Msisdn: 254712345678,
    BillRefNumber: 'Test Ref',
    ...changes,
  });
  await caller.clock.advance(30_000);
  return response;
};

const bodies = (requests: readonly HttpRequest[]): Json[] => requests.map((request) => jsonOf(request));

describe('registering addresses', () => {
  test('is acknowledged under a misspelt name (X18)', async () => {
    const response = await register(createMerchant());
    expect(response.status).toBe(200);
    expect(response.body).toMatch(
      /^\{"OriginatorCoversationID":"[0-9a-f-]{27}\d+","ResponseCode":"0","ResponseDescription":"Success"\}$/,
    );
  });

  test.each([
    ['00000000', { ResponseCode: '00000000' }],
    ['absent', {}],
  ] as const)('can be acknowledged with ResponseCode %s', async (registrationCode, expected) => {
    const response = jsonOf(await register(createMerchant(undefined, { shapes: { registrationCode } })));
    expect(response).toEqual({
      OriginatorCoversationID: expect.any(String),
      ResponseDescription: 'Success',
      ...expected,
    });
  });

  test('twice replaces the first, or is refused as in production', async () => {
    const sandbox = createMerchant();
    await register(sandbox);
    expect((await register(sandbox)).status).toBe(200);
    const production = createMerchant(undefined, { shapes: { urlsRegisteredOnce: true } });
    await register(production);
    expect(jsonOf(await register(production))).toMatchObject({
      errorCode: '500.003.1001',
      errorMessage: 'Urls are already registered.',
    });
  });

  test.each([
    ['ShortCode', '1'],
    ['ResponseType', 'completed'],
    ['ConfirmationURL', 'https://shop.example/mpesa'],
    ['ValidationURL', ''],
  ])('with a wrong %s is refused', async (field, value) => {
    const response = await register(createMerchant(), { [field]: value });
    expect([response.status, jsonOf(response)['errorMessage']]).toEqual([400, `Bad Request - Invalid ${field}`]);
  });

  test('refuses a token in its own way', async () => {
    const response = await createMerchant().post('/mpesa/c2b/v2/registerurl', {}, { authorization: 'Bearer x' });
    expect([response.status, jsonOf(response)['errorCode']]).toEqual([400, '400.003.01']);
  });
});

describe('a customer’s payment', () => {
  test('is validated, moves the money, and is confirmed with the new balance (X19, X20, X21)', async () => {
    const caller = createMerchant(
      jsonAnswer({ ResultCode: '0', ResultDesc: 'Accepted', ThirdPartyTransID: '1234567890' }),
    );
    await register(caller);
    const response = await simulate(caller);
    expect(jsonOf(response)).toEqual({
      OriginatorCoversationID: expect.any(String),
      ResponseCode: '0',
      ResponseDescription: 'Accept the service request successfully.',
    });
    const [charge] = caller.emulator.books.charges({ channel: 'c2b' });
    const notice =
      `{"TransactionType":"Pay Bill","TransID":"${charge?.receipt}","TransTime":"20260101030001","TransAmount":"5.00",` +
      '"BusinessShortCode":"600984","BillRefNumber":"Test Ref","InvoiceNumber":"","OrgAccountBalance":"BALANCE",' +
      '"ThirdPartyTransID":"THIRD","MSISDN":"2547 ***** 678","FirstName":"JOHN","MiddleName":"","LastName":""}';
    expect(caller.got.map(({ url, body }) => [url, body])).toEqual([
      [VALIDATION_URL, notice.replace('BALANCE', '').replace('THIRD', '')],
      [CONFIRMATION_URL, notice.replace('BALANCE', '5.00').replace('THIRD', '1234567890')],
    ]);
    expect(charge).toMatchObject({ msisdn: PAYER, shortcode: '600984', amountMinor: 5_00n });
  });

  test.each([
    ['v1', 'by-version', /^[0-9a-f]{64}$/],
    ['v2', 'by-version', /^2547 \*{5} 678$/],
    ['v2', 'starred', /^25471\*{4}678$/],
    ['v2', 'plain', /^254712345678$/],
  ] as const)('registered by %s shows the phone %s', async (version, c2bPhone, shown) => {
    const caller = createMerchant(undefined, { shapes: { c2bPhone } });
    await register(caller, {}, version);
    await simulate(caller);
    for (const body of bodies(caller.got)) expect(body['MSISDN']).toMatch(shown);
  });

  test('that the merchant rejects moves nothing and is not confirmed (X22)', async () => {
    const caller = createMerchant(jsonAnswer({ ResultCode: 'C2B00012', ResultDesc: 'Rejected' }));
    await register(caller);
    await simulate(caller);
    expect(caller.got.map(({ url }) => url)).toEqual([VALIDATION_URL]);
    expect(caller.emulator.books.charges()).toEqual([]);
    expect(
      await caller.clock.runUntil(
        caller.emulator.customerPays({ shortcode: '600984', msisdn: PAYER, amountMinor: 5_00n, billReference: 'x' }),
      ),
    ).toEqual({ kind: 'rejected', code: 'C2B00012' });
  });

  test.each<[answer: HttpResponse | 'silence', responseType: string, charges: number]>([
    ['silence', 'Completed', 1],
    ['silence', 'Cancelled', 0],
    [{ status: 500, headers: {}, body: '' }, 'Completed', 1],
    [{ status: 500, headers: {}, body: '' }, 'Cancelled', 0],
    [{ status: 200, headers: {}, body: '<html>' }, 'Cancelled', 0],
  ])('whose validation gets %j is decided by what was registered: %s', async (answer, ResponseType, charges) => {
    const caller = createMerchant(answer);
    await register(caller, { ResponseType });
    await simulate(caller);
    expect(caller.emulator.books.charges()).toHaveLength(charges);
  });

  test('goes through where nobody registered, and tells nobody', async () => {
    const caller = createMerchant();
    await simulate(caller);
    expect(caller.emulator.books.charges()).toHaveLength(1);
    expect(caller.got).toEqual([]);
  });

  test('is not validated where the shortcode did not ask for it', async () => {
    const caller = createMerchant(undefined, {
      organisations: [{ shortcode: '600984', name: 'Shop', kind: 'pay-bill', externalValidation: false }],
    });
    await register(caller);
    await simulate(caller);
    expect(caller.got.map(({ url }) => url)).toEqual([CONFIRMATION_URL]);
  });

  test('whose confirmation is lost has moved the money all the same, and is not confirmed again', async () => {
    const caller = createMerchant();
    await register(caller);
    caller.emulator.faults.add({ stage: 'callback', kind: 'missing', operation: 'c2b-confirmation' });
    await simulate(caller);
    expect(caller.got.map(({ url }) => url)).toEqual([VALIDATION_URL]);
    expect(caller.emulator.books.charges()).toHaveLength(1);
  });

  test('to a till has no account number and is called Buy Goods', async () => {
    const caller = createMerchant();
    await register(caller, { ShortCode: '600901' });
    await simulate(caller, { ShortCode: '600901', CommandID: 'CustomerBuyGoodsOnline', BillRefNumber: null });
    expect(bodies(caller.got)[1]).toMatchObject({ TransactionType: 'Buy Goods', BillRefNumber: '' });
    expect(caller.emulator.books.accountMinor('600901')).toBe(5_00n);
  });

  test('beyond the wallet does not happen', async () => {
    const caller = createMerchant(undefined, { openingWalletMinor: 4_99n });
    await register(caller);
    await simulate(caller);
    expect(caller.emulator.books.charges()).toEqual([]);
  });

  test.each([
    ['CommandID', 'CustomerBuyGoodsOnline'],
    ['Amount', 0.5],
    ['Msisdn', '0712345678'],
    ['BillRefNumber', ''],
    ['BillRefNumber', 'twenty-one characters'],
  ])('with a wrong %s is refused', async (field, value) => {
    const response = await simulate(createMerchant(), { [field]: value });
    expect([response.status, jsonOf(response)['errorMessage']]).toEqual([400, `Bad Request - Invalid ${field}`]);
  });

  test('by prompt is confirmed here too where that is switched on', async () => {
    const caller = createMerchant(undefined, { shapes: { confirmsStk: true } });
    await register(caller, { ShortCode: '174379' });
    await caller.push();
    await caller.clock.advance(30_000);
    const [charge] = caller.emulator.books.charges();
    const confirmation = bodies(caller.got.filter(({ url }) => url === CONFIRMATION_URL));
    expect(confirmation).toMatchObject([{ TransID: charge?.receipt, TransAmount: '100.00', BillRefNumber: 'order 1' }]);
  });
});
