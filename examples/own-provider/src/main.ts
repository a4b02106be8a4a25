/** The bridge over an operator of your own: one payment as it should be, and one whose reply is lost. */
import { createMemoryJournal } from '@canza/core';
import { createTurnedClock } from '@canza/core/testing';
import { MMOBridge } from '@canza/mobile-money';

import { createOperator } from './operator.ts';
import { dukaPay } from './provider.ts';

const apiKey = 'duka-pay-key-for-tests';
const operator = createOperator(apiKey);
const clock = createTurnedClock();
const bridge = new MMOBridge({
  providers: [dukaPay({ baseUrl: 'https://api.dukapay.example', apiKey })],
  journal: createMemoryJournal(),
  callbacks: { baseUrl: 'https://pay.example.com/callbacks' },
  transport: operator.transport,
  clock,
});
await bridge.initialize();

let differ = false;
for (const what of ['as it should be', 'reply lost'] as const) {
  if (what === 'reply lost') operator.arm('submit', 'reply-lost');
  const transactionId = `order ${what}`.replaceAll(' ', '_');
  const order = { transactionId, type: 'collection', amount: '1000.00', currency: 'KES' } as const;
  await clock.runUntil(bridge.initiateTransaction({ ...order, phoneNumber: '+254722123456' }));
  const { status, evidence } = await clock.runUntil(bridge.waitForTransaction(transactionId));
  const learned = evidence.map(({ source, detail }) => `${source}: ${detail}`).join(' ');
  console.log(`${what.padEnd(16)} ${status} (${learned})`);
  differ ||= status !== 'succeeded';
}
await clock.runUntil(bridge.shutdown());

console.log(`books            ${operator.books.length} movements`);
process.exitCode = differ || operator.books.length !== 2 ? 1 : 0;
