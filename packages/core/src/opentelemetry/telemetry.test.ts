import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type SpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach, expect, test } from 'vitest';

import type { Environment, Transport } from '../environment.ts';
import { TransportError } from '../errors/provider.ts';
import { attemptReference } from '../identifiers.ts';
import { createMemoryJournal } from '../memory/journal.ts';
import type { MobileMoneyProvider, SubmitRequest } from '../provider.ts';
import { silentLogger } from '../system/logger.ts';
import { createScriptedProvider } from '../testing/scripted-provider.ts';
import { createScriptedTransport } from '../testing/scripted-transport.ts';
import { createSeededRandom } from '../testing/seeded-random.ts';
import { createTurnedClock } from '../testing/turned-clock.ts';
import { createTelemetry, traceIdOf } from './index.ts';

const MSISDN = '254722123456';
const clock = createTurnedClock();

const environmentWith = (transport: Transport): Environment => ({
  transport,
  clock,
  random: createSeededRandom(1),
  logger: silentLogger,
});

class PulledMetrics extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
  async read() {
    const { resourceMetrics } = await this.collect();
    return Object.fromEntries(
      resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
        metrics.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints] as const),
      ),
    );
  }
}

function createObserved(processor?: SpanProcessor, sampledShare = 1) {
  const exporter = new InMemorySpanExporter();
  const reader = new PulledMetrics();
  const telemetry = createTelemetry({
    tracerProvider: new TracerProvider({ spanProcessors: [processor ?? new SimpleSpanProcessor({ exporter })] }),
    meterProvider: new MeterProvider({ readers: [reader] }),
    sampledShare,
    clock,
  });
  return { telemetry, spans: () => exporter.getFinishedSpans(), metrics: () => reader.read() };
}

const requestTo = (provider: MobileMoneyProvider, transactionId = 'order_1'): SubmitRequest => ({
  route: provider.routes[0] as SubmitRequest['route'],
  reference: attemptReference(transactionId, 1),
  money: { currency: 'KES', amountMinor: 100_00n },
  msisdn: MSISDN,
  callbackUrl: 'https://pay.example.com/callbacks/5ec7e7',
});

beforeEach(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
afterEach(() => context.disable());

test('an exchange lies within the call to its operator, in the trace that the transaction id names', async () => {
  const { telemetry, spans, metrics } = createObserved();
  const scripted = createScriptedProvider();
  const transport = createScriptedTransport({ status: 503, text: 'later' });
  const [factory] = telemetry.providers([
    (environment) => ({
      ...scripted.factory(environment),
      collect: async () => {
        await environment.transport({ method: 'POST', url: `https://api.example.com/pay/${MSISDN}`, headers: {} });
        return { status: 'failed', reason: 'cancelled-by-payer', code: '1032' };
      },
    }),
  ]);
  const provider = factory?.(environmentWith(transport)) as MobileMoneyProvider;
  await provider.collect(requestTo(provider));

  const [exchange, call] = spans();
  expect(call).toMatchObject({
    name: 'collect scripted',
    attributes: {
      'canza.finding': 'failed',
      'canza.payment.reason': 'cancelled-by-payer',
      'canza.operator.code': '1032',
    },
  });
  expect(call?.spanContext().traceId).toBe(traceIdOf('order_1'));
  expect(exchange).toMatchObject({
    name: 'POST',
    parentSpanContext: { spanId: call?.spanContext().spanId },
    attributes: { 'server.address': 'api.example.com', 'http.response.status_code': 503, 'error.type': '503' },
  });
  const { 'canza.operator.call.duration': calls, 'http.client.request.duration': exchanges } = await metrics();
  expect(calls?.map(({ attributes }) => attributes)).toEqual([
    {
      'canza.provider': 'scripted',
      'canza.operation': 'collect',
      'canza.route': 'scripted:collection',
      'canza.finding': 'failed',
      'canza.payment.reason': 'cancelled-by-payer',
    },
  ]);
  expect(exchanges?.[0]?.attributes).toMatchObject({ 'canza.provider': 'scripted', 'error.type': '503' });
  const shown = JSON.stringify([spans().map(({ name, attributes }) => [name, attributes]), await metrics()]);
  expect(shown).not.toContain(MSISDN.slice(3));
  expect(shown).not.toContain('5ec7e7');
});

test('a step is linked to what asked for it, a web request for instance, and stays in the trace of its payment', async () => {
  const { telemetry, spans } = createObserved();
  const [factory] = telemetry.providers([createScriptedProvider().factory]);
  const provider = factory?.(environmentWith(createScriptedTransport())) as MobileMoneyProvider;
  const asking = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 };
  await context.with(trace.setSpanContext(ROOT_CONTEXT, asking), () => provider.collect(requestTo(provider)));
  const [call] = spans();
  expect(call?.spanContext().traceId).toBe(traceIdOf('order_1'));
  expect(call?.links.map((link) => link.context)).toEqual([asking]);
});

