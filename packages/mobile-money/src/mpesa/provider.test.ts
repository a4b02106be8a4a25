import { inspect } from 'node:util';

import { type Environment, type MobileMoneyProvider, PaymentError, type Route, silentLogger } from '@canza/core';
import {
  createRecordingLogger,
  createScriptedTransport,
  createSeededRandom,
  createTurnedClock,
  type ScriptedStep,
} from '@canza/core/testing';
import { expect, test } from 'vitest';

import { callbackOf, replyOf } from '../../test/fixtures.ts';
import { collection, questionOf, SANDBOX, WITH_INITIATOR } from '../../test/mpesa.ts';
import type { Statement } from '../bridge/reconciliation.ts';
import type { BusinessPayment } from './b2b/requests.ts';
import type { MpesaSettings } from './config.ts';
import { mpesa } from './provider.ts';

const TOKEN = 'c9SQxWWhmdVRlyh0zh8gZDTkubVF';
const reply =
  (name: string): ScriptedStep =>
  () =>
    replyOf(`mpesa/${name}`);
const token = reply('x01-token');
const accepted = reply('x10-stk-push-accepted');
const tokenRefused = reply('x03-token-refused');

function setUp(...script: readonly ScriptedStep[]) {
  const transport = createScriptedTransport(...script);
  const clock = createTurnedClock();
  const logger = createRecordingLogger();
  const environment: Environment = { transport, clock, logger, random: createSeededRandom(1) };
  const provider = mpesa(SANDBOX)(environment);
  const request = collection(routeOf(provider));
  const paths = () => transport.requests.map(({ url }) => new URL(url).pathname);
  return { provider, transport, clock, logger, environment, request, paths };
}

function routeOf({ routes: [route] }: MobileMoneyProvider): Route {
  if (route === undefined) throw new Error('No route.');
  return route;
}

async function errorOf(call: Promise<unknown>): Promise<PaymentError> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (PaymentError.isInstance(error)) return error;
  throw new Error(`Not a PaymentError: ${inspect(error)}`);
}

const leaky: ScriptedStep = () => {
  throw Object.assign(new Error(`Bearer ${TOKEN} for 254722111111`), { config: { headers: { TOKEN } } });
};

const BUSINESS_PAYMENT: BusinessPayment = {
  to: { till: '600987' },
  amount: '190',
  resultUrl: 'https://mydomain.com/result',
};

const PUSH = '/mpesa/stkpush/v1/processrequest';
const QUERY = '/mpesa/stkpushquery/v1/query';
const GENERATE = '/oauth/v1/generate';

test('sends a push with a token, and the next one with the same', async () => {
  const { provider, transport, request, paths } = setUp(token, accepted, accepted);
  expect(await provider.collect(request)).toMatchObject({ status: 'pending' });
  await provider.collect(request);
  expect(paths()).toEqual([GENERATE, PUSH, PUSH]);
  expect(transport.requests.map(({ headers }) => headers['authorization'])).toEqual([
    `Basic ${Buffer.from(`${SANDBOX.consumerKey}:${SANDBOX.consumerSecret}`).toString('base64')}`,
    `Bearer ${TOKEN}`,
    `Bearer ${TOKEN}`,
  ]);
});

test('asks for one token for a thousand first payments', async () => {
  const { provider, transport, request } = setUp(token, ...Array.from({ length: 1000 }, () => accepted));
  await Promise.all(Array.from({ length: 1000 }, () => provider.collect(request)));
  expect(transport.requests.filter(({ method }) => method === 'GET')).toHaveLength(1);
});

test('shares the token of a credential between two shortcodes on one transport', async () => {
  const { provider, environment, request, paths } = setUp(token, accepted, accepted);
  const other = mpesa({ ...SANDBOX, name: 'mpesa-store', shortcode: '600987' })(environment);
  await provider.collect(request);
  await other.collect(collection(routeOf(other)));
  expect(paths()).toEqual([GENERATE, PUSH, PUSH]);
});

