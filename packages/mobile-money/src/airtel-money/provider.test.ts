import { constants, privateDecrypt } from 'node:crypto';
import { inspect } from 'node:util';

import type { ScriptedStep } from '@canza/core/testing';
import { expect, test } from 'vitest';

import {
  CALLBACK_KEY,
  CLIENT_SECRET,
  errorOf,
  FIRST_KEYS,
  fixture,
  fixtureAbout,
  KENYA,
  PIN,
  phoneOf,
  questionOf,
  REFERENCE,
  reply,
  requestOver,
  SECOND_KEYS,
  setUp,
  TOKEN,
  token,
  UGANDA,
} from '../../test/airtel-money.ts';
import { airtelMoney } from './provider.ts';

const accepted: ScriptedStep = () => fixtureAbout('x02-collection', 'ORDER0001');
const paid: ScriptedStep = () => fixtureAbout('x03-enquiry-paid-odd-envelope', 'ORDER0001');
const paidOut: ScriptedStep = () => fixtureAbout('x10-disbursement-v2', 'PAYOUT0002');
const unknownId: ScriptedStep = { json: { status: { response_code: 'DP00800001025', success: false } } };
const keyReply =
  (publicText: string): ScriptedStep =>
  () => ({
    ...fixture('x19-encryption-key'),
    body: fixture('x19-encryption-key').body.replace('<base64 SPKI>', publicText),
  });

const { publicKey: _key, ...ASKING } = UGANDA;
const bodyOf = (body: string | undefined) => JSON.parse(body ?? '{}') as Record<string, unknown>;

function decryptedPin(pin: unknown, { privateKey }: typeof FIRST_KEYS): string {
  const block = privateDecrypt(
    { key: privateKey, padding: constants.RSA_NO_PADDING },
    Buffer.from(String(pin), 'base64'),
  );
  return block.subarray(block.indexOf(0, 2) + 1).toString();
}

test('asks for a payment with a token, and about it with the same', async () => {
  const { provider, transport, routeFor, calls } = setUp(UGANDA, token, accepted, paid);
  const request = requestOver(routeFor('collection'));
  const { references = {} } = await provider.collect(request);
  expect(await provider.query(questionOf(request, { references }))).toMatchObject({ status: 'succeeded' });
  expect(calls()).toEqual([
    'POST /auth/oauth2/token',
    'POST /merchant/v1/payments/',
    `GET /standard/v1/payments/${REFERENCE}`,
  ]);
  expect(transport.requests.map(({ headers }) => headers['authorization'])).toEqual([
    undefined,
    `Bearer ${TOKEN}`,
    `Bearer ${TOKEN}`,
  ]);
});

test('asks for one token and one key for a thousand first payouts', async () => {
  const many = Array.from({ length: 1000 }, () => paidOut);
  const { provider, routeFor, calls } = setUp(ASKING, token, keyReply(FIRST_KEYS.publicText), ...many);
  const request = requestOver(routeFor('disbursement'));
  const found = await Promise.all(many.map(() => provider.disburse(request)));
  expect(new Set(found.map(({ status }) => status))).toEqual(new Set(['succeeded']));
  expect(calls().slice(0, 2)).toEqual(['POST /auth/oauth2/token', 'GET /v1/rsa/encryption-keys']);
  expect(calls()).toHaveLength(1002);
});

test('renews a token that has lived its three minutes, and one that is refused before', async () => {
  const { provider, clock, routeFor, calls } = setUp(
    UGANDA,
    token,
    paid,
    token,
    paid,
    reply('x15-token-expired'),
    token,
    accepted,
  );
  const request = requestOver(routeFor('collection'));
  await provider.query(questionOf(request));
  await clock.advance(180_000);
  await provider.query(questionOf(request));
  expect(await provider.collect(request)).toMatchObject({ status: 'pending' });
  expect(calls().filter((call) => call.endsWith('/token'))).toHaveLength(3);
});

test('says that the credentials are wrong, and that nothing was sent', async () => {
  const { provider, routeFor } = setUp(UGANDA, reply('x01-token-refused'));
  expect(await errorOf(provider.collect(requestOver(routeFor('collection'))))).toMatchObject({
    code: 'AUTHENTICATION',
    moneyMoved: 'no',
    providerCode: 'invalid_client',
  });
});