test('what an operator throws comes through as it was, and is told by its code alone', async () => {
  const { telemetry, spans } = createObserved();
  const scripted = createScriptedProvider();
  const thrown = new TransportError('timeout', `no reply for ${MSISDN}`);
  scripted.onSend(thrown);
  const [factory] = telemetry.providers([scripted.factory]);
  const provider = factory?.(environmentWith(createScriptedTransport())) as MobileMoneyProvider;
  await expect(provider.collect(requestTo(provider))).rejects.toBe(thrown);
  const [call] = spans();
  expect(call).toMatchObject({ attributes: { 'error.type': 'TRANSPORT', 'canza.money.moved': 'maybe' }, events: [] });
  expect(JSON.stringify(call?.attributes)).not.toContain(MSISDN.slice(3));
});

const boom = (): never => {
  throw new Error('the SDK is broken');
};

test.each<[string, () => void, SpanProcessor]>([
  [
    'a span processor that throws when a span starts',
    () => undefined,
    { onStart: boom, onEnd: () => undefined, forceFlush: async () => undefined, shutdown: async () => undefined },
  ],
  [
    'a span processor that throws when a span ends',
    () => undefined,
    { onStart: () => undefined, onEnd: boom, forceFlush: async () => undefined, shutdown: async () => undefined },
  ],
  [
    'a context manager that throws before the work',
    () => breakContext(() => boom()),
    new SimpleSpanProcessor({ exporter: new InMemorySpanExporter() }),
  ],
  [
    'a context manager that throws after the work',
    () => breakContext((work) => (work(), boom())),
    new SimpleSpanProcessor({ exporter: new InMemorySpanExporter() }),
  ],
])('%s neither keeps a payment from being sent nor sends it twice', async (_what, breakIt, processor) => {
  breakIt();
  const { telemetry } = createObserved(processor);
  const scripted = createScriptedProvider();
  const [factory] = telemetry.providers([scripted.factory]);
  const provider = factory?.(environmentWith(createScriptedTransport())) as MobileMoneyProvider;
  await expect(provider.collect(requestTo(provider))).resolves.toMatchObject({ status: 'pending' });
  expect(scripted.sends).toHaveLength(1);
});

function breakContext(how: (work: () => unknown) => unknown): void {
  context.disable();
  const manager = new AsyncLocalStorageContextManager().enable();
  manager.with = ((_context: unknown, work: () => unknown) => how(work)) as typeof manager.with;
  context.setGlobalContextManager(manager);
}

test('a provider that throws before its first await is called once', async () => {
  const { telemetry } = createObserved();
  let calls = 0;
  const [factory] = telemetry.providers([
    (environment) => ({
      ...createScriptedProvider().factory(environment),
      collect: () => {
        calls += 1;
        throw new Error('at once');
      },
    }),
  ]);
  const provider = factory?.(environmentWith(createScriptedTransport())) as MobileMoneyProvider;
  await expect(provider.collect(requestTo(provider))).rejects.toThrow('at once');
  expect(calls).toBe(1);
});

test('what no provider should answer comes through as it was', async () => {
  const { telemetry } = createObserved();
  const [factory] = telemetry.providers([
    (environment) => ({
      ...createScriptedProvider().factory(environment),
      collect: async () => undefined as never,
    }),
  ]);
  const provider = factory?.(environmentWith(createScriptedTransport())) as MobileMoneyProvider;
  await expect(provider.collect(requestTo(provider))).resolves.toBeUndefined();
});

test('providers on one transport go on sharing it, and with it their token', () => {
  const { telemetry } = createObserved();
  const seen: Transport[] = [];
  const factories = telemetry.providers(
    ['mpesa', 'mpesa-payouts'].map((name) => (environment: Environment) => {
      seen.push(environment.transport);
      return createScriptedProvider({ name }).factory(environment);
    }),
  );
  const transport = createScriptedTransport();
  for (const factory of factories) factory(environmentWith(transport));
  expect(seen[0]).toBe(seen[1]);
});