test.each([
  ['as HTTP 404', tokenRefused],
  ['as HTTP 401', { status: 401, text: '' }],
  ['as 400.003.01', { status: 400, json: { errorCode: '400.003.01', errorMessage: 'Invalid Access Token' } }],
  ['as 401.003.01', { status: 401, json: { errorCode: '401.003.01', errorMessage: 'Error Occurred' } }],
] satisfies readonly [string, ScriptedStep][])(
  'renews a token that is refused %s, and repeats once',
  async (_how, refusal) => {
    const renewed = { json: { access_token: 'second-token', expires_in: 3599 } };
    const { provider, transport, request, paths } = setUp(token, refusal, renewed, accepted);
    expect(await provider.collect(request)).toMatchObject({ status: 'pending' });
    expect(paths()).toEqual([GENERATE, PUSH, GENERATE, PUSH]);
    expect(transport.requests[3]?.headers['authorization']).toBe('Bearer second-token');
  },
);

test('does not repeat a push that was answered with HTTP 200, although the answer names the token', async () => {
  const odd = { status: 200, json: { errorCode: '401.003.01', errorMessage: 'Invalid Access Token' } };
  const { provider, request, paths } = setUp(token, odd);
  await expect(provider.collect(request)).rejects.toBeInstanceOf(PaymentError);
  expect(paths()).toEqual([GENERATE, PUSH]);
});

test('does not repeat a push that was given an id, whatever else the reply says', async () => {
  const both = { status: 401, json: { errorCode: '404.001.03', CheckoutRequestID: 'ws_CO_1' } };
  const { provider, request, paths } = setUp(token, both);
  expect(await provider.collect(request)).toMatchObject({
    status: 'unknown',
    references: { CheckoutRequestID: 'ws_CO_1' },
  });
  expect(paths()).toEqual([GENERATE, PUSH]);
});

test('gives up after the second refusal, knowing that nothing moved', async () => {
  const { provider, request, paths } = setUp(token, tokenRefused, token, tokenRefused);
  expect(await errorOf(provider.collect(request))).toMatchObject({ code: 'AUTHENTICATION', moneyMoved: 'no' });
  expect(paths()).toEqual([GENERATE, PUSH, GENERATE, PUSH]);
});

test('renews a token once for all whose calls were refused with it', async () => {
  const second = { json: { access_token: 'second-token' } };
  const { provider, paths, request } = setUp(token, tokenRefused, tokenRefused, second, accepted, accepted);
  await Promise.all([provider.collect(request), provider.collect(request)]);
  expect(paths().filter((path) => path === GENERATE)).toHaveLength(2);
});

test.each([
  ['a time-out', { failure: 'timeout' }],
  ['a lost connection', { failure: 'connection-lost' }],
  ['HTML', { status: 200, text: '<html></html>' }],
  ['a 500', { status: 500, text: '' }],
  ['cut JSON', { status: 200, text: '{"access_tok' }],
  ['wrong credentials', { status: 400, text: '' }],
  ['429', reply('x07-spike-arrest')],
] satisfies readonly [string, ScriptedStep][])(
  'has sent nothing when the token fails with %s, and says so',
  async (_what, failure) => {
    const { provider, request, paths } = setUp(failure);
    expect((await errorOf(provider.collect(request))).moneyMoved).toBe('no');
    expect(paths()).toEqual([GENERATE]);
  },
);

test.each([
  ['timeout', 'maybe'],
  ['connection-lost', 'maybe'],
  ['not-connected', 'no'],
] as const)('never sends a push again after %s', async (failure, moneyMoved) => {
  const { provider, request, paths } = setUp(token, { failure });
  expect(await errorOf(provider.collect(request))).toMatchObject({ code: 'TRANSPORT', moneyMoved });
  expect(paths()).toEqual([GENERATE, PUSH]);
});

test('gives the push the time that the token has left over', async () => {
  const seen: (number | undefined)[] = [];
  const clock = createTurnedClock();
  const provider = mpesa(SANDBOX)({
    clock,
    random: createSeededRandom(1),
    logger: silentLogger,
    transport: async ({ method }, options) => {
      seen.push(options?.timeoutMs);
      if (method === 'GET') await new Promise<void>((resolve) => void clock.setTimer(400, resolve));
      return replyOf(method === 'GET' ? 'mpesa/x01-token' : 'mpesa/x10-stk-push-accepted');
    },
  });
  await clock.runUntil(provider.collect(collection(routeOf(provider)), { timeoutMs: 1000 }));
  expect(seen[1]).toBe(600);
  expect(clock.pendingTimers).toBe(0);
});

