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

import { replyOf } from '../../test/fixtures.ts';
import { collection, questionOf, SANDBOX } from '../../test/mpesa.ts';
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
