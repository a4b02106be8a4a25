import type { HttpRequest } from '@canza/core';
import { describe, expect, test } from 'vitest';

import { BASE_URL, createMomoCaller, jsonOf, PAYER, reference } from '../../test/momo-caller.ts';

const KEYED = { 'ocp-apim-subscription-key': 'canza-sandbox-collection-key' };
const basic = (user: string, key: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${key}`).toString('base64')}`,
});

describe('API users', () => {
  const make = (
    id: string,
    host: unknown = 'sdk.example.org',
    headers: Record<string, string> = KEYED,
  ): HttpRequest => ({
    method: 'POST',
    url: `${BASE_URL}/v1_0/apiuser`,
    headers: { ...headers, 'x-reference-id': id },
    body: JSON.stringify({ providerCallbackHost: host }),
  });

  test('are made with a key, shown, and open the product whose key made them', async () => {
    const { emulator, call } = createMomoCaller();
    const id = reference(77);
    expect(await emulator.handle(make(id))).toMatchObject({ status: 201, body: '' });
    const key = await emulator.handle({ method: 'POST', url: `${BASE_URL}/v1_0/apiuser/${id}/apikey`, headers: KEYED });
    expect(key.status).toBe(201);
    const apiKey = String(jsonOf(key)['apiKey']);
    expect(apiKey).toMatch(/^[0-9a-f]{32}$/);
    const shown = await emulator.handle({ method: 'GET', url: `${BASE_URL}/v1_0/apiuser/${id}`, headers: KEYED });
    expect(jsonOf(shown)).toEqual({ providerCallbackHost: 'sdk.example.org', targetEnvironment: 'sandbox' });
    const token = await emulator.handle({
      method: 'POST',
      url: `${BASE_URL}/collection/token/`,
      headers: { ...KEYED, ...basic(id, apiKey) },
    });
    const authorization = `Bearer ${String(jsonOf(token)['access_token'])}`;
    const balance = await call('collection', 'GET', '/v1_0/account/balance', { headers: { authorization } });
    expect(balance.status).toBe(200);
  });

  test('are told apart from those of another product, which their token does not open', async () => {
    const { emulator, call } = createMomoCaller();
    const { apiUser, apiKey } = emulator.credentials.collection;
    const { subscriptionKey } = emulator.credentials.disbursement;
    const token = await emulator.handle({
      method: 'POST',
      url: `${BASE_URL}/disbursement/token/`,
      headers: { 'ocp-apim-subscription-key': subscriptionKey, ...basic(apiUser, apiKey) },
    });
    const authorization = `Bearer ${String(jsonOf(token)['access_token'])}`;
    const refused = await call('disbursement', 'GET', '/v1_0/account/balance', { headers: { authorization } });
    expect([refused.status, jsonOf(refused)]).toEqual([
      500,
      { code: 'NOT_ALLOWED_TARGET_ENVIRONMENT', message: 'Access to target environment is forbidden.' },
    ]);
  });

  test('are refused twice, badly named, with an address for a host, or without a key', async () => {
    const { emulator } = createMomoCaller();
    await emulator.handle(make(reference(77)));
    expect((await emulator.handle(make(reference(77)))).status).toBe(409);
    expect((await emulator.handle(make('77'))).status).toBe(400);
    expect((await emulator.handle(make(reference(78), 'https://sdk.example.org/x'))).status).toBe(400);
    expect((await emulator.handle(make(reference(78), undefined, {}))).status).toBe(401);
    const nobody = { method: 'POST', url: `${BASE_URL}/v1_0/apiuser/${reference(99)}/apikey`, headers: KEYED } as const;
    expect(jsonOf(await emulator.handle(nobody))).toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
  });

  test('cannot be made outside the sandbox', async () => {
    const { emulator } = createMomoCaller({ environment: { targetEnvironment: 'mtnghana', currency: 'GHS' } });
    expect((await emulator.handle(make(reference(77)))).status).toBe(404);
  });
});

describe('a token', () => {
  test('is MTN’s word, and lives an hour', async () => {
    const { tokenReply, call, clock } = createMomoCaller();
    expect(jsonOf(await tokenReply('collection'))).toMatchObject({ token_type: 'access_token', expires_in: 3600 });
    const balance = async () => (await call('collection', 'GET', '/v1_0/account/balance')).status;
    expect(await balance()).toBe(200);
    await clock.advance(3_600_000);
    expect(await balance()).toBe(401);
  });

  test('is refused with wrong credentials as HTTP 500, or 401 where told to', async () => {
    const wrong = basic(reference(1), 'x');
    const refused = await createMomoCaller().tokenReply('collection', wrong);
    expect([refused.status, refused.body]).toEqual([500, '{"error":"login_failed"}']);
    const newer = createMomoCaller({ shapes: { loginFailed: 401 } });
    expect((await newer.tokenReply('collection', wrong)).status).toBe(401);
  });

  test('of one product does not open another', async () => {
    const { tokenReply, call } = createMomoCaller();
    const authorization = `Bearer ${String(jsonOf(await tokenReply('collection'))['access_token'])}`;
    expect((await call('disbursement', 'GET', '/v1_0/account/balance', { headers: { authorization } })).status).toBe(
      401,
    );
  });
});

