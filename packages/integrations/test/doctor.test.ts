import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { systemClock, type Transport } from '@canza/core';
import { type AptosSettings, createSigner } from '@canza/integrations/aptos';
import { CHECKS, examine, type Finding, formatExamination, type Probes } from '@canza/integrations/doctor';
import type { AirtelMoneySettings } from '@canza/mobile-money/airtel-money';
import type { MpesaSettings } from '@canza/mobile-money/mpesa';
import type { MtnMomoSettings } from '@canza/mobile-money/mtn-momo';
import { createHttpTransport, type HttpTransport } from '@canza/mobile-money/transport';
import type { VodacomMpesaSettings } from '@canza/mobile-money/vodacom-mpesa';
import { APTOS_ASSETS, type AptosServer, type Sandbox, startAptosServer, startSandbox } from '@canza/sandbox';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { IntegrationsConfig } from '../src/config.ts';
import { systemProbes } from '../src/doctor/probes.ts';
import { startOwnPostgres } from './support/own-postgres.ts';
import { lacksRedisServer, startOwnRedis } from './support/own-redis.ts';

const postgresUrl = inject('postgresUrl');
const DAY_MS = 86_400_000;

/** A world in which pay.example.com is a public address with a good certificate. */
const goodProbes: Probes = {
  addressesOf: async () => ['203.0.113.7'],
  certificateOf: async () => ({ untilMs: systemClock.nowMs() + 80 * DAY_MS }),
};

let sandbox: Sandbox;
let http: HttpTransport;
beforeAll(async () => {
  sandbox = await startSandbox({
    mpesa: { speed: 50 },
    'mtn-momo': { environment: { targetEnvironment: 'mtnuganda', currency: 'UGX' } },
  });
  http = createHttpTransport();
});
afterAll(async () => {
  await http.close();
  await sandbox.close();
});

/** The emulators' answers, and ours at the callback address. */
const transport: Transport = (request, options) =>
  request.url.startsWith('https://pay.example.com/')
    ? Promise.resolve({ status: 404, headers: {}, body: '' })
    : http(request, options);

interface EveryOperator extends IntegrationsConfig {
  readonly mpesa: MpesaSettings;
  readonly mtnMomo: MtnMomoSettings;
  readonly airtelMoney: AirtelMoneySettings;
  readonly vodacomMpesa: VodacomMpesaSettings;
}

const everything = (): EveryOperator => {
  const { mpesa, 'mtn-momo': momo, 'airtel-money': airtel, 'vodacom-mpesa': vodacom } = sandbox;
  const { clientId, clientSecret, country, pin } = airtel.application;
  return {
    mpesa: mpesa.settings,
    mtnMomo: {
      targetEnvironment: 'mtnuganda',
      baseUrl: momo.baseUrl,
      collection: momo.credentials.collection,
      callbackHost: 'pay.example.com',
    },
    airtelMoney: {
      country,
      environment: 'sandbox',
      baseUrl: airtel.baseUrl,
      clientId,
      clientSecret,
      collection: 'v2',
      pin,
    },
    vodacomMpesa: {
      environment: 'sandbox',
      market: 'TZN',
      baseUrl: vodacom.baseUrl,
      apiKey: vodacom.application.apiKey,
      publicKey: vodacom.publicKey,
      serviceProviderCode: '000000',
    },
    journal: 'memory',
    callbacks: { baseUrl: 'https://pay.example.com/callbacks' },
    transport,
  };
};

const look = (config: IntegrationsConfig, probes: Partial<Probes> = {}, timeoutMs = 15_000) =>
  examine(config, { probes: { ...goodProbes, ...probes }, timeoutMs });

const about = (findings: readonly Finding[], name: string) =>
  findings.filter((finding) => finding.about === name).map(({ verdict, what }) => `${verdict}: ${what}`);

