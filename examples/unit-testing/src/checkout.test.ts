import { createMemoryJournal, TransportError } from '@canza/core';
import {
  createScriptedProvider,
  createScriptedTransport,
  createSeededRandom,
  createTurnedClock,
} from '@canza/core/testing';
import { MMOBridge } from '@canza/mobile-money';
import { expect, test } from 'vitest';

import { checkOut, type Order } from './checkout.ts';

const ORDER: Order = { id: '1001', total: '750.00', phoneNumber: '+254722123456' };

/** A real bridge over an operator that says what the test wants; hours pass when the test turns the clock. */
async function createShop() {
  const clock = createTurnedClock();
  const operator = createScriptedProvider();
  const bridge = new MMOBridge({
    providers: [operator.factory],
    journal: createMemoryJournal(),
    callbacks: { baseUrl: 'https://pay.example.com/callbacks' },
    transport: createScriptedTransport(),
    clock,
    random: createSeededRandom(1),
  });
  await bridge.initialize();
  return { operator, checkOut: (order: Order) => clock.runUntil(checkOut(bridge, order)) };
}

test('hands over the goods once the operator says that it is paid', async () => {
  const shop = await createShop();
  shop.operator.onQuery({ status: 'pending' }, { status: 'succeeded', receipt: 'R1' });
  await expect(shop.checkOut(ORDER)).resolves.toBe('hand over the goods');
  expect(shop.operator.sends).toHaveLength(1);
});

test('keeps the goods when the customer declines', async () => {
  const shop = await createShop();
  shop.operator.onSend({ status: 'failed', reason: 'cancelled-by-payer' });
  await expect(shop.checkOut(ORDER)).resolves.toBe('keep the goods');
});

test('does not charge twice when the customer presses the button twice', async () => {
  const shop = await createShop();
  shop.operator.onQuery({ status: 'succeeded' });
  await Promise.all([shop.checkOut(ORDER), shop.checkOut(ORDER)]);
  expect(shop.operator.sends).toHaveLength(1);
});

test('does not charge again when the reply is lost, and finds out what happened', async () => {
  const shop = await createShop();
  shop.operator.onSend(new TransportError('timeout', 'No reply.'));
  shop.operator.onQuery({ status: 'succeeded', receipt: 'R1' });
  await expect(shop.checkOut(ORDER)).resolves.toBe('hand over the goods');
  expect(shop.operator.sends).toHaveLength(1);
});

test('asks a person when nobody can tell', async () => {
  const shop = await createShop();
  shop.operator.onSend(new TransportError('timeout', 'No reply.'));
  shop.operator.onQuery({ status: 'unaskable' });
  await expect(shop.checkOut(ORDER)).resolves.toBe('ask a person');
});
