import { inspect } from 'node:util';

import type { ScriptedStep } from '@canza/core/testing';
import { expect, test } from 'vitest';

import {
  API_KEY,
  COLLECTION_KEY,
  errorOf,
  PAYER,
  questionOf,
  REFERENCE_UUID,
  reply,
  requestOver,
  SANDBOX,
  setUp,
  TOKEN,
  token,
  UGANDA,
} from '../../test/mtn-momo.ts';
import { mtnMomo } from './provider.ts';

const accepted = reply('x06-request-to-pay');
const paid = reply('x07-request-to-pay-paid');
const unknown = reply('x14-unknown-reference');

test('asks for a payment with a token, and about it with the same', async () => {
  const { provider, transport, routeFor, calls } = setUp(SANDBOX, token, accepted, paid);
  const request = requestOver(routeFor('collection'));
  const { references = {} } = await provider.collect(request);
  expect(await provider.query(questionOf(request, { references }))).toMatchObject({ status: 'succeeded' });
  expect(calls()).toEqual([
    'POST /collection/token/',
    'POST /collection/v1_0/requesttopay',
    `GET /collection/v1_0/requesttopay/${REFERENCE_UUID}`,
  ]);
  expect(transport.requests.map(({ headers }) => headers['authorization'])).toEqual([
    'Basic YzcyMDI1ZjUtNWNkMS00NjMwLTk5ZTQtOGJhNDcyMmZhZDU2OmYxZGI3OThjOThkZjRiY2Y4M2I1MzgxNzU4OTNiYmYw',
    `Bearer ${TOKEN}`,
    `Bearer ${TOKEN}`,
  ]);
  expect(transport.requests[0]).not.toHaveProperty('body');
});

test('asks each product for a token of its own, with its own subscription key', async () => {
  const { provider, transport, routeFor, calls } = setUp(SANDBOX, token, accepted, token, accepted, token, accepted);
  await provider.collect(requestOver(routeFor('collection')));
  await provider.disburse(requestOver(routeFor('disbursement')));
  await provider.remit(requestOver(routeFor('remittance')));
  expect(calls().filter((call) => call.endsWith('/token/'))).toEqual([
    'POST /collection/token/',
    'POST /disbursement/token/',
    'POST /remittance/token/',
  ]);
  expect(new Set(transport.requests.map(({ headers }) => headers['ocp-apim-subscription-key'])).size).toBe(3);
});

test('asks for one token for a thousand first payments', async () => {
  const { provider, routeFor, calls } = setUp(SANDBOX, token, ...Array.from({ length: 1000 }, () => accepted));
  await Promise.all(Array.from({ length: 1000 }, () => provider.collect(requestOver(routeFor('collection')))));
  expect(calls().filter((call) => call.endsWith('/token/'))).toHaveLength(1);
});

test('renews a refused token, and repeats once with the same reference', async () => {
  const renewed: ScriptedStep = { json: { access_token: 'second', expires_in: '3600' } };
  const refusal: ScriptedStep = { status: 401, text: '' };
  const { provider, transport, routeFor } = setUp(SANDBOX, token, refusal, renewed, accepted);
  expect(await provider.collect(requestOver(routeFor('collection')))).toMatchObject({ status: 'pending' });
  const sent = transport.requests.filter(({ url }) => url.endsWith('requesttopay'));
  expect(sent.map(({ headers }) => headers['x-reference-id'])).toEqual([REFERENCE_UUID, REFERENCE_UUID]);
  expect(sent.map(({ headers }) => headers['authorization'])).toEqual([`Bearer ${TOKEN}`, 'Bearer second']);
});

test.each<[string, ScriptedStep]>([
  ['HTTP 500 login_failed', reply('x05-token-login-failed')],
  ['the gateway’s 401', reply('x18-subscription-key-refused')],
  ['403', reply('x19-forbidden')],
])('says which product’s credentials are wrong when the token call is answered with %s', async (_what, refusal) => {
  const { provider, routeFor } = setUp(SANDBOX, refusal);
  const error = await errorOf(provider.disburse(requestOver(routeFor('disbursement'))));
  expect(error).toMatchObject({ code: 'AUTHENTICATION', moneyMoved: 'no' });
  expect(error.message).toContain('disbursement');
});

