/**
 * Payments a second at concurrency 32, beside bare axios with a cached token (= 1) and the clients that exist: one stub in a
 * second process, rounds interleaved, ratios within a round. Redis is started here with its append-only file, or left out with
 * a line that says so.
 */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createMemoryJournal, type Journal } from '@canza/core';
import { createRedisJournal } from '@canza/data/journal';
import { openRedis } from '@canza/data/redis';
import { MMOBridge } from '@canza/mobile-money';
import { mpesa } from '@canza/mobile-money/mpesa';
import axios from 'axios';

const CONCURRENCY = 32;
const PAYMENTS = Number(process.env['PAYMENTS'] ?? 1500);
const ROUNDS = Number(process.env['ROUNDS'] ?? 9);

type Pay = (id: number) => Promise<unknown>;
interface Contender {
  readonly name: string;
  readonly pay: Pay;
  readonly close?: () => Promise<void>;
}

const stub = fork(new URL('stub.ts', import.meta.url), { stdio: 'inherit' });
const [port] = (await once(stub, 'message')) as [number];
const baseUrl = `http://127.0.0.1:${port}`;
// mpesa-api leaves the port of its address out; Node's own default for plain HTTP is the only way to tell it.
(http.globalAgent as unknown as { defaultPort: number }).defaultPort = port;

let unique = 0;
const msisdn = '254700123456';

function bareAxios(): Contender {
  const headers = { authorization: 'Bearer c9SQxWWhmdVRlyh0zh8gZDTkubVF' };
  const body = {
    BusinessShortCode: '174379',
    Amount: '1000',
    PhoneNumber: msisdn,
    CallBackURL: 'https://pay.example.com/c',
  };
  return {
    name: 'axios, token cached',
    pay: () => axios.post(`${baseUrl}/mpesa/stkpush/v1/processrequest`, body, { headers }),
  };
}

async function bridgeOn(name: string, journal: Journal, end?: () => Promise<void>): Promise<Contender> {
  const bridge = new MMOBridge({
    providers: [
      mpesa({
        environment: 'sandbox',
        baseUrl,
        consumerKey: 'key',
        consumerSecret: 'secret',
        shortcode: '174379',
        passkey: 'passkey',
      }),
    ],
    journal,
    callbacks: { baseUrl: 'https://pay.example.com/callbacks' },
    rateLimits: { mpesa: { perSecond: 1e6, burst: 1e6 } },
  });
  bridge.on('payment.changed', () => undefined);
  await bridge.initialize();
  return {
    name,
    pay: () =>
      bridge.initiateTransaction({
        transactionId: `tx_${process.pid}_${(unique += 1)}`,
        type: 'collection',
        amount: '1000.00',
        currency: 'KES',
        phoneNumber: `+${msisdn}`,
      }),
    async close() {
      await bridge.shutdown();
      await end?.();
    },
  };
}

async function bridgeOnRedis(): Promise<Contender | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'canza-bench-'));
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port: redisPort } = probe.address() as { port: number };
  await new Promise((resolve) => void probe.close(resolve));
  const options = [
    '--port',
    String(redisPort),
    '--save',
    '',
    '--dir',
    folder,
    '--appendonly',
    'yes',
    '--maxmemory-policy',
    'noeviction',
  ];
  const server = spawn('redis-server', options, { stdio: 'ignore' });
  const started = await Promise.race([once(server, 'spawn').then(() => true), once(server, 'error').then(() => false)]);
  if (!started) {
    console.log('left out: the bridge on Redis, because there is no redis-server (apt-get install redis-server)');
    return undefined;
  }
  const connection = await openRedis({ server: { url: `redis://127.0.0.1:${redisPort}` } });
  await connection.ready({ timeoutMs: 5000 });
  const journal = createRedisJournal({ connection });
  await journal.initialize();
  return bridgeOn('bridge, Redis journal (AOF)', journal, async () => {
    await journal.close();
    await connection.close();
    server.kill('SIGTERM');
    await once(server, 'exit');
    rmSync(folder, { recursive: true });
  });
}

async function mpesaApi(): Promise<Contender> {
  const { routes } = (await import('mpesa-api/lib/routes.js')) as { routes: { sandbox: string } };
  routes.sandbox = 'http://127.0.0.1';
  const { Mpesa } = await import('mpesa-api');
  const client = new Mpesa(
    { clientKey: 'key', clientSecret: 'secret', securityCredential: 'x', initiatorPassword: 'x' },
    'sandbox',
  );
  return {
    name: 'mpesa-api 3.0.2',
    pay: () =>
      client.lipaNaMpesaOnline({
        BusinessShortCode: 174_379,
        Amount: 1000,
        PartyA: msisdn,
        PartyB: '174379',
        PhoneNumber: msisdn,
        CallBackURL: 'https://pay.example.com/c',
        AccountReference: 'ref',
        passKey: 'passkey',
      }),
  };
}

async function mpesaNode(): Promise<Contender> {
  const { default: Mpesa } = (await import('mpesa-node')) as unknown as {
    default: new (settings: object) => { baseURL: string; lipaNaMpesaOnline(...parts: unknown[]): Promise<unknown> };
  };
  const client = new Mpesa({
    consumerKey: 'key',
    consumerSecret: 'secret',
    lipaNaMpesaShortCode: '174379',
    lipaNaMpesaShortPass: 'passkey',
  });
  client.baseURL = baseUrl;
  return {
    name: 'mpesa-node 0.1.3',
    pay: () => client.lipaNaMpesaOnline(msisdn, 1000, 'https://pay.example.com/c', 'ref'),
  };
}

async function perSecond({ pay }: Contender): Promise<number> {
  let left = PAYMENTS;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await pay(left);
    }
  };
  const before = performance.now();
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
  return (PAYMENTS * 1000) / (performance.now() - before);
}

const counts = async (): Promise<{ pushes: number; tokens: number }> =>
  (await axios.get<{ pushes: number; tokens: number }>(`${baseUrl}/counts`)).data;
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

// 1,000 first payments at once: how many requests is that?
await counts();
const first = await bridgeOn('first', createMemoryJournal());
await Promise.all(Array.from({ length: 1000 }, (_, id) => first.pay(id)));
const { pushes, tokens } = await counts();
await first.close?.();
console.log(`1,000 first payments at once: ${pushes} pushes, ${tokens} token request(s)\n`);

const redis = await bridgeOnRedis();
const contenders = [
  bareAxios(),
  await bridgeOn('bridge, journal in memory', createMemoryJournal()),
  ...(redis === undefined ? [] : [redis]),
  await mpesaApi(),
  await mpesaNode(),
];
const ratios = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
const speeds = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
for (let round = 0; round < ROUNDS; round++) {
  const speed = new Map<string, number>();
  for (const contender of contenders) speed.set(contender.name, await perSecond(contender));
  const one = speed.get(contenders[0]?.name ?? '') ?? 1;
  // The first round warms up.
  if (round > 0) {
    for (const [name, value] of speed) {
      ratios.get(name)?.push(value / one);
      speeds.get(name)?.push(value);
    }
  }
}
for (const { name } of contenders) {
  const ratio = median(ratios.get(name) ?? []);
  console.log(
    `${name.padEnd(30)} ${ratio.toFixed(2).padStart(6)} ×  ${Math.round(median(speeds.get(name) ?? []))} a second`,
  );
}
for (const { close } of contenders) await close?.();
stub.disconnect();
