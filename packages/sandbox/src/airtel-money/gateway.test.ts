import { constants, createCipheriv, publicEncrypt } from 'node:crypto';

import { expect, test } from 'vitest';

import { collectionBody, createAirtelCaller, MSISDN, pemOf, said } from '../../test/airtel-caller.ts';
import { jsonOf } from '../../test/daraja-caller.ts';
import { hashOf } from './crypto/callback-hash.ts';
import { signBody } from './crypto/message-signature.ts';

test('gives a token for three minutes, which it spells as text', async () => {
  const { token, collect, enquire, clock } = createAirtelCaller();
  expect(jsonOf(await token())).toEqual({
    access_token: expect.stringMatching(/^[A-Za-z0-9]{32}$/),
    expires_in: '180',
    token_type: 'bearer',
  });
  await collect();
  await clock.advance(179_999);
  expect((await enquire()).status).toBe(200);
  await clock.advance(1);
  expect(await enquire()).toMatchObject({
    status: 401,
    body: '{"error_description":"The access token is invalid or has expired","error":"invalid_token"}',
  });
});

test('spells the lifetime as a number where that is wanted, and takes a form', async () => {
  const { emulator, token } = createAirtelCaller({ shapes: { expiresIn: 'number' } });
  expect(jsonOf(await token())['expires_in']).toBe(180);
  const { clientId, clientSecret } = emulator.application;
  const form = await emulator.handle({
    method: 'POST',
    url: 'http://airtel.test/auth/oauth2/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `client_id=${clientId}&client_secret=${clientSecret}&grant_type=client_credentials`,
  });
  expect(form.status).toBe(200);
});

test('refuses a wrong secret, a missing token, and one that was struck off', async () => {
  const { emulator, token, get, enquire } = createAirtelCaller();
  expect(await token({ client_secret: 'guess' })).toMatchObject({
    status: 400,
    body: '{"error_description":"Invalid client authentication","error":"invalid_client"}',
  });
  expect((await get('/standard/v1/payments/A', { Authorization: '' })).body).toContain('The access token is missing');
  await enquire();
  emulator.revokeTokens();
  expect((await enquire()).status).toBe(401);
});

test.each<[string, Record<string, string>, number, object]>([
  ['no country', { 'X-Country': '' }, 400, { status_code: 'ROUTER110' }],
  ['an unknown country', { 'X-Country': 'XX' }, 400, { status_code: 'ROUTER006' }],
  ['another country', { 'X-Country': 'KE' }, 400, { status_code: 'ROUTER007' }],
  ['no currency', { 'X-Currency': '' }, 200, { status: { result_code: 'ESB000008', success: false } }],
  ['another currency', { 'X-Currency': 'KES' }, 400, { status_code: 'ROUTER112' }],
  ['another content type', { 'Content-Type': 'text/plain' }, 415, {}],
])('turns a collection away at the gateway with %s, and charges nobody', async (_what, headers, status, body) => {
  const { emulator, post, clock } = createAirtelCaller();
  const response = await post('/merchant/v1/payments/', collectionBody(), headers);
  expect(response.status).toBe(status);
  expect(jsonOf(response)).toMatchObject(body);
  await clock.advance(300_000);
  expect(emulator.books.collections()).toEqual([]);
});

test.each<[string, Record<string, string>, number, string]>([
  ['an unknown country', { 'X-Country': 'XX' }, 400, 'Invalid Country Code'],
  ['another currency', { 'X-Currency': 'KES' }, 200, 'Invalid/Missing Currency'],
])('spells it otherwise for payouts: %s', async (_what, headers, http, message) => {
  const { get } = createAirtelCaller();
  expect(said(await get('/standard/v1/disbursements/A', headers))).toMatchObject({
    http,
    beside: { response_code: 'DP00900001013', code: 400, message },
  });
});

test('knows no other address, and no other verb', async () => {
  const { get, post } = createAirtelCaller();
  expect(await get('/merchant/v3/payments/')).toMatchObject({
    status: 404,
    body: expect.stringContaining('no Route matched'),
  });
  expect((await get('/merchant/v1/payments/')).status).toBe(405);
  expect(jsonOf(await post('/merchant/v1/payments/', '{"reference":'))).toMatchObject({ status_code: 'ROUTER003' });
});

