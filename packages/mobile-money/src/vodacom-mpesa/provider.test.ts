import { inspect } from 'node:util';

import { PaymentError } from '@canza/core';
import type { ScriptedStep } from '@canza/core/testing';
import { expect, test } from 'vitest';

import {
  API_KEY,
  bearerOf,
  coded,
  questionOf,
  REFERENCE,
  reply,
  requestOver,
  SESSION_ID,
  session,
  setUp,
  TANZANIA,
} from '../../test/vodacom-mpesa.ts';

const CONVERSATION = 'fd1e9143d22544459f7c66e1860ef276';
const queued = coded(200, 'INS-0', { output_ConversationID: CONVERSATION });
const paid = coded(201, 'INS-0', { output_ConversationID: CONVERSATION, output_TransactionID: 'hv9ahxcg4ccv' });

async function errorOf(call: Promise<unknown>): Promise<PaymentError> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (PaymentError.isInstance(error)) return error;
  throw new Error(`Not a PaymentError: ${inspect(error)}`);
}

test('opens a session with the encrypted API key, and calls with the encrypted session id', async () => {
  const { provider, transport, routeFor, calls } = setUp(TANZANIA, session, paid, paid);
  await provider.collect(requestOver(routeFor('collection')));
  await provider.disburse(requestOver(routeFor('disbursement')));
  expect(calls()).toEqual([
    'GET /sandbox/ipg/v2/vodacomTZN/getSession/',
    'POST /sandbox/ipg/v2/vodacomTZN/c2bPayment/singleStage/',
    'POST /sandbox/ipg/v2/vodacomTZN/b2cPayment/',
  ]);
  expect(transport.requests.map(bearerOf)).toEqual([API_KEY, SESSION_ID, SESSION_ID]);
  expect(transport.requests.map(({ headers }) => headers['origin'])).toEqual(['*', '*', '*']);
});

test('sends nothing with a session that is not live yet, and says so', async () => {
  const { provider, clock, calls, routeFor } = setUp({ ...TANZANIA, sessionWarmUpMs: 30_000 }, session, paid);
  const request = requestOver(routeFor('collection'));
  const error = await errorOf(provider.collect(request));
  expect(error).toMatchObject({ code: 'ROUTE_CLOSED', moneyMoved: 'no', retryAfterMs: 30_000 });
  expect(calls()).toHaveLength(1);
  await clock.advance(30_000);
  expect(await provider.collect(request)).toMatchObject({ status: 'succeeded' });
});

test('says what to check when no session is opened', async () => {
  const { provider, routeFor } = setUp(TANZANIA, reply('x36-session-refused'));
  const error = await errorOf(provider.collect(requestOver(routeFor('collection'))));
  expect(error).toMatchObject({ code: 'AUTHENTICATION', moneyMoved: 'no', providerCode: 'INS-989' });
});

test.each<[string, ScriptedStep]>([
  ['a page', { status: 200, text: '<html></html>' }],
  ['nothing', { text: '' }],
  ['no session id', coded(200, 'INS-0')],
  ['no reply', { failure: 'timeout' }],
])('knows that nothing moved when the session is answered with %s', async (_what, step) => {
  const { provider, routeFor, calls } = setUp(TANZANIA, step);
  expect(await errorOf(provider.collect(requestOver(routeFor('collection'))))).toMatchObject({ moneyMoved: 'no' });
  expect(calls()).toHaveLength(1);
});

test('is done when the reply names the transaction, as in the portal’s sample', async () => {
  const { provider, routeFor } = setUp(TANZANIA, session, reply('x37-collection'));
  const request = requestOver(routeFor('collection'), { reference: 'asv02e5958774f7ba228d83d0d689761' });
  expect(await provider.collect(request)).toEqual({
    status: 'succeeded',
    code: 'INS-0',
    detail: 'Request processed successfully',
    receipt: 'hv9ahxcg4ccv',
    references: { ConversationID: CONVERSATION, TransactionID: 'hv9ahxcg4ccv' },
  });
});