describe('credentials, against every emulator', () => {
  it('says that they are accepted', async () => {
    const { findings } = await look(everything());
    for (const name of ['mpesa', 'mtn-momo', 'airtel-money', 'vodacom-mpesa']) {
      expect(about(findings, name).join()).toMatch(/ok: the credentials are accepted/);
    }
  });

  it.each<[string, (good: EveryOperator) => IntegrationsConfig]>([
    ['mpesa', (good) => ({ ...good, mpesa: { ...sandbox.mpesa.settings, consumerSecret: 'another' } })],
    [
      'mtn-momo',
      (good) => ({
        ...good,
        mtnMomo: {
          targetEnvironment: 'mtnuganda',
          baseUrl: sandbox['mtn-momo'].baseUrl,
          collection: { ...sandbox['mtn-momo'].credentials.collection, apiKey: 'another' },
        },
      }),
    ],
    ['airtel-money', (good) => ({ ...good, airtelMoney: { ...good.airtelMoney, clientSecret: 'another' } })],
    ['vodacom-mpesa', (good) => ({ ...good, vodacomMpesa: { ...good.vodacomMpesa, apiKey: 'another' } })],
  ])('says that those for %s are refused', async (name, change) => {
    const { findings, verdict } = await look(change(everything()));
    expect(about(findings, name)).toContain('fail: the credentials are refused');
    expect(verdict).toBe('fail');
  });

  it('says that an operator does not answer', async () => {
    const away = { ...sandbox.mpesa.settings, baseUrl: 'http://127.0.0.1:9' };
    const { findings } = await look({ ...everything(), mpesa: away });
    expect(about(findings, 'mpesa')).toContain('fail: the operator does not answer');
  });
});

it('says when our clock is minutes away from the operators’', async () => {
  const late = { ...systemClock, nowMs: () => systemClock.nowMs() - 300_000 };
  const { findings } = await look({ ...everything(), clock: late });
  expect(about(findings, 'clock')).toEqual([
    expect.stringMatching(/^fail: our clock and that of 127.0.0.1:\d+ differ by 2[89]\d|^fail: .* 30\d s$/),
  ]);
  expect(about((await look(everything())).findings, 'clock')).toEqual(['ok: our clock agrees with the operators’']);
});

describe('the callback address', () => {
  const found = async (baseUrl: string, probes: Partial<Probes> = {}) => {
    const { findings } = await look({ ...everything(), callbacks: { baseUrl } }, probes);
    return about(findings, 'callbacks');
  };
  const address = 'https://pay.example.com/callbacks';

  it.each<[string, string, Partial<Probes>, RegExp]>([
    ['is not https', 'http://pay.example.com/callbacks', {}, /^fail: the address is not https/],
    ['has no address', address, { addressesOf: async () => [] }, /^fail: pay.example.com has no address/],
    ['is at home', address, { addressesOf: async () => ['192.168.1.4'] }, /^fail: .*192.168.1.4, which nobody outside/],
    ['is at home in IPv6 too', address, { addressesOf: async () => ['203.0.113.7', 'fd00::1'] }, /^fail: .*fd00::1/],
    [
      'has a certificate that is refused',
      address,
      { certificateOf: async () => ({ untilMs: 0, refusedBecause: 'CERT_HAS_EXPIRED' }) },
      /fail: the certificate is refused: CERT_HAS_EXPIRED/,
    ],
    [
      'has a certificate that ends soon',
      address,
      { certificateOf: async () => ({ untilMs: systemClock.nowMs() + 5.5 * DAY_MS }) },
      /warn: the certificate ends in 5 days/,
    ],
  ])('%s', async (_, baseUrl, probes, expected) => {
    expect((await found(baseUrl, probes)).join('\n')).toMatch(expected);
  });

  it('is as it should be', async () => {
    expect(await found(address)).toEqual([
      'ok: pay.example.com has a public address',
      expect.stringMatching(/^ok: the certificate is good for (?:79|80) days$/),
      'ok: somebody answers there, with 404',
    ]);
  });

  it('has nobody who answers', async () => {
    const silent: Transport = (request, options) =>
      request.url.startsWith('https://pay.example.com/')
        ? Promise.reject(new Error('refused'))
        : http(request, options);
    const { findings } = await look({ ...everything(), transport: silent });
    expect(about(findings, 'callbacks')).toContain('warn: nobody answers there, as seen from this machine');
  });
});