test('computes hash and signature as the published algorithms do', () => {
  const transaction =
    '{"id":"BBZMiscxy","message":"Paid UGX 5,000 to TECHNOLOGIES LIMITED Charge UGX 140, Trans ID MP210603.1234.L06941.",' +
    '"status_code":"TS","airtel_money_id":"MP210603.1234.L06941"}';
  expect(hashOf(transaction, 'test-callback-key', 'transaction')).toBe('6YVPXiykjQbHlwXLMfDqfDRZhcp/4n2r7pkpAT/8XhQ=');
  expect(hashOf(transaction, 'test-callback-key', 'body')).toBe('DBGreDDd1cGUQE2jJ0u3OuPJ5tBsdSCbjd6iBpnVn8g=');
  const key = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
  const iv = Buffer.from(Array.from({ length: 16 }, (_, index) => 15 - index));
  expect(signBody(JSON.stringify(collectionBody()), key, iv)).toBe(
    'AY7SW2RuBPWu5DzC6AhQFuXaEM1eJHE/yh7XebIPLralUBQoDmASjywjA0CMQQOU6XiVZvoUEKNNnyJJU/WrSZ6Ak19+HG/QL/WrvAdphAVSZMfJrCdIOFQ5' +
      '/ODvcKQdv4StbDVRfu5ONmYcUEIiHGTa/CHNqbxcobRRiphyCbqXXjcOao+CSAoOftBt/OMqNdALW5L1Qod5JW1OqwIcU6h++PiHedBx/tU1q9/P0cs=',
  );
});

const KEY = Buffer.alloc(32, 1);
const IV = Buffer.alloc(16, 2);

/** The headers of a signed message, made without the emulator's own code. */
function signatureOf(body: string, publicKey: string): Record<string, string> {
  const cipher = createCipheriv('aes-256-cbc', KEY, IV);
  const signature = Buffer.concat([cipher.update(body), cipher.final()]).toString('base64');
  const text = Buffer.from(`${KEY.toString('base64')}:${IV.toString('base64')}`);
  const sealed = publicEncrypt({ key: pemOf(publicKey), padding: constants.RSA_PKCS1_PADDING }, text);
  return { 'x-signature': signature, 'x-key': sealed.toString('base64') };
}

test('takes a signed message where signing is switched on, and none without', async () => {
  const { emulator, post } = createAirtelCaller({ application: { signing: 'required' } });
  const body = JSON.stringify(collectionBody());
  const headers = signatureOf(body, emulator.publicKey);
  const mismatch = { beside: { response_code: 'DP00800001026', success: false } };
  expect(said(await post('/merchant/v2/payments/', body))).toMatchObject(mismatch);
  expect(said(await post('/merchant/v2/payments/', `${body} `, headers))).toMatchObject(mismatch);
  expect(said(await post('/merchant/v2/payments/', body, { ...headers, 'x-key': 'AAAA' }))).toMatchObject(mismatch);
  expect(said(await post('/merchant/v2/payments/', body, headers))).toMatchObject({ status: 'SUCCESS' });
  expect(emulator.transactions).toHaveLength(1);
});

test.each([
  ['v2', 'DP00900001016'],
  ['v3', 'DP00900001018'],
])('refuses a wrong signature on payouts of %s with %s', async (version, code) => {
  const { emulator, post, seal } = createAirtelCaller();
  const body = { payee: {}, pin: seal(), transaction: {} };
  const headers = { ...signatureOf('another body', emulator.publicKey) };
  expect(said(await post(`/standard/${version}/disbursements/`, body, headers))).toMatchObject({
    beside: { response_code: code },
  });
});

test('signs neither the first version nor questions', async () => {
  const { collect, enquire, clock, emulator } = createAirtelCaller({ application: { signing: 'required' } });
  expect(said(await collect())).toMatchObject({ status: 'SUCCESS' });
  await clock.advance(15_000);
  expect(said(await enquire())).toMatchObject({ status: 'TS' });
  expect(emulator.books.collectedMinor({ msisdn: MSISDN })).toBe(1000n);
});