test.each([[queued], [coded(201, 'INS-0', { output_ConversationID: CONVERSATION, output_TransactionID: 'N/A' })]])(
  'is queued when the reply names no transaction, and keeps the id that its result will vouch with',
  async (step) => {
    const { provider, routeFor } = setUp(TANZANIA, session, step);
    const finding = await provider.collect(requestOver(routeFor('collection')));
    expect(finding).toMatchObject({ status: 'pending', references: { ConversationID: CONVERSATION } });
  },
);

test('finds out after a time-out that it was paid all the same', async () => {
  const { provider, routeFor, transport } = setUp(
    TANZANIA,
    session,
    reply('x38-timeout'),
    reply('x38-query-completed'),
  );
  const request = requestOver(routeFor('collection'));
  expect(await provider.collect(request)).toMatchObject({ status: 'unknown', code: 'INS-9' });
  expect(await provider.query(questionOf(request))).toMatchObject({
    status: 'succeeded',
    receipt: 'hv9ahxcg4ccv',
    references: { TransactionID: 'hv9ahxcg4ccv' },
  });
  const { searchParams } = new URL(transport.requests[2]?.url ?? '');
  expect(searchParams.get('input_QueryReference')).toBe(REFERENCE);
});

test('asks each question under a new id, because a repeated one is refused', async () => {
  const { provider, routeFor, transport } = setUp(TANZANIA, session, queued, ...[1, 2].map(() => coded(408, 'INS-9')));
  const request = requestOver(routeFor('collection'));
  await provider.collect(request);
  await errorOf(provider.query(questionOf(request)));
  await errorOf(provider.query(questionOf(request)));
  const ids = transport.requests
    .slice(2)
    .map(({ url }) => new URL(url).searchParams.get('input_ThirdPartyConversationID'));
  expect(new Set([...ids, REFERENCE]).size).toBe(3);
});

test('asks about two payments under two ids, also where two copies of a machine draw the same', async () => {
  const idOf = async (reference: string): Promise<string | null> => {
    const { provider, routeFor, transport } = setUp(TANZANIA, session, coded(408, 'INS-9'));
    await errorOf(provider.query({ ...questionOf(requestOver(routeFor('collection'))), reference }));
    return new URL(transport.requests[1]?.url ?? '').searchParams.get('input_ThirdPartyConversationID');
  };
  const [one, same, other] = [await idOf(REFERENCE), await idOf(REFERENCE), await idOf('e'.repeat(32))];
  expect(one).toBe(same);
  expect(one).not.toBe(other);
});

test('an answer to another question ends nothing', async () => {
  const answer = { output_ResponseTransactionStatus: 'Completed', output_OriginalTransactionID: 'hv9ahxcg4ccv' };
  const another = coded(200, 'INS-0', { ...answer, output_ThirdPartyConversationID: 'f'.repeat(32) });
  const unnamed = coded(200, 'INS-0', answer);
  const { provider, routeFor } = setUp(TANZANIA, session, queued, another, unnamed);
  const request = requestOver(routeFor('collection'));
  await provider.collect(request);
  expect(await provider.query(questionOf(request))).toMatchObject({ status: 'unknown' });
  expect(await provider.query(questionOf(request))).toMatchObject({ status: 'succeeded' });
});

test('INS-6 is HTTP 401 and ends the payment: the session stays, and nothing is sent again', async () => {
  const { provider, routeFor, calls } = setUp(TANZANIA, session, coded(401, 'INS-6'), paid);
  const request = requestOver(routeFor('collection'));
  expect(await provider.collect(request)).toMatchObject({ status: 'failed', reason: 'request-refused', code: 'INS-6' });
  await provider.collect(request);
  expect(calls().filter((call) => call.endsWith('getSession/'))).toHaveLength(1);
});