test.each<[string, ScriptedStep]>([
  ['nothing', { text: '' }],
  ['a page', { status: 503, text: '<html></html>' }],
  ['no reply', { failure: 'timeout' }],
])('knows that nothing moved when the token call is answered with %s', async (_what, step) => {
  const { provider, routeFor } = setUp(SANDBOX, step);
  expect(await errorOf(provider.collect(requestOver(routeFor('collection'))))).toMatchObject({ moneyMoved: 'no' });
});

test('sends nothing twice when the reply is lost, and finds the payment under its reference', async () => {
  const { provider, routeFor, calls, clock } = setUp(SANDBOX, token, { failure: 'timeout' }, unknown, paid);
  const request = requestOver(routeFor('collection'));
  expect(await errorOf(provider.collect(request))).toMatchObject({ code: 'TRANSPORT', moneyMoved: 'maybe' });
  expect(await provider.query(questionOf(request))).toMatchObject({ status: 'not-found' });
  expect(await clock.runUntil(provider.query(questionOf(request)))).toMatchObject({ status: 'succeeded' });
  expect(calls().filter((call) => call === 'POST /collection/v1_0/requesttopay')).toHaveLength(1);
});

test('asks ten questions a second at most, as MTN allows a partner, whatever the product', async () => {
  const { provider, routeFor, calls, clock } = setUp(
    SANDBOX,
    token,
    paid,
    token,
    ...Array.from({ length: 41 }, () => paid),
  );
  const requests = (['collection', 'disbursement'] as const).map((type) => requestOver(routeFor(type)));
  const asked = Promise.all(
    Array.from({ length: 21 }).flatMap(() => requests.map((each) => provider.query(questionOf(each)))),
  );
  const questions = (): number => calls().filter((call) => call.startsWith('GET')).length;
  const counts: number[] = [];
  for (let second = 1; second <= 4; second++) {
    const before = questions();
    await clock.advance(1000);
    counts.push(questions() - before);
  }
  await clock.runUntil(asked);
  expect(counts).toEqual([11, 10, 10, 10]);
});

test('asks no question whose turn would come after its deadline', async () => {
  const { provider, routeFor, calls, clock } = setUp({ ...SANDBOX, queriesPerSecond: 1 }, token, paid, paid, paid);
  const question = questionOf(requestOver(routeFor('collection')));
  const [first, second, third] = [1, 2, 3].map(() => provider.query(question, { timeoutMs: 1500 }));
  await expect(third).rejects.toMatchObject({ code: 'RATE_LIMITED', moneyMoved: 'no' });
  await clock.runUntil(Promise.all([first, second]));
  expect(calls().filter((call) => call.startsWith('GET'))).toHaveLength(2);
});

test('does not call a payment lost that was accepted and is not known now', async () => {
  const { provider, routeFor } = setUp(SANDBOX, token, accepted, unknown);
  const request = requestOver(routeFor('collection'));
  const { references = {} } = await provider.collect(request);
  expect(await provider.query(questionOf(request, { references }))).toMatchObject({ status: 'unknown' });
});

test('gives a collection back by the reference it was asked for under', async () => {
  const { provider, transport, routeFor } = setUp(SANDBOX, token, reply('x21-refund'));
  const money = { currency: 'EUR', amountMinor: 1250n } as const;
  const original = { reference: '0123456789abcdef0123456789abcdef', references: {}, money };
  await provider.refund(requestOver(routeFor('refund'), { original }));
  expect(JSON.parse(transport.requests[1]?.body ?? '')).toMatchObject({
    referenceIdToRefund: '01234567-89ab-4def-8123-456789abcdef',
  });
});

test('refuses in words what is not subscribed to, and sends nothing', async () => {
  const { disbursement: _none, remittance: _nor, ...collecting } = UGANDA;
  const { provider, transport, routeFor } = setUp(collecting);
  const request = requestOver(routeFor('collection'));
  for (const call of [provider.disburse, provider.remit, provider.refund]) {
    expect(await errorOf(call(request))).toMatchObject({ code: 'UNSUPPORTED', moneyMoved: 'no' });
  }
  expect(await errorOf(provider.cashTransfers.read(REFERENCE_UUID))).toMatchObject({ code: 'UNSUPPORTED' });
  expect(provider.capabilities.disburse).toEqual({ unsupported: 'no credentials for disbursement are configured.' });
  expect(transport.requests).toHaveLength(0);
});

