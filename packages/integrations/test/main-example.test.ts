import { createMemoryJournal, type Transport } from '@canza/core';
import { createRecordingLogger, createSeededRandom, createTurnedClock } from '@canza/core/testing';
import { MMOBridge, type TransactionRequest } from '@canza/mobile-money';
import { mpesa } from '@canza/mobile-money/mpesa';
import { mtnMomo } from '@canza/mobile-money/mtn-momo';
import { createDarajaEmulator, createMomoEmulator, TEST_SHORTCODE } from '@canza/sandbox';
import { expect, test } from 'vitest';

const BASE_URL = 'https://pay.example.com/callbacks';
const KENYA: TransactionRequest = {
  transactionId: 'tx_123',
  type: 'collection',
  amount: '1000.00',
  currency: 'KES',
  phoneNumber: '+254700123456',
  description: 'Payment for services',
};
const UGANDA: TransactionRequest = {
  ...KENYA,
  transactionId: 'tx_124',
  amount: '5000',
  currency: 'UGX',
  phoneNumber: '+256772123456',
};

/** What the original system shows first: M-Pesa and MTN behind one bridge, and a payment that finds its own way. */
test('a payment of 1000.00 KES to +254700123456 goes over M-Pesa by itself, and one to a Ugandan number over MTN', async () => {
  const clock = createTurnedClock();
  const deliver: Transport = async ({ url, headers, body = '' }) => {
    const response = await bridge.handleCallback(new Request(url, { method: 'POST', headers, body }));
    return { status: response.status, headers: {}, body: await response.text() };
  };
  const daraja = createDarajaEmulator({ clock, random: createSeededRandom(1), deliver });
  const momo = createMomoEmulator({
    clock,
    random: createSeededRandom(2),
    deliver,
    environment: { targetEnvironment: 'mtnuganda', currency: 'UGX' },
    callbackHost: 'pay.example.com',
    openingWalletMinor: 1_000_000n,
  });
  const { shortcode, passkey } = TEST_SHORTCODE;
  const bridge = new MMOBridge({
    providers: [
      mpesa({ environment: 'sandbox', ...daraja.credentials, shortcode, passkey }),
      mtnMomo({
        targetEnvironment: 'mtnuganda',
        collection: momo.credentials.collection,
        callbackHost: momo.callbackHost,
      }),
    ],
    journal: createMemoryJournal(),
    callbacks: { baseUrl: BASE_URL },
    transport: (request, options) =>
      (new URL(request.url).hostname.endsWith('safaricom.co.ke') ? daraja : momo).transport(request, options),
    clock,
    random: createSeededRandom(3),
    logger: createRecordingLogger(),
  });
  await bridge.initialize();

  const told = await clock.runUntil(bridge.initiateTransaction(KENYA));
  expect(told).toMatchObject({ status: 'pending', moneyMoved: 'maybe', provider: 'mpesa' });
  const ended = await clock.runUntil(bridge.waitForTransaction('tx_123'));
  const [charge] = daraja.books.charges({ msisdn: '254700123456' });
  expect(ended).toMatchObject({ status: 'succeeded', moneyMoved: 'yes' });
  expect(charge?.amountMinor).toBe(100_000n);

  await clock.runUntil(bridge.initiateTransaction(UGANDA));
  expect(await clock.runUntil(bridge.waitForTransaction('tx_124'))).toMatchObject({
    status: 'succeeded',
    provider: 'mtn-momo',
  });
  expect(momo.books.movements({ msisdn: '256772123456' }).map(({ amountMinor }) => amountMinor)).toEqual([5000n]);
  expect(daraja.books.charges()).toHaveLength(1);

  await clock.runUntil(bridge.shutdown());
  await Promise.all([daraja.close(), momo.close()]);
});