test.each<[string, ScriptedStep]>([
  ['without a body', { status: 401, text: '' }],
  ['with a code of the older gateway', coded(401, 'INS-2')],
])(
  'another 401 %s proves nothing; the session is renewed for the next call, and this one is not repeated',
  async (_what, step) => {
    const { provider, routeFor, calls } = setUp(TANZANIA, session, step, session, paid);
    const request = requestOver(routeFor('collection'));
    const first = await provider.collect(request).catch((error: unknown) => error);
    expect(PaymentError.isInstance(first) ? first.moneyMoved : (first as { status: string }).status).toMatch(
      /maybe|unknown/,
    );
    expect(calls()).toHaveLength(2);
    await provider.collect(request);
    expect(calls().filter((call) => call.endsWith('getSession/'))).toHaveLength(2);
  },
);

test('a session that is refused by its own code takes the payment no further, and another is opened', async () => {
  const { provider, routeFor, calls } = setUp(TANZANIA, session, coded(400, 'INS-989'), session, paid);
  const request = requestOver(routeFor('collection'));
  expect(await errorOf(provider.collect(request))).toMatchObject({ code: 'ROUTE_CLOSED', moneyMoved: 'no' });
  expect(calls()).toHaveLength(2);
  expect(await provider.collect(request)).toMatchObject({ status: 'succeeded' });
});

test('a repeated id is an earlier request that got through', async () => {
  const { provider, routeFor } = setUp(TANZANIA, session, coded(409, 'INS-10'));
  const error = await errorOf(provider.disburse(requestOver(routeFor('disbursement'))));
  expect(error).toMatchObject({ code: 'DUPLICATE_REFERENCE', moneyMoved: 'maybe', providerCode: 'INS-10' });
});

test.each<[string, ScriptedStep]>([
  ['INS-1', coded(400, 'INS-1')],
  ['an unlisted code', coded(400, 'INS-4711')],
  ['a refusal with HTTP 200', coded(200, 'INS-2006')],
  ['a refusal with HTTP 500', coded(500, 'INS-13')],
  ['success with HTTP 500', coded(500, 'INS-0', { output_TransactionID: 'hv9ahxcg4ccv' })],
  [
    'another conversation',
    coded(201, 'INS-0', { output_TransactionID: 'x'.repeat(12), output_ThirdPartyConversationID: 'y' }),
  ],
])('%s leaves the payment open', async (_what, step) => {
  const { provider, routeFor } = setUp(TANZANIA, session, step);
  expect(await provider.collect(requestOver(routeFor('collection')))).toMatchObject({ status: 'unknown' });
});

test.each<[string, ScriptedStep]>([
  ['a page', { status: 200, text: '<html></html>' }],
  ['nothing', { text: '' }],
  ['cut JSON', { status: 201, text: '{"output_ResponseCode":"INS-0"' }],
  ['HTTP 429', { status: 429, text: '' }],
  ['no reply', { failure: 'timeout' }],
])('%s to a payment leaves the money in doubt', async (_what, step) => {
  const { provider, routeFor, calls } = setUp(TANZANIA, session, step);
  expect(await errorOf(provider.disburse(requestOver(routeFor('disbursement'))))).toMatchObject({
    moneyMoved: 'maybe',
  });
  expect(calls()).toHaveLength(2);
});

test.each<[string, ScriptedStep, string]>([
  ['not known', coded(400, 'INS-23'), 'not-found'],
  ['cancelled', coded(200, 'INS-0', { output_ResponseTransactionStatus: 'Cancelled' }), 'failed'],
  ['expired', coded(200, 'INS-0', { output_TransactionStatus: 'Expired' }), 'failed'],
  ['not decided', coded(200, 'INS-0', { output_ResponseTransactionStatus: 'N/A' }), 'unknown'],
  ['of no status', coded(200, 'INS-0'), 'unknown'],
])('asked about, a payment is %s', async (_what, step, status) => {
  const { provider, routeFor } = setUp(TANZANIA, session, step);
  expect(await provider.query(questionOf(requestOver(routeFor('collection'))))).toMatchObject({ status });
});

test.each(['INS-6', 'INS-9', 'INS-10', 'INS-2006', 'INS-998'])(
  'a question that is answered with %s says nothing about the payment',
  async (code) => {
    const { provider, routeFor } = setUp(TANZANIA, session, coded(401, code));
    const error = await errorOf(provider.query(questionOf(requestOver(routeFor('collection')))));
    expect(error).toMatchObject({ code: 'UNEXPECTED_RESPONSE', moneyMoved: 'maybe', providerCode: code });
  },
);