test('asks about a payment by its CheckoutRequestID, as often as wanted', async () => {
  const { provider, request, paths } = setUp(token, reply('x16-stk-query-pending'), reply('x15-stk-query-paid'));
  const question = questionOf(request, { references: { CheckoutRequestID: 'ws_CO_13012021093521236557' } });
  expect(await provider.query(question)).toMatchObject({ status: 'pending' });
  expect(await provider.query(question)).toMatchObject({ status: 'succeeded' });
  expect(paths()).toEqual([GENERATE, QUERY, QUERY]);
});

test('has nothing to ask with after a lost reply, until the callback brings the id', async () => {
  const { provider, request, transport } = setUp();
  expect(await provider.query(questionOf(request))).toMatchObject({ status: 'unaskable' });
  expect(transport.requests).toHaveLength(0);
});

test('refuses a bad amount before it even asks for a token', async () => {
  const { provider, request, transport } = setUp();
  const half = { ...request, money: { currency: 'KES', amountMinor: 1050n } } as const;
  expect(await errorOf(provider.collect(half))).toMatchObject({ code: 'INVALID_REQUEST', field: 'amount' });
  expect(transport.requests).toHaveLength(0);
});

test('refuses what M-Pesa cannot do, in words', async () => {
  const { provider, request } = setUp();
  expect(await errorOf(provider.remit(request))).toMatchObject({ code: 'UNSUPPORTED', moneyMoved: 'no' });
  expect(await errorOf(provider.lookupAccount('254722111111'))).toMatchObject({ code: 'UNSUPPORTED' });
});

test('offers the routes that the configuration can serve, and refuses the others in words', async () => {
  const { environment } = setUp();
  const { passkey: _none, ...withoutPasskey } = WITH_INITIATOR;
  const typesOf = (settings: MpesaSettings) => mpesa(settings)(environment).routes.map(({ type }) => type);
  expect(typesOf(SANDBOX)).toEqual(['collection']);
  expect(typesOf(WITH_INITIATOR)).toEqual(['collection', 'disbursement', 'refund']);
  expect(typesOf(withoutPasskey)).toEqual(['disbursement']);
  const payouts = mpesa(withoutPasskey)(environment);
  expect(payouts.capabilities.collect).toMatchObject({ unsupported: expect.stringContaining('passkey') });
  expect(await errorOf(payouts.collect(collection(routeOf(payouts))))).toMatchObject({ code: 'UNSUPPORTED' });
  expect(await errorOf(payouts.payBusiness(BUSINESS_PAYMENT))).toMatchObject({ code: 'TRANSPORT' });
  const collector = mpesa(SANDBOX)(environment);
  expect(await errorOf(collector.payBusiness(BUSINESS_PAYMENT))).toMatchObject({ field: 'mpesa.initiator' });
});

test('asks about a reversal by the id of its acknowledgement, and has nothing to ask with without one', async () => {
  const { environment, transport } = setUp(token, reply('x24-b2c-accepted'));
  const provider = mpesa(WITH_INITIATOR)(environment);
  const [, , route] = provider.routes;
  if (route === undefined) throw new Error('No refund route.');
  const question = questionOf(collection(route));
  expect(await provider.query(question)).toMatchObject({ status: 'unaskable' });
  const references = { OriginatorConversationID: '3124-481d' };
  expect(await provider.query({ ...question, references })).toEqual({
    status: 'unknown',
    code: '0',
    detail: expect.any(String),
    references: { StatusConversationID: 'AG_20240706_20106e9209f64bebd05b' },
  });
  expect(JSON.parse(transport.requests[1]?.body ?? '')).toMatchObject({ OriginalConversationID: '3124-481d' });
});