describe('durability', () => {
  it('refuses to keep payments in memory', async () => {
    expect(about((await look(everything())).findings, 'journal')).toEqual(['fail: payments are kept in memory']);
  });

  it.skipIf(postgresUrl === null)(
    'accepts a PostgreSQL that syncs, and refuses one that does not',
    async () => {
      const own = await startOwnPostgres();
      const judge = async (journal: string) => about((await look({ ...everything(), journal })).findings, 'journal');
      expect(await judge(own.url)).toEqual(['ok: its server keeps what it acknowledges']);
      const careless = `${own.url}?options=${encodeURIComponent('-c synchronous_commit=off')}`;
      expect(await judge(careless)).toEqual(['fail: the server could lose a payment: PostgreSQL synchronous_commit']);
      await own.stop();
    },
    90_000,
  );

  it('says what payments in this process rest on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'canza-doctor-'));
    const { findings } = await look({ ...everything(), journal: `file:${folder}` });
    expect(about(findings, 'journal')).toEqual(['warn: payments are kept in this process, on one disk']);
    rmSync(folder, { recursive: true });
  }, 90_000);

  it('says that a journal does not answer', async () => {
    const { findings } = await look({ ...everything(), journal: 'postgres://user:hush-hush@127.0.0.1:9/payments' });
    expect(about(findings, 'journal')).toEqual([expect.stringMatching(/^fail: it cannot be reached/)]);
    expect(JSON.stringify(findings)).not.toContain('hush-hush');
  });

  it('says that Redis does not answer', async () => {
    const { findings } = await look({ ...everything(), redis: 'redis://:hush-hush@127.0.0.1:9' });
    expect(about(findings, 'redis')).toEqual(['fail: it does not answer']);
    expect(JSON.stringify(findings)).not.toContain('hush-hush');
  });

  const onRedis = async (settings: Readonly<Record<string, string>>, more: Partial<IntegrationsConfig> = {}) => {
    const redis = await startOwnRedis(settings);
    try {
      const { findings } = await look({ ...everything(), redis: redis.url, journal: 'redis', ...more });
      return findings;
    } finally {
      await redis.stop();
    }
  };

  it.skipIf(lacksRedisServer).each([
    ['without an append-only file', { appendonly: 'no' }, [/^fail: the server could lose a payment: Redis appendonly/]],
    [
      'that syncs once a second',
      { appendonly: 'yes', appendfsync: 'everysec' },
      [/^ok: its server keeps/, /^warn: a crash of Redis may forget the last second/, /^warn: Redis has no replica/],
    ],
    [
      'that syncs always',
      { appendonly: 'yes', appendfsync: 'always' },
      [/^ok: its server keeps/, /^warn: Redis has no replica/],
    ],
    [
      'that evicts',
      { appendonly: 'yes', 'maxmemory-policy': 'allkeys-lru', maxmemory: '100mb' },
      [/^fail: the server could lose a payment: Redis maxmemory-policy/],
    ],
  ])('judges a Redis %s', async (_, settings, expected) => {
    const found = about(await onRedis(settings), 'journal');
    expect(found).toEqual(expected.map((each) => expect.stringMatching(each) as unknown));
  });

  it.skipIf(lacksRedisServer)('fails where a server that may lose payments is accepted', async () => {
    const found = about(
      await onRedis({ appendonly: 'no' }, { journal: { on: 'redis', durability: 'development' } }),
      'journal',
    );
    expect(found[0]).toMatch(/^fail: a server that may lose payments is accepted/);
  });

  it.skipIf(lacksRedisServer)('warns of sessions on a Redis that forgets', async () => {
    const ussd = { ready: { brand: 'Canza', currency: 'KES', country: 'KE', least: '10', most: '100' } } as const;
    const found = about(await onRedis({ appendonly: 'no' }, { journal: 'memory', ussd }), 'ussd');
    expect(found).toContainEqual(expect.stringMatching(/^warn: its Redis may forget/));
  });
});