test.each<[string, Record<string, string | undefined>, object, number, string]>([
  [
    'another product’s key',
    { 'ocp-apim-subscription-key': 'canza-sandbox-disbursement-key' },
    {},
    401,
    'invalid subscription key',
  ],
  ['no key', { 'ocp-apim-subscription-key': undefined }, {}, 401, 'missing subscription key'],
  ['no token', { authorization: undefined }, {}, 401, 'Unauthorized'],
  ['the word production', { 'x-target-environment': 'production' }, {}, 500, 'NOT_ALLOWED_TARGET_ENVIRONMENT'],
  ['a reference of version 1', { 'x-reference-id': '00000000-0000-1000-8000-000000000001' }, {}, 400, ''],
  ['a reference in upper case', { 'x-reference-id': 'ABCDEF00-0000-4000-8000-000000000001' }, {}, 400, ''],
  ['an empty callback address', { 'x-callback-url': '' }, {}, 400, ''],
  [
    'a callback address of another host',
    { 'x-callback-url': 'https://example.org/x' },
    {},
    500,
    'INVALID_CALLBACK_URL_HOST',
  ],
  ['another currency', {}, { currency: 'UGX' }, 500, 'INVALID_CURRENCY'],
  ['an amount as a number', {}, { amount: 12.5 }, 400, ''],
  ['nothing', {}, { amount: '0' }, 400, ''],
  ['less than nothing', {}, { amount: '-1' }, 400, ''],
  ['three decimals', {}, { amount: '1.001' }, 400, ''],
  ['an apostrophe', {}, { payerMessage: 'it’s "it\'s"' }, 400, ''],
  ['a long note', {}, { payeeNote: 'x'.repeat(161) }, 400, ''],
  ['a number with a plus', {}, { payer: { partyIdType: 'MSISDN', partyId: `+${PAYER}` } }, 400, ''],
  ['no payer', {}, { payer: undefined }, 400, ''],
])('refuses %s, and makes nothing', async (_what, headers, changes, status, text) => {
  const { pay, emulator } = createMomoCaller();
  const response = await pay('request-to-pay', 1, PAYER, { ...changes }, headers);
  expect(response.status).toBe(status);
  expect(response.body).toContain(text);
  expect(emulator.payments).toHaveLength(0);
});

test('knows neither other paths nor other verbs, nor a second version of a transfer', async () => {
  const { call } = createMomoCaller();
  for (const [method, path] of [
    ['GET', '/v1_0/lunch'],
    ['DELETE', '/v1_0/transfer'],
    ['POST', '/v2_0/transfer'],
  ] as const) {
    expect((await call('disbursement', method, path)).status).toBe(404);
  }
});

test('does not find a payment under another kind, another reference or no reference', async () => {
  const { pay, call } = createMomoCaller();
  await pay('request-to-pay', 1);
  const ask = (path: string) => call('collection', 'GET', path);
  expect((await ask(`/v1_0/requesttowithdraw/${reference(1)}`)).status).toBe(404);
  expect(jsonOf(await ask(`/v1_0/requesttopay/${reference(2)}`))).toEqual({
    code: 'RESOURCE_NOT_FOUND',
    message: 'Requested resource was not found.',
  });
  expect((await ask('/v1_0/requesttopay/1')).status).toBe(400);
});

test('tells who holds a wallet, and whether it works', async () => {
  const { call, emulator } = createMomoCaller({ names: { [PAYER]: { given: 'Ada', family: 'Test' } } });
  const ask = (path: string) => call('remittance', 'GET', `/v1_0/accountholder/${path}`);
  expect(jsonOf(await ask(`msisdn/${PAYER}/active`))).toEqual({ result: true });
  expect(jsonOf(await ask(`MSISDN/${PAYER}/basicuserinfo`))).toMatchObject({ given_name: 'Ada', family_name: 'Test' });
  expect((await ask(`MSISDN/${PAYER}/active`)).status).toBe(400);
  emulator.subscribers.set(PAYER, 'inactive');
  expect(jsonOf(await ask(`msisdn/${PAYER}/active`))).toEqual({ result: false });
  emulator.subscribers.set(PAYER, 'unknown');
  expect((await ask(`msisdn/${PAYER}/active`)).status).toBe(404);
  expect((await ask(`msisdn/${PAYER}/basicuserinfo`)).status).toBe(404);
});

