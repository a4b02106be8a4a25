/**
 * What a payment costs in this process alone: CPU of the bridge and the adapter with a transport that answers at once, the
 * routing decision among 20 routes, a callback, and the memory of 10,000 open payments.
 */
import { createMemoryJournal, silentLogger, systemClock, systemRandom, type Transport } from '@canza/core';
import { createScriptedProvider } from '@canza/core/testing';
import { MMOBridge, type TransactionRequest } from '@canza/mobile-money';
import { mpesa } from '@canza/mobile-money/mpesa';

const ROUNDS = 18;
/** Rounds that warm up. */
const WARM_UP = 8;
const settings = {
  environment: 'sandbox',
  consumerKey: 'bench-key',
  consumerSecret: 'bench-secret',
  shortcode: '174379',
  passkey: 'bench-passkey',
} as const;

let pushes = 0;
let tokens = 0;
/** Answers as Daraja does, without a socket. */
const transport: Transport = async ({ url }) => {
  if (url.includes('/oauth/')) {
    tokens += 1;
    return { status: 200, headers: {}, body: '{"access_token":"c9SQxWWhmdVRlyh0zh8gZDTkubVF","expires_in":"3599"}' };
  }
  pushes += 1;
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: `{"MerchantRequestID":"m-${pushes}","CheckoutRequestID":"ws_CO_${pushes}","ResponseCode":"0","ResponseDescription":"Success. Request accepted for processing","CustomerMessage":"Success. Request accepted for processing"}`,
  };
};

const requestOf = (id: number): TransactionRequest => ({
  transactionId: `tx_${id}`,
  type: 'collection',
  amount: '1000.00',
  currency: 'KES',
  phoneNumber: `+25470${1_000_000 + ((id * 7) % 9_000_000)}`,
  description: 'Payment',
});

const bridgeOn = async (): Promise<MMOBridge> => {
  const bridge = new MMOBridge({
    providers: [mpesa(settings)],
    journal: createMemoryJournal(),
    transport,
    callbacks: { baseUrl: 'https://pay.example.com/callbacks' },
    rateLimits: { mpesa: { perSecond: 1e6, burst: 1e6 } },
  });
  await bridge.initialize();
  return bridge;
};

const cpuMicros = (before: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(before);
  return user + system;
};
const least = (values: readonly number[]): number => Math.min(...values);
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** CPU of one turn of what is done at once. */
function perTurn(turn: () => unknown): number {
  const perRound: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    for (let turns = 0; turns < 20_000; turns++) turn();
    perRound.push(cpuMicros(before) / 20_000);
  }
  return median(perRound.slice(WARM_UP));
}

/** CPU of one payment: accepted, stored, built, sent, read, stored again, announced. */
async function paymentCosts(): Promise<readonly number[]> {
  const perRound: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const bridge = await bridgeOn();
    const before = process.cpuUsage();
    for (let id = 0; id < 5000; id += 32) {
      await Promise.all(Array.from({ length: 32 }, (_, lane) => bridge.initiateTransaction(requestOf(id + lane))));
    }
    perRound.push(cpuMicros(before) / 5000);
    await bridge.shutdown();
  }
  return perRound.slice(WARM_UP);
}

async function routingCost(): Promise<number> {
  const factories = Array.from({ length: 20 }, (_, index) => createScriptedProvider({ name: `p${index}` }).factory);
  const bridge = new MMOBridge({
    providers: factories,
    journal: createMemoryJournal(),
    transport,
    callbacks: { baseUrl: 'https://pay.example.com/callbacks' },
  });
  const { Router, DEFAULT_ROUTING } = await import('../../../packages/mobile-money/dist/routing/router.js');
  const environment = { transport, clock: systemClock, random: systemRandom, logger: silentLogger };
  const router = new Router({
    ...environment,
    providers: factories.map((factory) => factory(environment)),
    policy: DEFAULT_ROUTING,
  });
  void bridge;
  const question = { type: 'collection', country: 'KE', currency: 'KES', operators: ['ke-63902'] } as const;
  return perTurn(() => router.ranked(question, true));
}

function callbackCost(): number {
  const provider = mpesa(settings)({ transport, clock: systemClock, random: systemRandom, logger: silentLogger });
  const body =
    '{"Body":{"stkCallback":{"MerchantRequestID":"29115-34620561-1","CheckoutRequestID":"ws_CO_191220191020363925","ResultCode":0,"ResultDesc":"The service request is processed successfully.","CallbackMetadata":{"Item":[{"Name":"Amount","Value":1.00},{"Name":"MpesaReceiptNumber","Value":"NLJ7RT61SV"},{"Name":"TransactionDate","Value":20191219102115},{"Name":"PhoneNumber","Value":254708374149}]}}}}';
  const callback = { method: 'POST', headers: {}, body };
  return perTurn(() => provider.readCallback(callback));
}

async function openPaymentsMegabytes(): Promise<number> {
  const bridge = await bridgeOn();
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  for (let id = 0; id < 10_000; id += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, lane) => bridge.initiateTransaction(requestOf(id + lane))));
  }
  globalThis.gc?.();
  const megabytes = (process.memoryUsage().heapUsed - before) / 1e6;
  await bridge.shutdown();
  return megabytes;
}

/** Requests of 1,000 payments that are the first of their process, all at once. */
async function firstPayments(): Promise<string> {
  const bridge = await bridgeOn();
  pushes = tokens = 0;
  await Promise.all(Array.from({ length: 1000 }, (_, id) => bridge.initiateTransaction(requestOf(id))));
  await bridge.shutdown();
  return `${pushes} payments, ${tokens} tokens`;
}

console.log(`1,000 first payments at once: ${await firstPayments()}`);
const payments = await paymentCosts();
const rows = {
  'CPU of one payment, HTTP left out (µs; at most 35, aim 18)': median(payments),
  'the same, in the round that was disturbed least': least(payments),
  'routing decision among 20 routes (µs; at most 10)': await routingCost(),
  'callback verified and parsed (µs; at most 12)': callbackCost(),
  '10,000 open payments (MB; below 40)': await openPaymentsMegabytes(),
};
for (const [what, value] of Object.entries(rows)) console.log(`${value.toFixed(1).padStart(8)}  ${what}`);