test('sends the PIN encrypted, under the key in the configuration or the one that Airtel told', async () => {
  const configured = setUp(UGANDA, token, paidOut);
  await configured.provider.disburse(requestOver(configured.routeFor('disbursement')));
  expect(decryptedPin(bodyOf(configured.transport.requests[1]?.body)['pin'], FIRST_KEYS)).toBe(PIN);

  const asked = setUp(ASKING, token, keyReply(SECOND_KEYS.publicText), paidOut);
  await asked.provider.disburse(requestOver(asked.routeFor('disbursement')));
  expect(decryptedPin(bodyOf(asked.transport.requests[2]?.body)['pin'], SECOND_KEYS)).toBe(PIN);
});

test('sends a PIN that Airtel encrypted as it is, and asks for no key', async () => {
  const encryptedPin = 'A'.repeat(172);
  const { pin: _pin, ...settings } = ASKING;
  const { provider, transport, routeFor } = setUp({ ...settings, encryptedPin }, token, paidOut);
  await provider.disburse(requestOver(routeFor('disbursement')));
  expect(bodyOf(transport.requests[1]?.body)['pin']).toBe(encryptedPin);
});

test.each<[string, ScriptedStep]>([
  ['no reply', { failure: 'timeout' }],
  ['a page', { status: 503, text: '<html></html>' }],
  ['no key', { json: { data: {} } }],
])('knows that nothing moved when the request of the key is answered with %s', async (_what, step) => {
  const { provider, routeFor, calls } = setUp(ASKING, token, step);
  const error = await errorOf(provider.disburse(requestOver(routeFor('disbursement'))));
  expect(error.moneyMoved).toBe('no');
  expect(calls().filter((call) => call.includes('disbursements'))).toHaveLength(0);
});

test('asks for another key after Airtel could not read the PIN', async () => {
  const unreadable: ScriptedStep = { status: 400, json: { status_code: 'ROUTER116', status_message: 'x' } };
  const { provider, routeFor, calls } = setUp(
    ASKING,
    token,
    keyReply(FIRST_KEYS.publicText),
    unreadable,
    keyReply(SECOND_KEYS.publicText),
    paidOut,
  );
  const request = requestOver(routeFor('disbursement'));
  expect(await errorOf(provider.disburse(request))).toMatchObject({ code: 'REJECTED', moneyMoved: 'no' });
  expect(await provider.disburse(request)).toMatchObject({ status: 'succeeded' });
  expect(calls().filter((call) => call.includes('encryption-keys'))).toHaveLength(2);
});

test('signs what it sends where signing is on, over the very bytes of the body, and no question', async () => {
  const signing = { ...UGANDA, signing: true, collection: 'v2' } as const;
  const { provider, transport, routeFor } = setUp(signing, token, accepted, paid);
  const request = requestOver(routeFor('collection'));
  await provider.collect(request);
  await provider.query(questionOf(request));
  const [, sent, question] = transport.requests;
  expect(sent?.headers).toHaveProperty('x-signature');
  expect(Buffer.from(sent?.headers['x-key'] ?? '', 'base64')).toHaveLength(128);
  expect(question?.headers).not.toHaveProperty('x-signature');
});

test('repeats a signed request after a refused token byte for byte', async () => {
  const signing = { ...UGANDA, signing: true, collection: 'v2' } as const;
  const { provider, transport, routeFor } = setUp(signing, token, reply('x15-token-expired'), token, accepted);
  await provider.collect(requestOver(routeFor('collection')));
  const sent = transport.requests.filter(({ url }) => url.endsWith('/payments/'));
  expect(sent).toHaveLength(2);
  expect(sent[1]).toEqual(sent[0]);
});

test('sends nothing twice when the reply is lost, and finds the payment under its id', async () => {
  const { provider, routeFor, calls } = setUp(UGANDA, token, { failure: 'timeout' }, unknownId, paid);
  const request = requestOver(routeFor('collection'));
  expect(await errorOf(provider.collect(request))).toMatchObject({ code: 'TRANSPORT', moneyMoved: 'maybe' });
  expect(await provider.query(questionOf(request))).toMatchObject({ status: 'not-found' });
  expect(await provider.query(questionOf(request))).toMatchObject({ status: 'succeeded' });
  expect(calls().filter((call) => call.startsWith('POST /merchant'))).toHaveLength(1);
});

test('gives a collection back by Airtel’s id, and has nobody to ask about it', async () => {
  const { provider, transport, routeFor } = setUp(UGANDA, token, reply('x16-refund'));
  const original = {
    reference: '0'.repeat(32),
    references: { airtel_money_id: 'CI210104.1549.C00029' },
    money: { currency: 'UGX', amountMinor: 1000n },
  } as const;
  const request = requestOver(routeFor('refund'), { original });
  expect(await provider.refund(request)).toMatchObject({ status: 'succeeded' });
  expect(bodyOf(transport.requests[1]?.body)).toEqual({ transaction: { airtel_money_id: 'CI210104.1549.C00029' } });
  expect(await provider.query(questionOf(request))).toMatchObject({ status: 'unaskable' });
});

