import { createMemoryJournal, type Transport } from '@canza/core';
import { createTelemetry, METRICS, traceIdOf } from '@canza/core/opentelemetry';
import { createScriptedProvider, createSeededRandom, createTurnedClock } from '@canza/core/testing';
import { MMOBridge } from '@canza/mobile-money';
import { mpesa } from '@canza/mobile-money/mpesa';
import { createDarajaEmulator, fasterTimings, TEST_SHORTCODE } from '@canza/sandbox';
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { createTelemetryBackend } from './support/telemetry-backend.ts';

const CALLBACKS = { baseUrl: 'https://pay.example.com/callbacks' };
const PAYMENT = {
  transactionId: 'order_1',
  type: 'collection',
  amount: '1000.00',
  currency: 'KES',
  phoneNumber: '+254722123456',
} as const;

beforeEach(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
afterEach(() => context.disable());

it('one trace tells the whole life of a payment, through two processes and a callback, and shows no secret', async () => {
  const backend = createTelemetryBackend();
  const clock = createTurnedClock();
  const journal = createMemoryJournal();
  let second: MMOBridge | undefined;
  const deliver: Transport = async ({ url, headers, body = '' }) => {
    const response = await second?.handleCallback(new Request(url, { method: 'POST', headers, body }));
    return { status: response?.status ?? 503, headers: {}, body: (await response?.text()) ?? '' };
  };
  const daraja = createDarajaEmulator({ clock, random: createSeededRandom(1), deliver, timings: fasterTimings(10) });
  const start = async (seed: number, journalTo = journal): Promise<{ bridge: MMOBridge; stop: () => void }> => {
    const telemetry = createTelemetry({ ...backend, clock });
    const { shortcode, passkey } = TEST_SHORTCODE;
    const bridge = new MMOBridge({
      providers: telemetry.providers([mpesa({ environment: 'sandbox', ...daraja.credentials, shortcode, passkey })]),
      journal: telemetry.journal(journalTo),
      callbacks: CALLBACKS,
      transport: daraja.transport,
      clock,
      random: createSeededRandom(seed),
    });
    const stop = telemetry.watch({ bridge, journal: journalTo });
    await bridge.initialize();
    return { bridge, stop };
  };

  const first = await start(2);
  await clock.runUntil(first.bridge.initiateTransaction(PAYMENT));
  await first.bridge.shutdown();
  first.stop();
  const later = await start(3);
  second = later.bridge;
  await clock.runUntil(second.waitForTransaction('order_1', { timeoutMs: 600_000 }));

  const traceId = traceIdOf('order_1');
  const story = backend
    .spans()
    .filter((span) => span.spanContext().traceId === traceId)
    .map(({ name, attributes }) => [name, attributes['canza.journal.note']].filter(Boolean).join(': '));
  expect(story).toEqual([
    'journal insert: accepted; sending over mpesa:collection:174379',
    'GET',
    'POST',
    'collect mpesa',
    'journal replace: the operator answered: pending',
    'journal replace: a callback says: succeeded',
    'GET',
    'POST',
    'query mpesa',
    'journal replace: asked: succeeded',
    'payment collection',
  ]);
  const whole = backend.spans().find(({ name }) => name === 'payment collection');
  expect(whole?.attributes).toMatchObject({ 'canza.payment.status': 'succeeded', 'canza.money.moved': 'yes' });

  await expect(backend.points('canza.payments.settled')).resolves.toEqual([
    {
      value: 1,
      attributes: {
        'canza.payment.type': 'collection',
        'canza.country': 'KE',
        'canza.currency': 'KES',
        'canza.payment.status': 'succeeded',
        'canza.provider': 'mpesa',
      },
    },
  ]);
  await expect(backend.points('canza.payments.in_review')).resolves.toEqual([{ value: 0, attributes: {} }]);
  const states = await backend.points('canza.route.state');
  expect(states.map(({ value }) => value)).toEqual([0]);

  const all = await Promise.all(Object.values(METRICS).map(({ name }) => backend.points(name)));
  const shown = JSON.stringify([
    backend.spans().map(({ name, attributes, events }) => [name, attributes, events]),
    all,
  ]);
  const record = (await journal.read('payment', 'order_1'))?.body as { attempts: readonly { callbackToken: string }[] };
  const secrets = [
    PAYMENT.phoneNumber.slice(4),
    TEST_SHORTCODE.passkey,
    ...Object.values(daraja.credentials),
    record.attempts[0]?.callbackToken ?? '-',
  ];
  for (const secret of secrets) expect(shown).not.toContain(secret);

  await clock.runUntil(second.shutdown());
  await daraja.close();
  await backend.close();
});

it('a failover begins a second trace, and a payment that waits for a person is counted with its age', async () => {
  const backend = createTelemetryBackend();
  const clock = createTurnedClock();
  const telemetry = createTelemetry({ ...backend, clock });
  const shut = createScriptedProvider({ name: 'shut' });
  shut.onSend({ status: 'failed', reason: 'float-exhausted', code: '503' });
  const lost = createScriptedProvider({ name: 'lost' });
  lost.onQuery({ status: 'unaskable' });
  const bridge = new MMOBridge({
    providers: telemetry.providers([shut.factory, lost.factory]),
    journal: telemetry.journal(createMemoryJournal()),
    callbacks: CALLBACKS,
    transport: async () => ({ status: 500, headers: {}, body: '' }),
    clock,
    random: createSeededRandom(5),
  });
  const stop = telemetry.watch({ bridge });
  await bridge.initialize();
  await clock.runUntil(bridge.initiateTransaction(PAYMENT));
  const rested = await clock.runUntil(bridge.waitForTransaction('order_1', { timeoutMs: 86_400_000 }));
  expect(rested.status).toBe('review');

  const callsIn = (traceId: string) =>
    backend.spans().filter((span) => span.spanContext().traceId === traceId && span.name.startsWith('collect'));
  expect(callsIn(traceIdOf('order_1')).map(({ name }) => name)).toEqual(['collect shut']);
  expect(callsIn(traceIdOf('order_1', 2)).map(({ name }) => name)).toEqual(['collect lost']);
  expect(rested.attempts.map(({ reference }) => reference)).toEqual([traceIdOf('order_1'), traceIdOf('order_1', 2)]);

  await clock.advance(3_600_000);
  await expect(backend.points('canza.payments.in_review')).resolves.toEqual([{ value: 1, attributes: {} }]);
  const ages = await backend.points('canza.payments.oldest.age');
  const ageOf = (status: string) => ages.find(({ attributes }) => attributes['canza.payment.status'] === status)?.value;
  expect(ageOf('pending')).toBe(0);
  expect(ageOf('review')).toBeGreaterThan(3600);

  stop();
  await clock.runUntil(bridge.shutdown());
  await backend.close();
});

it('a callback that contradicts what is proven is counted apart from one that only repeats it', async () => {
  const backend = createTelemetryBackend();
  const clock = createTurnedClock();
  const telemetry = createTelemetry({ ...backend, clock });
  const scripted = createScriptedProvider();
  scripted.onSend({ status: 'succeeded', receipt: 'R1' });
  const bridge = new MMOBridge({
    providers: telemetry.providers([scripted.factory]),
    journal: telemetry.journal(createMemoryJournal()),
    callbacks: CALLBACKS,
    transport: async () => ({ status: 500, headers: {}, body: '' }),
    clock,
    random: createSeededRandom(5),
  });
  telemetry.watch({ bridge });
  await bridge.initialize();
  await clock.runUntil(bridge.initiateTransaction(PAYMENT));
  const say = async (finding: object) => {
    const body = JSON.stringify({ finding });
    await bridge.handleCallback(new Request(scripted.sends[0]?.callbackUrl ?? '', { method: 'POST', body }));
  };
  await say({ status: 'succeeded' });
  await say({ status: 'failed', reason: 'cancelled-by-payer' });
  const counted = await backend.points('canza.callbacks.ignored');
  expect(counted.map(({ attributes, value }) => [attributes['canza.callback.contradicts'], value])).toEqual([
    [false, 1],
    [true, 1],
  ]);
  await clock.runUntil(bridge.shutdown());
  await backend.close();
});
