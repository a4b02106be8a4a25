/**
 * A customer without internet buys maize flour: dials a code, orders, approves the operator's prompt after the menu has closed, and
 * dials again to see that it is paid. Phone, gateway and operator are the sandbox's; the shop is what you would write.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { createMemoryJournal, createMemoryKeyValueStore, formatMoney, systemClock, systemRandom } from '@canza/core';
import { MMOBridge } from '@canza/mobile-money';
import { mpesa } from '@canza/mobile-money/mpesa';
import { createHttpTransport } from '@canza/mobile-money/transport';
import { africasTalking, USSDProtocolHandler } from '@canza/mobile-money/ussd';
import { fasterClock, startDarajaServer } from '@canza/sandbox';
import { createUssdPhone, type PhoneScreen } from '@canza/sandbox/ussd';
import { serve } from '@hono/node-server';

import { createOrderBook, shopMenu } from './shop.ts';

const SECRET_PATH = 'k3fj29dkf83jd02k';
const SPEED = 20;

// Your web server: gateways come to /ussd, operators to /callbacks.
const server = serve({
  fetch: (request) =>
    new URL(request.url).pathname.startsWith('/ussd/') ? handler.handle(request) : bridge.handleCallback(request),
  port: 0,
  hostname: 'localhost',
});
await once(server, 'listening');
const address = `http://localhost:${(server.address() as AddressInfo).port}`;

const daraja = await startDarajaServer({ speed: SPEED });
const bridge = new MMOBridge({
  providers: [mpesa(daraja.settings)],
  journal: createMemoryJournal(),
  callbacks: { baseUrl: `${address}/callbacks` },
  // The operator is in a hurry, and so is the bridge's clock; sockets take as long as they take.
  clock: fasterClock(SPEED),
  policy: { submitTimeoutMs: 30_000 * SPEED, queryTimeoutMs: 15_000 * SPEED, leaseMs: 60_000 * SPEED },
});

const orders = createOrderBook();
const handler = new USSDProtocolHandler({
  menu: shopMenu,
  gateway: africasTalking({ authenticity: { secretPath: SECRET_PATH } }),
  store: createMemoryKeyValueStore({ clock: systemClock }),
  payments: bridge,
  onConfirmed: orders.keep,
  sms: { send: async ({ text }) => console.log(`\nSMS      ${text}`) },
  // A real phone needs a second and a half between the closing screen and the prompt.
  times: { paymentDelayMs: 100 },
});
bridge.on('payment.changed', ({ payment }) => {
  handler.tellOutcome(payment).catch(() => console.log('an SMS was not sent; the outcome is told at the next report'));
});
const settled = new Promise<string>((resolve) => {
  bridge.on('payment.settled', ({ payment }) => {
    const ware = payment.status === 'succeeded' ? orders.paid(payment.transactionId) : undefined;
    console.log(`\nshop     ${ware === undefined ? 'nothing to hand over' : `hand over: ${ware}`}`);
    resolve(payment.transactionId);
  });
});
await bridge.initialize();
await handler.initialize();

// The customer.
const transport = createHttpTransport();
const phone = createUssdPhone({
  url: `${address}/ussd/${SECRET_PATH}`,
  gateway: 'africas-talking',
  serviceCode: '*384*7#',
  phoneNumber: '+254722000001',
  transport,
  clock: systemClock,
  random: systemRandom,
});
const see = (did: string, screen: PhoneScreen): void => {
  const shown = screen.kind === 'screen' ? screen.text : `(${screen.why})`;
  console.log(`\nphone    ${did}\n${shown.replace(/^/gm, '         │ ')}`);
};
see('dials *384*7#', await phone.dial());
see('enters 1', await phone.enter('1'));
see('enters 1', await phone.enter('1'));
const transactionId = await settled;
see('dials *384*7# again', await phone.dial());

const { status, amount } = await bridge.getTransaction(transactionId);
await handler.shutdown();
await bridge.shutdown();
await Promise.all([transport.close(), daraja.close()]);
server.close();

const charges = daraja.emulator.books.charges({ msisdn: '254722000001' });
const charged = charges.map(({ amountMinor }) => formatMoney({ currency: 'KES', amountMinor }));
const agree = status === 'succeeded' && charged.length === 1 && charged[0] === amount;
console.log(`\nbooks    the operator took KES ${charged.join(', ')}: ${agree ? '✓ agree' : '✗ DIFFER'}`);
process.exitCode = agree ? 0 : 1;