test('refuses a request before it asks for a key, a token or anything', async () => {
  const { provider, transport, routeFor } = setUp(ASKING);
  const abroad = requestOver(routeFor('disbursement'), { msisdn: '254733123456' });
  expect(await errorOf(provider.disburse(abroad))).toMatchObject({ code: 'INVALID_REQUEST', field: 'phoneNumber' });
  const stranger = requestOver({ ...routeFor('collection'), id: 'airtel-money:collection:ug:ugx:collection:0' });
  expect(await errorOf(provider.collect(stranger))).toMatchObject({ code: 'INVALID_REQUEST', field: 'route' });
  expect(transport.requests).toHaveLength(0);
});

test('refuses in words what is not configured, and sends nothing', async () => {
  const { disbursement: _none, pin: _pin, ...collecting } = UGANDA;
  const { provider, transport, routeFor } = setUp(collecting);
  const request = requestOver(routeFor('collection'));
  expect(await errorOf(provider.disburse(request))).toMatchObject({ code: 'UNSUPPORTED', moneyMoved: 'no' });
  expect(await errorOf(provider.remit(request))).toMatchObject({ code: 'UNSUPPORTED', moneyMoved: 'no' });
  expect(await errorOf(provider.remittances.refund('MP1'))).toMatchObject({ code: 'UNSUPPORTED' });
  expect(provider.capabilities.disburse).toEqual({
    unsupported: 'no disbursement is configured for this application.',
  });
  expect(transport.requests).toHaveLength(0);
});

test('remits under our id, and asks by it', async () => {
  const answered: ScriptedStep = { json: { status: '200', message: 'Success' } };
  const { provider, routeFor, calls } = setUp(KENYA, token, answered, { json: { status: 'TS', txnid: 'MP1' } });
  const request = requestOver(routeFor('remittance'));
  expect(await provider.remit(request)).toMatchObject({ status: 'pending' });
  expect(await provider.query(questionOf(request))).toMatchObject({ status: 'succeeded', receipt: 'MP1' });
  expect(calls().slice(1)).toEqual([
    'POST /openapi/moneytransfer/v2/credit',
    'POST /openapi/moneytransfer/v2/checkstatus',
  ]);
});

test('tells balances by wallet, whose wallet it is, the key, and whether a receiver may be paid', async () => {
  const { provider, routeFor } = setUp(
    KENYA,
    token,
    reply('x18-balance'),
    reply('x18-balance'),
    reply('x17-user'),
    keyReply(FIRST_KEYS.publicText),
    reply('x21-remittance-check'),
  );
  expect((await provider.balance()).map(({ account }) => account)).toEqual(['COLL', 'DISB']);
  expect(await provider.lookupAccount(phoneOf(routeFor('collection')))).toEqual({
    status: 'active',
    name: 'Test User',
  });
  expect(await provider.encryptionKey()).toMatchObject({ keyId: '100' });
  const check = { msisdn: '254733123456', money: { currency: 'KES', amountMinor: 10_000n } } as const;
  expect(await provider.remittances.check(check)).toMatchObject({ status: 'active' });
});

test('shows no secret: in the provider, in any error, in any line of the log', async () => {
  const payer = phoneOf({ country: 'UG' });
  const leaky: ScriptedStep = () => {
    throw Object.assign(new Error(`Bearer ${TOKEN}-${CLIENT_SECRET} pin=${PIN} for ${payer}`), { config: { PIN } });
  };
  const settings = { ...UGANDA, callbackKey: CALLBACK_KEY };
  const factory = airtelMoney(settings);
  const { provider, logger, routeFor } = setUp(settings, token, reply('x15-token-expired'), token, leaky);
  const error = await errorOf(provider.disburse(requestOver(routeFor('disbursement'))));
  expect(error).toMatchObject({ code: 'TRANSPORT', moneyMoved: 'maybe' });
  const shown =
    [factory, provider, error, logger.lines].map((thing) => inspect(thing, { depth: 10 })).join() +
    JSON.stringify(error);
  for (const secret of [CLIENT_SECRET, CALLBACK_KEY, `=${PIN}`, payer]) expect(shown).not.toContain(secret);
});
