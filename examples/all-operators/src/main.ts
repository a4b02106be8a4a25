/**
 * One bridge over four operators in three countries. Nobody says which operator a customer is with: the number does. At the end,
 * what the caller was told is compared with each operator's own books.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { createMemoryJournal, parseMoney } from '@canza/core';
import { DEFAULT_POLICY, MMOBridge } from '@canza/mobile-money';
import { airtelMoney } from '@canza/mobile-money/airtel-money';
import { mpesa } from '@canza/mobile-money/mpesa';
import { mtnMomo } from '@canza/mobile-money/mtn-momo';
import { vodacomMpesa } from '@canza/mobile-money/vodacom-mpesa';
import { fasterClock, startSandbox } from '@canza/sandbox';
import { serve } from '@hono/node-server';

const SPEED = 20;
const CALLBACK_KEY = 'the-key-of-callback-authentication';

// Your web server: everything below /callbacks goes to the bridge.
const server = serve({ fetch: (request) => bridge.handleCallback(request), port: 0, hostname: 'localhost' });
await once(server, 'listening');
const callbackUrl = `http://localhost:${(server.address() as AddressInfo).port}/callbacks`;

// The operators. With the real ones every `baseUrl` goes, and each says that it is in production.
const uganda = { targetEnvironment: 'mtnuganda', currency: 'UGX' } as const;
const sandbox = await startSandbox({
  mpesa: { speed: SPEED },
  'mtn-momo': { speed: SPEED, environment: uganda, openingWalletMinor: 100_000n },
  'airtel-money': {
    speed: SPEED,
    magicNumbers: false,
    application: { callbackUrl: `${callbackUrl}/airtel-money`, callbackKey: CALLBACK_KEY },
  },
  'vodacom-mpesa': { speed: SPEED },
});
const { mpesa: daraja, 'mtn-momo': momo, 'airtel-money': airtel, 'vodacom-mpesa': vodacom } = sandbox;
const { clientId, clientSecret } = airtel.application;

const bridge = new MMOBridge({
  providers: [
    mpesa(daraja.settings),
    // MTN calls back at https addresses alone, which this machine has not: the bridge asks.
    mtnMomo({
      targetEnvironment: 'mtnuganda',
      baseUrl: momo.baseUrl,
      collection: momo.credentials.collection,
    }),
    airtelMoney({
      country: 'UG',
      environment: 'sandbox',
      baseUrl: airtel.baseUrl,
      clientId,
      clientSecret,
      collection: 'v2',
      callbackKey: CALLBACK_KEY,
    }),
    vodacomMpesa({
      environment: 'sandbox',
      market: 'TZN',
      baseUrl: vodacom.baseUrl,
      apiKey: vodacom.application.apiKey,
      publicKey: vodacom.publicKey,
      serviceProviderCode: '000000',
    }),
  ],
  journal: createMemoryJournal(),
  callbacks: { baseUrl: callbackUrl },
  // The emulators are in a hurry, and so is the bridge's clock; sockets take as long as they take.
  clock: fasterClock(SPEED),
  policy: {
    submitTimeoutMs: 30_000 * SPEED,
    queryTimeoutMs: 15_000 * SPEED,
    leaseMs: 60_000 * SPEED,
    sendWithinMs: { ...DEFAULT_POLICY.sendWithinMs, collection: 120_000 * SPEED },
  },
});
await bridge.initialize();

const CUSTOMERS = [
  { phoneNumber: '+254722123456', amount: '1000.00', currency: 'KES', took: daraja.emulator.books.chargedMinor },
  { phoneNumber: '+256772123456', amount: '20000', currency: 'UGX', took: momo.emulator.books.collectedMinor },
  { phoneNumber: '+256752123456', amount: '15000', currency: 'UGX', took: airtelTook },
  { phoneNumber: '+255754123456', amount: '5000.00', currency: 'TZS', took: vodacomTook },
] as const;

let agree = true;
for (const { took, ...customer } of CUSTOMERS) {
  const transactionId = `order-${customer.phoneNumber.slice(1)}`;
  await bridge.initiateTransaction({ ...customer, transactionId, type: 'collection', description: 'Order' });
  const { status, moneyMoved, route } = await bridge.waitForTransaction(transactionId, { timeoutMs: 3_600_000 });
  const takenMinor = took({ msisdn: customer.phoneNumber.slice(1) });
  const isTrue = moneyMoved === 'yes' && takenMinor === parseMoney(customer.amount, customer.currency).amountMinor;
  agree &&= isTrue;
  const paid = `${customer.currency} ${customer.amount}`.padEnd(12);
  console.log(`${paid} ${status} over ${(route ?? '').padEnd(48)} ${isTrue ? '✓ in the books' : '✗ THE BOOKS DIFFER'}`);
}

await bridge.shutdown();
await sandbox.close();
server.close();
process.exitCode = agree ? 0 : 1;

function airtelTook({ msisdn }: { readonly msisdn: string }): bigint {
  return airtel.emulator.books.collections({ msisdn }).reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}

function vodacomTook({ msisdn }: { readonly msisdn: string }): bigint {
  return vodacom.emulator.books.collections({ party: msisdn }).reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}