test('refuses a route of another provider: the payment would be looked for in the wrong place', async () => {
  const { provider, transport, routeFor } = setUp(SANDBOX);
  const route = { ...routeFor('collection'), id: 'mtn-momo:collection:ug:requesttopay:00000000' };
  expect(await errorOf(provider.query(questionOf(requestOver(route))))).toMatchObject({ code: 'INVALID_REQUEST' });
  expect(transport.requests).toHaveLength(0);
});

test('tells our balance at each product', async () => {
  const balance = reply('x28-balance');
  const { provider } = setUp(SANDBOX, token, token, token, balance, balance, {
    json: { availableBalance: '-5.5', currency: 'EUR' },
  });
  expect(await provider.balance()).toEqual([
    { account: 'collection', available: { currency: 'EUR', amountMinor: 100_000n } },
    { account: 'disbursement', available: { currency: 'EUR', amountMinor: 100_000n } },
    { account: 'remittance', available: { currency: 'EUR', amountMinor: -550n } },
  ]);
});

test('reads no balance out of something else', async () => {
  const { remittance: _none, disbursement: _nor, ...collecting } = SANDBOX;
  const { provider } = setUp(collecting, token, { json: { availableBalance: 'all', currency: 'EUR' } });
  expect(await errorOf(provider.balance())).toMatchObject({ code: 'UNEXPECTED_RESPONSE', moneyMoved: 'no' });
});

test('tells whether a wallet exists, and whose it is where MTN says so', async () => {
  const active = reply('x29-holder-active');
  const info = reply('x30-basic-user-info');
  const { provider, calls } = setUp(
    SANDBOX,
    token,
    active,
    info,
    active,
    reply('x19-forbidden'),
    unknown,
    { json: { result: false } },
    { json: true },
    unknown,
  );
  expect(await provider.lookupAccount(PAYER)).toEqual({ status: 'active', name: 'Sand Box' });
  expect(await provider.lookupAccount(PAYER)).toEqual({ status: 'active' });
  expect(await provider.lookupAccount(PAYER)).toEqual({ status: 'not-found' });
  expect(await provider.lookupAccount(PAYER)).toEqual({ status: 'inactive' });
  expect(await provider.lookupAccount(PAYER)).toEqual({ status: 'active' });
  expect(calls()).toContain(`GET /collection/v1_0/accountholder/msisdn/${PAYER}/basicuserinfo`);
});

test('does not call a wallet missing when the question was refused', async () => {
  const { provider } = setUp(SANDBOX, token, reply('x17-wrong-environment'));
  expect(await errorOf(provider.lookupAccount(PAYER))).toMatchObject({
    code: 'REJECTED',
    reason: 'route-misconfigured',
  });
});

test('checks its settings when it is made, not when it is used', () => {
  expect(() => mtnMomo({ ...SANDBOX, targetEnvironment: 'production' as never })).toThrow(/mtnMomo\.targetEnvironment/);
});

test('shows no secret: in the provider, in any error, in any line of the log', async () => {
  const leaky: ScriptedStep = () => {
    throw Object.assign(new Error(`Bearer ${TOKEN} for ${PAYER}`), { config: { headers: { TOKEN } } });
  };
  const { provider, logger, routeFor } = setUp(SANDBOX, token, { status: 401, text: '' }, token, leaky);
  const error = await errorOf(provider.collect(requestOver(routeFor('collection'))));
  expect(error).toMatchObject({ code: 'TRANSPORT', moneyMoved: 'maybe' });
  const shown =
    [provider, error, logger.lines].map((thing) => inspect(thing, { depth: 10 })).join() + JSON.stringify(error);
  for (const secret of [TOKEN, API_KEY, COLLECTION_KEY, PAYER]) expect(shown).not.toContain(secret);
});