test('what a provider can besides stays reachable, private fields and all', async () => {
  const { telemetry } = createObserved();
  const { factory: scripted } = createScriptedProvider();
  class Own {
    readonly #secret = 7;
    qrCode(): number {
      return this.#secret;
    }
  }
  const [factory] = telemetry.providers([(environment) => Object.assign(new Own(), scripted(environment))]);
  const provider = factory?.(environmentWith(createScriptedTransport())) as MobileMoneyProvider & Own;
  expect(provider.qrCode()).toBe(7);
  expect(provider.attemptNamedBy).toBeUndefined();
});

test('a share of payments is traced, the same ones in every process', async () => {
  const ids = Array.from({ length: 200 }, (_, index) => `order_${index}`);
  const tracedBy = async (sampledShare: number): Promise<string[]> => {
    const { telemetry, spans } = createObserved(undefined, sampledShare);
    const [factory] = telemetry.providers([createScriptedProvider().factory]);
    const provider = factory?.(environmentWith(createScriptedTransport())) as MobileMoneyProvider;
    for (const id of ids) await provider.collect(requestTo(provider, id));
    return spans().map((span) => span.spanContext().traceId);
  };
  const some = await tracedBy(0.25);
  expect(some.length).toBeGreaterThan(25);
  expect(some.length).toBeLessThan(75);
  expect(await tracedBy(0.25)).toEqual(some);
  expect(await tracedBy(0)).toEqual([]);
  expect(await tracedBy(1)).toHaveLength(200);
});

test('a write to the journal is a span with the line that the journal keeps, and answers what it answered before', async () => {
  const { telemetry, spans, metrics } = createObserved();
  const journal = telemetry.journal(createMemoryJournal());
  const entry = {
    kind: 'payment',
    id: `order_${MSISDN}`,
    version: 1,
    state: 'sending',
    dueAtMs: null,
    references: [],
    tags: [],
    createdAtMs: 0,
    updatedAtMs: 0,
    body: { attempts: [{}] },
  };
  await expect(journal.insert(entry, 'accepted; sending over mpesa:collection:174379')).resolves.toEqual({
    outcome: 'written',
  });
  await expect(journal.insert(entry, `accepted for ${MSISDN}`)).resolves.toMatchObject({ outcome: 'exists' });
  await expect(journal.read('payment', entry.id)).resolves.toMatchObject({ version: 1 });
  const [written, again] = spans();
  expect(written).toMatchObject({
    name: 'journal insert',
    attributes: {
      'canza.transaction.id': 'order_254******456',
      'canza.journal.note': 'accepted; sending over mpesa:collection:174379',
      'canza.journal.outcome': 'written',
    },
  });
  expect(written?.spanContext().traceId).toBe(traceIdOf(entry.id));
  expect(again?.attributes).toMatchObject({
    'canza.journal.outcome': 'exists',
    'canza.journal.note': 'accepted for 254******456',
  });
  const points = (await metrics())['canza.journal.call.duration'];
  expect(points?.map(({ attributes }) => Object.values(attributes).join(' '))).toEqual([
    'insert written',
    'insert exists',
    'read ok',
  ]);
});

test('gauges are read while they are watched, and not after', async () => {
  const { telemetry, metrics } = createObserved();
  const reading = { inFlight: 3, waiting: 0, replies: 40, refusals: 0, timeouts: 1, losses: 0, connections: 2 };
  let reads = 0;
  const redis = {
    get metrics() {
      reads += 1;
      return reading;
    },
  };
  const stop = telemetry.watch({
    redis,
    journal: {
      safety: {
        state: { verdict: 'suspect', sinceMs: 0, why: 'a failover', lost: [] },
        onChange: () => () => undefined,
        reconciled: async () => undefined,
      },
    },
  });
  const read = async (name: string) => (await metrics())[name]?.map(({ value }) => value);
  await expect(read('canza.redis.replies')).resolves.toEqual([40]);
  await expect(read('canza.redis.commands.in_flight')).resolves.toEqual([3]);
  await expect(read('canza.journal.suspect')).resolves.toEqual([1]);
  stop();
  reads = 0;
  await metrics();
  expect(reads).toBe(0);
});
