/**
 * From a phone without internet to a ledger: a customer dials a code, pays shillings over M-Pesa, and dollars arrive at an address on
 * Aptos. The payment is handed in for settlement twice, as a crash would have it, and settled once. What comes out is one bundle
 * that is compared with both books. Phone, operator and chain are the sandbox's.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { SettlementService } from '@canza/blockchain';
import { AptosClient, aptos, createSigner } from '@canza/blockchain/aptos';
import {
  createMemoryJournal,
  createMemoryKeyValueStore,
  formatMoney,
  formatUnits,
  type Payment,
  parseUnits,
  systemClock,
  systemRandom,
} from '@canza/core';
import { buildReconciliationBundle } from '@canza/integrations';
import { MMOBridge } from '@canza/mobile-money';
import { mpesa } from '@canza/mobile-money/mpesa';
import { createHttpTransport } from '@canza/mobile-money/transport';
import { africasTalking, USSDProtocolHandler } from '@canza/mobile-money/ussd';
import { APTOS_ASSETS, type AptosAddress, startAptosServer, startDarajaServer } from '@canza/sandbox';
import { createUssdPhone } from '@canza/sandbox/ussd';
import { serve } from '@hono/node-server';

import { savingsMenu } from './savings-menu.ts';
import { settlePaid, sweep } from './settle-payments.ts';

const SECRET_PATH = 'k3fj29dkf83jd02k';
const CUSTOMER = '+254722000001';
const DECIMALS = 6;
const DOLLARS_PER_SHILLING = '0.00772';

const server = serve({
  fetch: (request) =>
    new URL(request.url).pathname.startsWith('/ussd/') ? handler.handle(request) : bridge.handleCallback(request),
  port: 0,
  hostname: 'localhost',
});
await once(server, 'listening');
const address = `http://localhost:${(server.address() as AddressInfo).port}`;

// The world: an operator, a chain with our treasury on it, and where this customer's savings lie.
const treasuryKey = randomBytes(32).toString('hex');
const treasury = createSigner(treasuryKey).address;
const savings: AptosAddress = `0x${randomBytes(32).toString('hex')}`;
const daraja = await startDarajaServer({ speed: 20 });
const chain = await startAptosServer({
  speed: 20,
  balances: [
    { owner: treasury, asset: APTOS_ASSETS.usdc, amountMinor: 1_000_000_000_000n },
    { owner: treasury, asset: APTOS_ASSETS.apt, amountMinor: 100_000_000_000n },
  ],
});

// Your service. One journal serves both halves.
const journal = createMemoryJournal();
const bridge = new MMOBridge({
  providers: [mpesa(daraja.settings)],
  journal,
  callbacks: { baseUrl: `${address}/callbacks` },
});
const account = {
  nodeUrl: chain.nodeUrl,
  privateKey: treasuryKey,
  assets: { USD: { fungibleAsset: APTOS_ASSETS.usdc, decimals: DECIMALS } },
};
const service = new SettlementService({
  network: aptos(account),
  journal,
  quotes: {
    // Your treasury, or an exchange; what it promises holds for a minute.
    quote: async ({ amount }) => ({
      rate: DOLLARS_PER_SHILLING,
      // Two decimals and five make seven; what is beyond the sixth is not paid out.
      toAmount: formatUnits((parseUnits(amount, 2) * parseUnits(DOLLARS_PER_SHILLING, 5)) / 10n, DECIMALS),
      expiresAtMs: systemClock.nowMs() + 60_000,
    }),
  },
});
const handler = new USSDProtocolHandler({
  menu: savingsMenu,
  gateway: africasTalking({ authenticity: { secretPath: SECRET_PATH } }),
  store: createMemoryKeyValueStore({ clock: systemClock }),
  payments: bridge,
  times: { paymentDelayMs: 100 },
});
const paid = new Promise<Payment>((resolve) => {
  bridge.on('payment.settled', ({ payment }) => resolve(payment));
});
await bridge.initialize();
await service.initialize();
await handler.initialize();

const transport = createHttpTransport();
const phone = createUssdPhone({
  url: `${address}/ussd/${SECRET_PATH}`,
  gateway: 'africas-talking',
  serviceCode: '*384*8#',
  phoneNumber: CUSTOMER,
  transport,
  clock: systemClock,
  random: systemRandom,
});
for (const entry of ['*384*8#', '5180', '1']) {
  const screen = await (entry.startsWith('*') ? phone.dial(entry) : phone.enter(entry));
  console.log(
    `phone    ${entry.padEnd(8)} ${screen.kind === 'screen' ? screen.text.replaceAll('\n', ' | ') : screen.why}`,
  );
}

const payment = await paid;
console.log(`\nbridge   ${payment.status}, money moved: ${payment.moneyMoved}, receipt ${payment.receipt}`);
// As after a crash: the event hands it in, and so does the sweep of the next process.
const [settlement] = await Promise.all([
  settlePaid(service, payment, savings),
  payment.status === 'succeeded' ? sweep(bridge, service, () => savings) : [],
]);
console.log(`chain    ${settlement.status}, money moved: ${settlement.moneyMoved}\n`);

// At the end of the day: the operator's statement, our records and the chain, tied together.
const client = new AptosClient(account);
const transaction = await client.findTransaction(settlement.transactionHash ?? '');
await client.close();
const { journeys, differences } = buildReconciliationBundle({
  payments: [payment],
  statement: daraja.emulator.books.charges().map(({ receipt, amountMinor, accountReference }) => ({
    receipt,
    amount: formatMoney({ currency: 'KES', amountMinor }),
    currency: 'KES',
    referenceStart: accountReference,
  })),
  settlements: [settlement],
  transactions: transaction === undefined ? [] : [transaction],
});
for (const { payment: collected, line, settlement: settled, transaction: onChain } of journeys) {
  console.log(
    JSON.stringify(
      {
        collected: {
          amount: `${collected.currency} ${collected.amount}`,
          from: collected.phoneNumber,
          evidence: collected.evidence.map(({ source, code, detail }) =>
            [source, code, detail].filter(Boolean).join(': '),
          ),
        },
        statement: line,
        settled: { id: settled?.settlementId, to: settled?.toAddress, quote: settled?.quote, proofs: settled?.proofs },
        chain: { hash: onChain?.hash, version: onChain?.version.toString(), fee: onChain?.fee },
      },
      undefined,
      2,
    ),
  );
}
console.log(`bundle   ${differences.length === 0 ? 'everything matches' : JSON.stringify(differences)}`);

await handler.shutdown();
await bridge.shutdown();
await service.shutdown();
const charged = daraja.emulator.books.charges({ msisdn: CUSTOMER.slice(1) });
const arrived = chain.emulator.books.movements({ to: savings, asset: APTOS_ASSETS.usdc });
await Promise.all([transport.close(), daraja.close(), chain.close()]);
server.close();

const took = charged.map(({ amountMinor }) => formatMoney({ currency: 'KES', amountMinor })).join(', ');
const gave = arrived.map(({ amountMinor }) => formatUnits(amountMinor, DECIMALS)).join(', ');
const agree =
  differences.length === 0 && took === payment.amount && Number(gave) === Number(settlement.quote?.toAmount);
console.log(`\nbooks    the operator took KES ${took}; USDC ${gave} arrived: ${agree ? '✓ agree' : '✗ DIFFER'}`);
process.exitCode = agree ? 0 : 1;
