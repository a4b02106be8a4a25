import { expect, test } from 'vitest';

import { BASE_URL, createDarajaCaller, jsonOf, pushBody } from '../../test/daraja-caller.ts';

const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
const good = basic('canza-sandbox-consumer-key:canza-sandbox-consumer-secret');
const ask = (headers: Record<string, string>, search = '?grant_type=client_credentials') => ({
  method: 'GET' as const,
  url: `${BASE_URL}/oauth/v1/generate${search}`,
  headers,
});

test('gives a token of 28 characters whose lifetime is text (X1)', async () => {
  const { emulator } = createDarajaCaller();
  const response = await emulator.handle(ask(good));
  expect(response.status).toBe(200);
  expect(response.headers['content-type']).toBe('application/json');
  expect(response.body).toMatch(/^\{"access_token":"[A-Za-z0-9]{28}","expires_in":"3599"\}$/);
});

test('gives the lifetime as a number when told to', async () => {
  const { emulator } = createDarajaCaller({ shapes: { expiresIn: 'number' } });
  expect((await emulator.handle(ask(good))).body).toContain('"expires_in":3599}');
});

test.each([
  ['another scheme', { authorization: 'Bearer x' }, '?grant_type=client_credentials', '400.008.01'],
  ['no grant type', good, '', '400.008.02'],
])('refuses %s', async (_, headers, search, errorCode) => {
  const { emulator } = createDarajaCaller();
  const response = await emulator.handle(ask(headers, search));
  expect([response.status, jsonOf(response)['errorCode']]).toEqual([400, errorCode]);
});

test('refuses a wrong secret with an empty body', async () => {
  const { emulator } = createDarajaCaller();
  const response = await emulator.handle(ask(basic('canza-sandbox-consumer-key:wrong')));
  expect(response).toMatchObject({ status: 400, body: '' });
});

test('refuses a token after its hour as HTTP 404, which is no missing address (X3)', async () => {
  const { push, clock } = createDarajaCaller();
  expect((await push()).status).toBe(200);
  await clock.advance(3_600_000);
  const response = await push();
  expect(response.status).toBe(404);
  expect(response.body).toMatch(
    /^\{"requestId":"[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\d+","errorCode":"404\.001\.03","errorMessage":"Invalid Access Token"\}$/,
  );
});

const pushWith = async (caller: ReturnType<typeof createDarajaCaller>, token: string) =>
  caller.post('/mpesa/stkpush/v1/processrequest', pushBody(), { authorization: `Bearer ${token}` });

test('keeps earlier tokens good, unless told that a new one ends them', async () => {
  for (const [newTokenEndsEarlier, status] of [
    [false, 200],
    [true, 404],
  ] as const) {
    const caller = createDarajaCaller({ shapes: { newTokenEndsEarlier } });
    const first = await caller.token();
    await caller.token();
    expect((await pushWith(caller, first)).status).toBe(status);
  }
});

test('refuses every token that was struck off', async () => {
  const { push, emulator } = createDarajaCaller();
  await push();
  emulator.revokeTokens();
  expect((await push()).status).toBe(404);
});

test('refuses a call without a bearer', async () => {
  const { emulator } = createDarajaCaller();
  const response = await emulator.handle({
    method: 'POST',
    url: `${BASE_URL}/mpesa/stkpush/v1/processrequest`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(pushBody()),
  });
  expect([response.status, jsonOf(response)['errorCode']]).toEqual([404, '404.001.04']);
});

test('knows neither other addresses nor other verbs', async () => {
  const { emulator } = createDarajaCaller();
  const call = async (method: 'GET' | 'POST', path: string) =>
    jsonOf(await emulator.handle({ method, url: BASE_URL + path, headers: {} }))['errorCode'];
  expect(await call('POST', '/mpesa/stkpush/v2/processrequest')).toBe('404.001.01');
  expect(await call('GET', '/mpesa/stkpush/v1/processrequest')).toBe('405.001');
});