describe('settings', () => {
  it.each<[string, (good: EveryOperator) => IntegrationsConfig, string, RegExp]>([
    ['the sandbox', (good) => good, 'mpesa', /warn: this is the sandbox/],
    ['no rate limit', (good) => good, 'mtn-momo', /warn: no rate limit is configured/],
    [
      'limits of each process alone',
      (good) => ({ ...good, processes: 2, rateLimits: { mpesa: { perSecond: 5 } } }),
      'limits',
      /fail: each process has limits of its own/,
    ],
    [
      'a callback host that MTN will refuse',
      (good) => ({ ...good, mtnMomo: { ...good.mtnMomo, callbackHost: 'other.example.com' } }),
      'mtnMomo',
      /fail: callbackHost is not the host/,
    ],
    [
      'a callback address with a word in it that Daraja refuses',
      (good) => ({ ...good, callbacks: { baseUrl: 'https://pay.example.com/mpesa' } }),
      'mpesa',
      /warn: callbacks.baseUrl has the word "mpesa" in it/,
    ],
    [
      'USSD that anybody could imitate, in memory',
      (good) => ({
        ...good,
        ussd: {
          ready: { brand: 'Canza', currency: 'KES', country: 'KE', least: '10', most: '100' },
          store: 'memory',
          environment: 'sandbox',
        },
      }),
      'ussd',
      /warn: a gateway that anybody[\s\S]*fail: sessions are kept in memory/,
    ],
  ])('%s', async (_, change, name, expected) => {
    const { findings } = await look(change(everything()));
    expect(about(findings, name).join('\n')).toMatch(expected);
  });

  it('says which field cannot be used, and nothing of its value', async () => {
    const { findings, verdict } = await look({
      ...everything(),
      mpesa: { ...sandbox.mpesa.settings, shortcode: 'hush-hush' },
    });
    expect(verdict).toBe('fail');
    expect(findings).toEqual([expect.objectContaining({ what: 'the field "mpesa.shortcode" is not usable' })]);
    expect(JSON.stringify(findings)).not.toContain('hush-hush');
  });
});

describe('settlement', () => {
  const KEY = '5e'.repeat(32);
  let chain: AptosServer;
  beforeAll(async () => {
    const balances = [{ owner: createSigner(KEY).address, asset: APTOS_ASSETS.apt, amountMinor: 10n ** 10n }];
    chain = await startAptosServer({ blockIntervalMs: 5, balances });
  });
  afterAll(() => chain.close());

  const found = async (aptos: Partial<AptosSettings>, late = 0, timeoutMs?: number) => {
    const settings = { nodeUrl: chain.nodeUrl, privateKey: KEY, name: 'chain', ...aptos };
    const clock = { ...systemClock, nowMs: () => systemClock.nowMs() - late };
    const { findings } = await look(
      { journal: 'memory', settlement: { aptos: settings }, transport, clock },
      {},
      timeoutMs,
    );
    return { chain: about(findings, 'chain'), clock: about(findings, 'clock'), all: JSON.stringify(findings) };
  };

  it('is as it should be, on the ledger’s clock', async () => {
    const { chain: said, clock } = await found({});
    expect(said).toEqual(['ok: the chain, the accounts and the assets are those of the configuration']);
    expect(clock).toEqual(['ok: our clock agrees with the operators’']);
    expect((await found({}, 120_000)).clock.join()).toMatch(
      /^fail: our clock and that of chain differ by 1(?:1\d|20) s/,
    );
  });

  it('is another chain, has other assets, or no money for fees', async () => {
    expect((await found({ chainId: 2 })).chain.join()).toMatch(/^fail: the chain says otherwise about "aptos.nodeUrl"/);
    const assets = { USD: { fungibleAsset: APTOS_ASSETS.usdc, decimals: 8 } };
    expect((await found({ assets })).chain.join()).toMatch(/^fail: .*"aptos.assets.USD.decimals"/);
    const poor = await found({ privateKey: '6f'.repeat(32) });
    expect(poor.chain.join()).toMatch(/fail: 0x[0-9a-f]{64} holds no APT for fees/);
    expect(poor.all).not.toContain('6f6f6f6f');
  });

  it('has no node that answers', async () => {
    expect((await found({ nodeUrl: 'http://127.0.0.1:9', timeoutMs: 500 }, 0, 500)).chain.join()).toMatch(
      /^fail: no node answers/,
    );
  });
});