test('is not told that a payment is unknown by a server that failed while saying so', async () => {
  const { provider, routeFor } = setUp(TANZANIA, session, coded(500, 'INS-23'));
  const error = await errorOf(provider.query(questionOf(requestOver(routeFor('collection')))));
  expect(error).toMatchObject({ code: 'UNEXPECTED_RESPONSE', moneyMoved: 'maybe' });
});

test('that a transaction is not found never counts as proof', () => {
  const { provider } = setUp(TANZANIA);
  expect(provider.routes.map(({ timing }) => timing.notFoundIsProofAfterMs)).toEqual([null, null, null]);
});

test('tells the name behind a number', async () => {
  const named = coded(200, 'INS-0', { output_CustomerFirstName: 'ASHA ', output_CustomerLastName: 'JUMA' });
  const { provider } = setUp(TANZANIA, session, named, coded(200, 'INS-0'), coded(400, 'INS-2051'));
  expect(await provider.lookupAccount('255754123456')).toEqual({ status: 'active', name: 'ASHA JUMA' });
  expect(await provider.lookupAccount('255754123456')).toEqual({ status: 'unknown' });
  expect(await errorOf(provider.lookupAccount('255754123456'))).toMatchObject({ moneyMoved: 'no' });
});

test('pays a business, and finds that payment by its reference', async () => {
  const { provider, calls } = setUp(TANZANIA, session, paid, reply('x38-query-completed'));
  const payment = { reference: 'rent2026', receiver: '000001', amount: '1000' };
  expect(await provider.payBusiness(payment)).toMatchObject({ status: 'succeeded', receipt: 'hv9ahxcg4ccv' });
  expect(await provider.findTransaction('rent2026')).toMatchObject({ status: 'succeeded' });
  expect(calls().at(1)).toBe('POST /sandbox/ipg/v2/vodacomTZN/b2bPayment/');
});

test('refuses in words what the application is not allowed, and what nobody can do', async () => {
  const { provider, transport, routeFor } = setUp({ ...TANZANIA, operations: ['collection'] });
  const request = requestOver(routeFor('collection'));
  for (const call of [
    provider.disburse(request),
    provider.refund(request),
    provider.remit(request),
    provider.balance(),
  ]) {
    expect(await errorOf(call)).toMatchObject({ code: 'UNSUPPORTED', moneyMoved: 'no' });
  }
  expect(transport.requests).toHaveLength(0);
});

test('leads to the wallets that the directory knows', () => {
  const routesIn = (market: 'TZN' | 'MOZ' | 'DRC' | 'LES') =>
    setUp({ ...TANZANIA, market, operations: ['collection'] }).provider.routes[0];
  expect(routesIn('TZN')).toMatchObject({ operator: 'tz-64004', country: 'TZ', currency: 'TZS', decimals: 0 });
  expect(routesIn('MOZ')).toMatchObject({ operator: 'mz-64304', country: 'MZ', currency: 'MZN', decimals: 2 });
  expect(routesIn('DRC')).toMatchObject({ operator: 'cd-63001', country: 'CD', currency: 'USD', decimals: 2 });
  expect(routesIn('LES')).toMatchObject({ operator: 'ls-65101', country: 'LS', currency: 'LSL', decimals: 2 });
});

test('shows no key, session or number in what it throws and logs', async () => {
  const { provider, routeFor, logger } = setUp(TANZANIA, session, {
    status: 401,
    text: `bad ${SESSION_ID} 255754123456`,
  });
  const error = await errorOf(provider.collect(requestOver(routeFor('collection'), { msisdn: '255754123456' })));
  const shown = inspect([error, provider, logger.lines], { depth: 9 }) + JSON.stringify([error, logger.lines]);
  for (const secret of [API_KEY, SESSION_ID, '255754123456']) expect(shown).not.toContain(secret);
});
