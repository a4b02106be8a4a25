import { attemptReference, type PaymentType, type SubmitRequest } from '@canza/core';
import { createRecordingLogger, createSeededRandom, createTurnedClock } from '@canza/core/testing';
import { type AirtelMoneySettings, airtelMoney } from '@canza/mobile-money/airtel-money';
import { type AirtelApplication, createAirtelEmulator } from '@canza/sandbox';
import { expect, test } from 'vitest';

/** Every version of Airtel's APIs, with the paddings and signatures in use, against an operator that really decrypts them. */
interface Way {
  readonly title: string;
  readonly settings: Partial<AirtelMoneySettings>;
  readonly application?: Partial<AirtelApplication>;
}

const COLLECTING: readonly Way[] = [
  { title: 'v1', settings: { collection: 'v1' } },
  { title: 'v2, signed', settings: { collection: 'v2', signing: true }, application: { signing: 'required' } },
];

const PAYING_OUT: readonly Way[] = [
  { title: 'v1', settings: { disbursement: { api: 'v1' } } },
  {
    title: 'v2, signed',
    settings: { disbursement: { api: 'v2' }, signing: true },
    application: { signing: 'required' },
  },
  {
    title: 'v3, signed, padded as Java does it',
    settings: { disbursement: { api: 'v3' }, signing: true },
    application: { signing: 'required', pinPadding: 'oaep-sha256-mgf1-sha1' },
  },
  {
    title: 'cash-in v2, padded with SHA-256 twice',
    settings: { disbursement: { api: 'cash-in-v2' }, padding: { hash: 'sha256', mgf1Hash: 'sha256' } },
    application: { pinPadding: 'oaep-sha256-mgf1-sha256' },
  },
  {
    title: 'cash-in v1, padded with SHA-1 twice',
    settings: { disbursement: { api: 'cash-in-v1' }, padding: { hash: 'sha1', mgf1Hash: 'sha1' } },
    application: { pinPadding: 'oaep-sha1' },
  },
];

function setUp(settings: Partial<AirtelMoneySettings>, application: Partial<AirtelApplication> = {}) {
  const clock = createTurnedClock();
  const emulator = createAirtelEmulator({
    clock,
    random: createSeededRandom(7),
    deliver: async () => ({ status: 200, headers: {}, body: '' }),
    application,
  });
  const { clientId, clientSecret, country, currency, pin } = emulator.application;
  const provider = airtelMoney({
    country,
    environment: 'sandbox',
    clientId,
    clientSecret,
    pin,
    ...settings,
  })({ transport: emulator.transport, clock, random: createSeededRandom(3), logger: createRecordingLogger() });
  const requestOf = (type: PaymentType, n = 1): SubmitRequest => {
    const route = provider.routes.find((each) => each.type === type);
    if (route === undefined) throw new Error(`no route for ${type}`);
    return {
      route,
      reference: attemptReference(`airtel-${type}`, n),
      money: { currency, amountMinor: 1000n },
      msisdn: '256752604399',
      callbackUrl: 'https://pay.example.com/callbacks/0',
    };
  };
  const settle = async (request: SubmitRequest) => {
    await clock.advance(30_000);
    return provider.query({ ...request, references: {}, sentAtMs: 0 });
  };
  return { emulator, provider, requestOf, settle, clock };
}

test.each(COLLECTING)('collects over $title: once, and found by our id', async ({ settings, application }) => {
  const { emulator, provider, requestOf, settle } = setUp(settings, application);
  const request = requestOf('collection');
  expect(await provider.collect(request)).toMatchObject({ status: 'pending' });
  expect(await settle(request)).toMatchObject({ status: 'succeeded' });
  expect(emulator.books.collections({ transactionId: request.reference })).toHaveLength(1);
});

test.each(PAYING_OUT)('pays out over $title: once, and found by our id', async ({ settings, application }) => {
  const { emulator, provider, requestOf, settle } = setUp(settings, application);
  const request = requestOf('disbursement');
  expect(await provider.disburse(request)).toMatchObject({ status: 'succeeded' });
  expect(await settle(request)).toMatchObject({ status: 'succeeded' });
  expect(emulator.books.payouts({ transactionId: request.reference })).toHaveLength(1);
});

test('gives a collection back by the id that the enquiry told', async () => {
  const { emulator, provider, requestOf, settle } = setUp({ collection: 'v1' });
  const request = requestOf('collection');
  await provider.collect(request);
  const { references = {} } = await settle(request);
  const original = { reference: request.reference, references, money: request.money };
  const refund = { ...requestOf('refund'), original };
  expect(await provider.refund(refund)).toMatchObject({ status: 'succeeded' });
  expect(emulator.books.refundedMinor()).toBe(1000n);
  await provider.refund(refund).catch(() => undefined);
  expect(emulator.books.refunds()).toHaveLength(1);
});