it('calls nothing ready where nothing is configured, as in a container without its variables', async () => {
  const examination = await examine({}, { probes: goodProbes });
  expect(examination).toMatchObject({ verdict: 'fail', findings: [{ about: 'configuration', verdict: 'fail' }] });
  expect(formatExamination(examination)).toContain('Not ready for real money.');
});

it('prints no secret, whatever it finds', async () => {
  const config = everything();
  const { consumerKey, consumerSecret, passkey } = sandbox.mpesa.settings;
  const { clientSecret, pin } = sandbox['airtel-money'].application;
  const { subscriptionKey, apiKey } = sandbox['mtn-momo'].credentials.collection;
  const secrets = [
    consumerKey,
    consumerSecret,
    passkey,
    clientSecret,
    subscriptionKey,
    apiKey,
    sandbox['vodacom-mpesa'].application.apiKey,
  ];
  const examination = await look(config);
  const printed = `${JSON.stringify(examination)}${formatExamination(examination)}`;
  for (const secret of secrets) expect(printed).not.toContain(secret);
  expect(printed).not.toMatch(new RegExp(`\\b${pin}\\b`));
});

it('makes a finding of a check that breaks, and goes on with the next', async () => {
  const bad = {
    name: 'mine',
    run: () => {
      throw new Error('password=hush-hush');
    },
  };
  const { findings } = await examine(everything(), { checks: [bad, CHECKS[0] ?? bad], probes: goodProbes });
  expect(findings[0]).toMatchObject({ about: 'mine', verdict: 'fail' });
  expect(findings.length).toBeGreaterThan(1);
  expect(JSON.stringify(findings)).not.toContain('hush-hush');
});

describe.skipIf(spawnSync('openssl', ['version']).status !== 0)('a certificate on a socket', () => {
  it('is read with its end, and with why a client would refuse it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'canza-doctor-'));
    const files = { key: join(folder, 'key.pem'), cert: join(folder, 'cert.pem') };
    const options = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '40', '-subj', '/CN=localhost'];
    execFileSync('openssl', [...options, '-keyout', files.key, '-out', files.cert], { stdio: 'ignore' });
    const server = createServer({ key: readFileSync(files.key), cert: readFileSync(files.cert) });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const shown = await systemProbes.certificateOf('localhost', port, 5_000);
    expect(shown.refusedBecause).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(Math.round((shown.untilMs - systemClock.nowMs()) / DAY_MS)).toBe(40);
    await new Promise((resolve) => void server.close(resolve));
    await expect(systemProbes.certificateOf('localhost', port, 5_000)).rejects.toThrow(/ECONNREFUSED/);
    rmSync(folder, { recursive: true });
    expect(await systemProbes.addressesOf('localhost')).toContain('127.0.0.1');
    expect(await systemProbes.addressesOf('no-such-host.invalid')).toEqual([]);
  });
});
