import { ConfigError, createMemoryJournal, type Transport } from '@canza/core';
import { createIntegrations, type Integrations, type IntegrationsConfig } from '@canza/integrations';
import { createSigner } from '@canza/integrations/aptos';
import { RedisClient } from '@canza/integrations/data';
import { type MpesaSettings, mpesa } from '@canza/integrations/mpesa';
import { defineMenu } from '@canza/integrations/ussd';
import { APTOS_ASSETS, type DarajaServer, deliverTo, startAptosServer, startDarajaServer } from '@canza/sandbox';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';

const redisUrl = inject('redisUrl');
const postgresUrl = inject('postgresUrl');
const SECRET_PATH = 'k3fj29dkf83jd02k';

const payment = (transactionId: string) =>
  ({ transactionId, type: 'collection', amount: '100', currency: 'KES', phoneNumber: '+254700123456' }) as const;

const greeting = defineMenu({
  name: 'greeting',
  languages: ['en'],
  start: 'hello',
  screens: { hello: { kind: 'end', text: { en: 'Hello' } } },
});

const ready = { brand: 'Canza Pay', currency: 'KES', country: 'KE', least: '10', most: '150000' } as const;

describe('createIntegrations', () => {
  let daraja: DarajaServer;
  /** Whoever runs last is where callbacks go. */
  let running: Integrations | undefined;
  let base: Omit<IntegrationsConfig, 'mpesa'> & { readonly mpesa: MpesaSettings };
  beforeEach(async () => {
    daraja = await startDarajaServer({
      speed: 200,
      deliver: deliverTo(
        async (request) => running?.bridge.handleCallback(request) ?? new Response(null, { status: 503 }),
      ),
    });
    base = {
      mpesa: daraja.settings,
      journal: 'memory',
      callbacks: { baseUrl: 'https://pay.example.com/callbacks' },
    };
  });
  afterEach(() => daraja.close());

  const start = async (config: IntegrationsConfig): Promise<Integrations> => {
    const integrations = await createIntegrations(config);
    await integrations.initialize();
    running = integrations;
    return integrations;
  };

  it('takes a payment over an operator that only a configuration names', async () => {
    const integrations = await start(base);
    await integrations.bridge.initiateTransaction(payment('order_1'));
    expect(await integrations.bridge.waitForTransaction('order_1')).toMatchObject({ status: 'succeeded' });
    await integrations.shutdown();
  });

  it('is watched by the telemetry that it is given, until it is shut down', async () => {
    const seen: string[] = [];
    const integrations = await start({
      ...base,
      telemetry: {
        providers: (factories) =>
          factories.map((factory) => (environment) => (seen.push('provider'), factory(environment))),
        network: (factory) => factory,
        journal: (journal) => ({
          ...journal,
          insert: async (...given) => (seen.push('insert'), journal.insert(...given)),
        }),
        watch: ({ bridge, journal }) => {
          seen.push(`watched: ${bridge?.health().length} route, ${typeof journal}`);
          return () => seen.push('stopped');
        },
      },
    });
    await integrations.bridge.initiateTransaction(payment('order_1'));
    await integrations.bridge.waitForTransaction('order_1');
    await integrations.shutdown();
    expect(seen).toEqual(['provider', 'watched: 1 route, object', 'insert', 'stopped']);
  });

  it('takes two credentials of one operator, and adapters of your own', async () => {
    const { mpesa: settings, ...rest } = base;
    const integrations = await createIntegrations({
      ...rest,
      mpesa: [settings, { ...settings, name: 'mpesa-shops' }],
      providers: [mpesa({ ...settings, name: 'mpesa-mine' })],
    });
    const providers = integrations.bridge.health().map(({ provider }) => provider);
    expect([...new Set(providers)]).toEqual(['mpesa', 'mpesa-shops', 'mpesa-mine']);
    await integrations.shutdown();
  });

  it('lets the ready menu pay over the bridge, and tells the payer before it ends', async () => {
    const told: string[] = [];
    const integrations = await start({
      ...base,
      ussd: {
        ready,
        store: 'memory',
        gateway: { name: 'africas-talking', authenticity: { secretPath: SECRET_PATH } },
        sms: { send: async ({ text }) => void told.push(text) },
      },
    });
    const { ussd, bridge } = integrations;
    for (const text of ['', '1', '1*0733000111', '1*0733000111*500', '1*0733000111*500*1']) {
      const body = new URLSearchParams({ sessionId: 's1', phoneNumber: '+254722000001', serviceCode: '*384#', text });
      // oxlint-disable-next-line no-await-in-loop -- one hop after the other
      const response = await ussd.handle(
        new Request(`https://pay.example.com/ussd/${SECRET_PATH}`, { method: 'POST', body }),
      );
      expect(response.status).toBe(200);
    }
    await ussd.settled();
    const [started] = (await bridge.findTransactions()).payments;
    await bridge.waitForTransaction(started?.transactionId ?? '');
    await integrations.shutdown();
    expect(told).toHaveLength(1);
  });

  it('settles on a chain beside collecting, on one journal', async () => {
    const key = '5e'.repeat(32);
    const owner = createSigner(key).address;
    const balances = [APTOS_ASSETS.usdc, APTOS_ASSETS.apt].map((asset) => ({ owner, asset, amountMinor: 10n ** 15n }));
    const chain = await startAptosServer({ blockIntervalMs: 5, balances });
    const aptos = {
      nodeUrl: chain.nodeUrl,
      privateKey: key,
      assets: { USD: { fungibleAsset: APTOS_ASSETS.usdc, decimals: 6 } },
    };
    const journal = createMemoryJournal();
    const integrations = await start({ ...base, journal, settlement: { aptos, maxSettlementAmount: '1000' } });
    const toAddress = `0x${'a1'.repeat(32)}` as const;
    const request = {
      settlementId: 'settlement_1',
      amount: '12.50',
      fromCurrency: 'USD',
      toCurrency: 'USD',
      toAddress,
    };
    await integrations.settlement.settlePayment(request);
    expect(await integrations.settlement.waitForSettlement('settlement_1')).toMatchObject({ status: 'settled' });
    expect(chain.emulator.books.balanceMinor(toAddress, APTOS_ASSETS.usdc)).toBe(12_500_000n);
    const tooMuch = { ...request, settlementId: 'settlement_2', amount: '1000.01' };
    await expect(integrations.settlement.settlePayment(tooMuch)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
    await integrations.shutdown();
    await chain.close();
    expect(journal.size).toBeGreaterThan(0);
  });

  it('settles without any operator, and then needs no callback address', async () => {
    const aptos = { nodeUrl: 'http://127.0.0.1:9', privateKey: '5e'.repeat(32) };
    const integrations = await createIntegrations({ journal: 'memory', settlement: { aptos } });
    expect(() => integrations.bridge).toThrow(ConfigError);
    await expect(integrations.initialize({ timeoutMs: 500 })).rejects.toMatchObject({ moneyMoved: 'no' });
  });

  it('runs USSD alone, without operators and without a Redis', async () => {
    const integrations = await createIntegrations({ ussd: { menu: greeting, store: 'memory' } });
    await integrations.initialize();
    const hop = { sessionId: 's1', phoneNumber: '+254722000001', serviceCode: '*384#', text: '' };
    expect(await integrations.ussd.processRequest(hop)).toMatchObject({ text: 'Hello', end: true });
    expect(() => integrations.bridge).toThrow(ConfigError);
    expect(() => integrations.redis).toThrow(ConfigError);
    expect(() => integrations.journal).toThrow(ConfigError);
    await integrations.shutdown();
  });

  it('lets what is under way reach the journal before anything under it is closed', async () => {
    const answers: (() => void)[] = [];
    const transport: Transport = async ({ url }) => {
      if (!url.includes('oauth')) await new Promise<void>((resolve) => void answers.push(resolve));
      return { status: 200, headers: {}, body: '{"access_token":"t","expires_in":"3599"}' };
    };
    const journal = createMemoryJournal();
    const integrations = await start({ ...base, journal, transport });
    const accepted = integrations.bridge.initiateTransaction(payment('order_1'));
    await expect.poll(() => answers.length).toBe(1);
    let isDown = false;
    const down = integrations.shutdown().then(() => (isDown = true));
    await expect(integrations.bridge.initiateTransaction(payment('order_2'))).rejects.toThrow(/shutting down/);
    expect(isDown).toBe(false);
    answers[0]?.();
    expect(await accepted).toMatchObject({ moneyMoved: 'maybe' });
    await down;
    expect(journal.size).toBe(1);
  });

  it('closes everything again when a part cannot start', async () => {
    let isClosed = false;
    const journal = Object.assign(createMemoryJournal(), {
      initialize: () => Promise.reject(new ConfigError({ field: 'journal', expected: 'a server that keeps' })),
    });
    const transport: Transport = () => Promise.reject(new Error('nothing may be sent'));
    const integrations = await createIntegrations({ ...base, journal, transport });
    await expect(integrations.initialize()).rejects.toThrow(/a server that keeps/);
    await integrations.shutdown().then(() => (isClosed = true));
    expect(isClosed).toBe(true);
    await expect(integrations.bridge.initiateTransaction(payment('order_1'))).rejects.toThrow(/shutting down/);
  });

  it.each<[string, (good: typeof base) => unknown, string]>([
    ['a part that does not exist', (good) => ({ ...good, mpessa: {} }), 'mpessa'],
    ['operators without a journal', ({ mpesa: settings, callbacks }) => ({ mpesa: settings, callbacks }), 'journal'],
    [
      'operators without a callback address',
      ({ mpesa: settings, journal }) => ({ mpesa: settings, journal }),
      'callbacks.baseUrl',
    ],
    ['a journal that is nowhere', (good) => ({ ...good, journal: 'mongodb://secret@host' }), 'journal'],
    ['a journal on a Redis that is not there', (good) => ({ ...good, journal: 'redis' }), 'redis'],
    ['a journal without operators', () => ({ journal: 'memory' }), 'journal'],
    [
      'a field of an operator',
      (good) => ({ ...good, mpesa: { ...good.mpesa, shortcode: 'secret' } }),
      'mpesa.shortcode',
    ],
    [
      'a limit of an operator that is not there',
      (good) => ({ ...good, rateLimits: { mpessa: { perSecond: 1 } } }),
      'rateLimits.mpessa',
    ],
    ['a settlement without a journal', () => ({ settlement: { aptos: { nodeUrl: 'http://127.0.0.1:9' } } }), 'journal'],
    ['a settlement on no chain', (good) => ({ ...good, settlement: {} }), 'settlement.aptos'],
    [
      'a key that is none',
      (good) => ({ ...good, settlement: { aptos: { nodeUrl: 'http://127.0.0.1:9', privateKey: 'secret' } } }),
      'aptos.privateKey',
    ],
    ['sessions that are nowhere', (good) => ({ ...good, ussd: { ready } }), 'ussd.store'],
    ['a menu that takes payments without operators', () => ({ ussd: { ready, store: 'memory' } }), 'ussd.ready'],
    ['two menus', (good) => ({ ...good, ussd: { ready, menu: greeting, store: 'memory' } }), 'ussd.ready'],
    [
      'a gateway that nobody knows',
      (good) => ({ ...good, ussd: { ready, store: 'memory', gateway: { name: 'x' } } }),
      'ussd.gateway',
    ],
    ['a number of processes that is none', (good) => ({ ...good, processes: 0 }), 'processes'],
  ])('refuses %s by its field', async (_, change, field) => {
    const refused = createIntegrations(change(base) as IntegrationsConfig);
    await expect(refused).rejects.toMatchObject({ code: 'CONFIG_INVALID', field });
    await expect(refused).rejects.not.toThrow(/secret/);
  });

  describe.skipIf(redisUrl === null)('with a Redis', () => {
    const redis = redisUrl ?? '';

    it('keeps payments there, for the next process to find', async () => {
      const config: IntegrationsConfig = {
        ...base,
        redis,
        namespace: 'keeps',
        journal: { on: 'redis', durability: 'development' },
      };
      const first = await start(config);
      await first.bridge.initiateTransaction(payment('order_1'));
      await first.shutdown();
      const second = await start(config);
      expect(await second.bridge.waitForTransaction('order_1')).toMatchObject({ status: 'succeeded' });
      await second.shutdown();
    });

    it('opens a Redis of its own for a journal with an address', async () => {
      const config: IntegrationsConfig = {
        ...base,
        namespace: 'own',
        journal: { on: redis, durability: 'development' },
      };
      const integrations = await start(config);
      expect(await integrations.bridge.initiateTransaction(payment('order_1'))).toMatchObject({ status: 'pending' });
      await integrations.shutdown();
    });

    it('refuses to start on a server that could lose a payment, and leaves nothing open', async () => {
      const integrations = await createIntegrations({ ...base, redis, journal: 'redis' });
      await expect(integrations.initialize()).rejects.toThrow(ConfigError);
      await expect(integrations.redis.get('anything')).rejects.toThrow(/closed/);
    });

    it('shares a rate limit between processes', async () => {
      const config: IntegrationsConfig = {
        ...base,
        redis,
        namespace: 'limits',
        rateLimits: { mpesa: { perSecond: 0.05 } },
      };
      const one = await createIntegrations(config);
      const other = await start(config);
      await one.initialize();
      await one.bridge.initiateTransaction(payment('order_1'));
      await other.bridge.initiateTransaction(payment('order_2'));
      expect(daraja.emulator.books.charges({ msisdn: '254700123456' }).length).toBeLessThan(2);
      expect(await other.bridge.getTransaction('order_2')).toMatchObject({ moneyMoved: 'no' });
      await Promise.all([one.shutdown(), other.shutdown()]);
    });

    it('refuses a shared limit of an operator that is not there', async () => {
      const refused = createIntegrations({ ...base, redis, rateLimits: { mpessa: { perSecond: 1 } } });
      await expect(refused).rejects.toMatchObject({ code: 'CONFIG_INVALID', field: 'rateLimits.mpessa' });
    });

    it('keeps sessions there, and hands the client out', async () => {
      const integrations = await createIntegrations({ redis, namespace: 'sessions', ussd: { menu: greeting } });
      const hop = { sessionId: 's1', phoneNumber: '+254722000001', serviceCode: '*384#', text: '' };
      await integrations.ussd.processRequest(hop);
      expect(integrations.redis).toBeInstanceOf(RedisClient);
      await integrations.shutdown();
      await expect(integrations.redis.get('anything')).rejects.toThrow(/closed/);
    });
  });

  it.skipIf(postgresUrl === null)('keeps payments on PostgreSQL, in a schema called after the namespace', async () => {
    const config: IntegrationsConfig = {
      ...base,
      journal: { on: postgresUrl ?? '', durability: 'development' },
      namespace: 'my-shop',
    };
    const integrations = await start(config);
    await integrations.bridge.initiateTransaction(payment('order_1'));
    expect(await integrations.bridge.waitForTransaction('order_1')).toMatchObject({ status: 'succeeded' });
    await integrations.shutdown();
  });
});