test('carries the operations that only M-Pesa has, each to its own path', async () => {
  const { environment, paths } = setUp(
    token,
    reply('x24-b2c-accepted'),
    reply('x34-till-prompt-accepted'),
    reply('x24-b2c-accepted'),
    reply('x24-b2c-accepted'),
    reply('x18-c2b-register'),
    reply('x18-c2b-register'),
    reply('x35-pull-registered'),
    reply('x35-pull'),
    { json: { QRCode: 'iVBORw==' } },
  );
  const provider = mpesa(WITH_INITIATOR)(environment);
  const answers = { resultUrl: 'https://mydomain.com/result' };
  const prompt = { till: '600987', paybill: '600984', amount: '71', paymentReference: 'INV-1', partnerName: 'Duka' };
  expect(await provider.payBusiness(BUSINESS_PAYMENT)).toMatchObject({ status: 'pending' });
  await provider.promptTill({ ...prompt, requestId: 'r-1', callbackUrl: 'https://mydomain.com/prompt' });
  await provider.askAboutTransaction({ receipt: 'MBN31H462N' }, answers);
  await provider.askBalance(answers);
  const notices = { validationUrl: 'https://mydomain.com/v', confirmationUrl: 'https://mydomain.com/c' };
  await provider.registerNotices({ ...notices, withoutAnswer: 'cancel' });
  await provider.simulatePayment({ amount: '1', msisdn: '254708374149', account: 'A' });
  await provider.registerPull({ nominatedNumber: '254722000000', callbackUrl: 'https://mydomain.com/p' });
  expect(await provider.pull({ fromMs: 0, untilMs: 1 })).toHaveLength(1);
  expect(
    await provider.generateQr({ merchantName: 'D', reference: 'R', amount: '1', to: { till: '600987' } }),
  ).toHaveLength(4);
  expect(paths()).toEqual([
    GENERATE,
    '/mpesa/b2b/v1/paymentrequest',
    '/v1/ussdpush/get-msisdn',
    '/mpesa/transactionstatus/v1/query',
    '/mpesa/accountbalance/v1/query',
    '/mpesa/c2b/v2/registerurl',
    '/mpesa/c2b/v2/simulate',
    '/pulltransactions/v1/register',
    '/pulltransactions/v1/query',
    '/mpesa/qrcode/v1/generate',
  ]);
});

test('hands its statement to the bridge as it is', async () => {
  const { environment } = setUp(token, reply('x35-pull'), reply('x35-pull'));
  const lines: Statement['lines'] = mpesa(SANDBOX)(environment).statement({ fromMs: 0, untilMs: 1 });
  const receipts: string[] = [];
  for await (const { receipt, amount, currency } of lines) receipts.push(`${receipt} ${amount} ${currency}`);
  expect(receipts).toEqual(['LHG31AA5TX 233.80 KES']);
});

test('reads what arrives at the addresses of those operations', () => {
  const { environment } = setUp();
  const provider = mpesa(WITH_INITIATOR)(environment);
  const body = (name: string) => ({ body: callbackOf(`mpesa/${name}`) });
  expect(provider.readBusinessPayment(body('x27-b2b-paid')).status).toBe('succeeded');
  expect(provider.readTillPrompt(body('x34-till-prompt-paid')).finding.status).toBe('succeeded');
  expect(provider.readTransactionStatus(body('x29-status-completed')).status).toBe('succeeded');
  expect(provider.readBalance(body('x30-balance')).status).toBe('known');
  expect(provider.readNotice(body('x21-c2b-confirmation')).receipt).toBe('RKL51ZDR4F');
});

test('plays no payments in production', async () => {
  const { environment, transport } = setUp();
  const provider = mpesa({ ...SANDBOX, environment: 'production' })(environment);
  const error = await errorOf(provider.simulatePayment({ amount: '1', msisdn: '254708374149' }));
  expect(error).toMatchObject({ code: 'UNSUPPORTED' });
  expect(transport.requests).toHaveLength(0);
});

test('takes callbacks from the configured addresses alone', () => {
  const { environment } = setUp();
  const provider = mpesa({ ...SANDBOX, callbackSources: ['196.201.212.69'] })(environment);
  const callback = { method: 'POST', headers: {}, body: callbackOf('mpesa/x11-stk-callback-paid') };
  expect(provider.readCallback({ ...callback, sourceAddress: '196.201.212.69' }).finding.status).toBe('succeeded');
  expect(() => provider.readCallback({ ...callback, sourceAddress: '10.0.0.1' })).toThrow(
    expect.objectContaining({ code: 'INVALID_CALLBACK' }),
  );
});

test('shows no secret: in the provider, in any error, in any line of the log', async () => {
  const { provider, request, logger } = setUp(token, tokenRefused, token, leaky);
  const error = await errorOf(provider.collect(request));
  expect(error).toMatchObject({ code: 'TRANSPORT', moneyMoved: 'maybe' });
  const shown =
    [provider, error, logger.lines].map((thing) => inspect(thing, { depth: 10 })).join() + JSON.stringify(error);
  for (const secret of [TOKEN, SANDBOX.passkey, SANDBOX.consumerSecret, SANDBOX.consumerKey, '254722111111']) {
    expect(shown).not.toContain(secret);
  }
});