test('tells our balance in the one currency there is', async () => {
  const { call } = createMomoCaller({ openingAccountMinor: 1000_00n });
  expect(jsonOf(await call('collection', 'GET', '/v1_0/account/balance/EUR'))).toEqual({
    availableBalance: '1000',
    currency: 'EUR',
  });
  expect((await call('collection', 'GET', '/v1_0/account/balance/USD')).status).toBe(500);
});

test('tells a payer one more thing, once paid, and in the header too', async () => {
  const { pay, call, clock } = createMomoCaller();
  await pay('request-to-pay', 1);
  const notify = async (n: number, header?: string) =>
    (
      await call('collection', 'POST', `/v1_0/requesttopay/${reference(n)}/deliverynotification`, {
        headers: { notificationmessage: header },
        body: { notificationMessage: 'Thank you' },
      })
    ).status;
  expect(await notify(1, 'Thank you')).toBe(409);
  await clock.advance(10_000);
  expect(await notify(1, 'Thank you')).toBe(200);
  expect(await notify(1)).toBe(400);
  expect(await notify(2, 'Thank you')).toBe(404);
});

describe('a standing approval', () => {
  const ask = (caller: ReturnType<typeof createMomoCaller>, n: number, changes: object = {}) =>
    caller.call('collection', 'POST', '/v2_0/preapproval', {
      headers: { 'x-reference-id': reference(n), 'x-callback-url': 'https://sdk.example.org/approvals' },
      body: {
        payer: { partyIdType: 'MSISDN', partyId: PAYER },
        payerCurrency: 'EUR',
        payerMessage: 'Monthly plan',
        validityTime: 3600,
        ...changes,
      },
    });

  test('is asked for, given, listed and cancelled, and moves no money', async () => {
    const caller = createMomoCaller();
    const { call, clock, emulator, received } = caller;
    expect((await ask(caller, 1)).status).toBe(202);
    const status = async () => jsonOf(await call('collection', 'GET', `/v2_0/preapproval/${reference(1)}`));
    expect(await status()).toMatchObject({ status: 'PENDING' });
    await clock.advance(10_000);
    expect(await status()).toMatchObject({ status: 'SUCCESSFUL', payerCurrency: 'EUR' });
    expect(received.map(({ method, body }) => [method, jsonOf({ body: body ?? '' })['status']])).toEqual([
      ['PUT', 'SUCCESSFUL'],
    ]);
    const list = async () =>
      JSON.parse((await call('collection', 'GET', `/v1_0/preapprovals/msisdn/${PAYER}`)).body) as Record<
        string,
        string
      >[];
    const [given] = await list();
    expect(given).toMatchObject({ status: 'APPROVED', message: 'Monthly plan' });
    expect((await call('collection', 'DELETE', `/v1_0/preapproval/${given?.['preApprovalId']}`)).status).toBe(200);
    expect(await list()).toMatchObject([{ status: 'CANCELLED' }]);
    expect((await call('collection', 'DELETE', '/v1_0/preapproval/0')).status).toBe(404);
    expect(emulator.books.movements()).toHaveLength(0);
  });

  test('is refused by the phone, by test numbers and for a bad request', async () => {
    const caller = createMomoCaller({ handsets: { [PAYER]: 'decline' } });
    await ask(caller, 1);
    await ask(caller, 2, { payer: { partyIdType: 'MSISDN', partyId: '46733123455' } });
    await caller.clock.advance(10_000);
    expect(caller.emulator.preApprovals.map(({ end }) => end)).toEqual([
      { status: 'FAILED', code: 'APPROVAL_REJECTED' },
      { status: 'FAILED', code: 'PAYER_NOT_FOUND' },
    ]);
    expect((await ask(caller, 1)).status).toBe(409);
    expect((await ask(caller, 3, { validityTime: '3600' })).status).toBe(400);
    expect((await ask(caller, 3, { payerCurrency: 'UGX' })).status).toBe(500);
    expect((await ask(caller, 3, { payer: { partyIdType: 'MSISDN', partyId: '46733123459' } })).status).toBe(500);
  });

  test('ends by itself when its time is over', async () => {
    const caller = createMomoCaller();
    await ask(caller, 1, { validityTime: 60 });
    await caller.clock.advance(61_000);
    const list = await caller.call('collection', 'GET', `/v1_0/preapprovals/msisdn/${PAYER}`);
    expect(JSON.parse(list.body)).toMatchObject([{ status: 'EXPIRED' }]);
  });
});
