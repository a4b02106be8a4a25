/**
 * The main job, end to end and offline: three customers are asked for money over M-Pesa, on real sockets, against an emulator
 * of the operator that keeps its own books. One approves, one declines, and of one the reply is lost after the operator has
 * accepted. At the end, what the caller was told is compared with what really happened.
 */
import { createMemoryJournal, formatMoney, type Payment } from '@canza/core';
import { MMOBridge } from '@canza/mobile-money';
import { mpesa } from '@canza/mobile-money/mpesa';
import { startDarajaServer } from '@canza/sandbox';

import { startCallbackServer } from './callback-server.ts';
import { agrees, type Comparison, formatComparisons } from './report.ts';

const PAYMENTS = [
  { what: 'approved', transactionId: 'order_1001', phoneNumber: '+254700123456', amount: '1000.00' },
  { what: 'declined', transactionId: 'order_1002', phoneNumber: '+254711234567', amount: '250.00' },
  { what: 'reply lost', transactionId: 'order_1003', phoneNumber: '+254722345678', amount: '4999.00' },
] as const;

const startedAt = performance.now();
const say = (who: string, what: string): void => {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(2).padStart(5);
  console.log(`${seconds}s  ${who.padEnd(8)}  ${what}`);
};

// The operator: Daraja on a loopback socket, with phones that take a fraction of a second to answer.
const daraja = await startDarajaServer({
  timings: {
    thinkingMs: {
      approve: 300,
      decline: 250,
      'wrong-pin': 300,
      ignore: 2000,
      unreachable: 300,
      'insufficient-funds': 300,
    },
    callbackDelayMs: 100,
  },
  handsets: { '254711234567': 'decline' },
  onEvent: ({ what, detail }) => say('operator', `${what}: ${detail}`),
});

// Your service: a bridge, and a web server that hands callbacks to it.
const callbacks = await startCallbackServer((request) => bridge.handleCallback(request));
const bridge = new MMOBridge({
  providers: [mpesa(daraja.settings)],
  journal: createMemoryJournal(),
  callbacks: { baseUrl: callbacks.baseUrl },
});
bridge.on('payment.changed', ({ payment }) => say('bridge', `${payment.transactionId}: ${tell(payment)}`));
await bridge.initialize();

const comparisons: Comparison[] = [];
for (const { what, ...request } of PAYMENTS) {
  console.log(`\n── ${request.transactionId}: KES ${request.amount}, ${what} ${'─'.repeat(40)}`);
  if (what === 'reply lost') {
    daraja.emulator.faults.add({ stage: 'submit', kind: 'reply-lost' });
    say('fault', 'the connection will break after the operator has accepted the next push');
  }
  await bridge.initiateTransaction({ ...request, type: 'collection', currency: 'KES', description: 'Order' });
  const told = await bridge.waitForTransaction(request.transactionId, { timeoutMs: 20_000 });
  const filter = { msisdn: request.phoneNumber.slice(1) };
  comparisons.push({
    what,
    told,
    charges: daraja.emulator.books.charges(filter).length,
    charged: formatMoney({ currency: 'KES', amountMinor: daraja.emulator.books.chargedMinor(filter) }),
  });
}

await bridge.shutdown();
await Promise.all([callbacks.close(), daraja.close()]);

console.log(`\n${formatComparisons(comparisons)}\n`);
const differing = comparisons.filter((comparison) => !agrees(comparison));
if (differing.length > 0) {
  console.error('What the caller was told is not what happened.');
  process.exitCode = 1;
}

function tell({ status, moneyMoved, evidence }: Payment): string {
  const learned = evidence.at(-1);
  const because =
    learned === undefined
      ? 'stored with its first attempt, before anything is sent'
      : `${learned.source}: ${learned.detail}`;
  return `${status}, money moved: ${moneyMoved} (${because})`;
}
