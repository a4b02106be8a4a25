/** Two operators behind one bridge, and one payment that finds its own way by the customer's number. */
import { createMemoryJournal } from '@canza/core';
import { MMOBridge } from '@canza/mobile-money';
import { mpesa } from '@canza/mobile-money/mpesa';
import { mtnMomo } from '@canza/mobile-money/mtn-momo';
import { fasterClock, startDarajaServer, TEST_SHORTCODE } from '@canza/sandbox';

// The operator's emulator. With the real one, `baseUrl` goes and `environment` says 'production'.
const SPEED = 20;
const daraja = await startDarajaServer({ speed: SPEED });

const bridge = new MMOBridge({
  providers: [
    mpesa({
      environment: 'sandbox',
      baseUrl: daraja.baseUrl,
      ...daraja.credentials,
      shortcode: TEST_SHORTCODE.shortcode,
      passkey: TEST_SHORTCODE.passkey,
    }),
    mtnMomo({
      targetEnvironment: 'mtnuganda',
      collection: {
        subscriptionKey: 'a-subscription-key-of-the-portal',
        apiUser: '6c1b7e42-3c1d-4b59-9d0c-0f9b8f2d1a35',
        apiKey: 'an-api-key-of-the-portal',
      },
    }),
  ],
  journal: createMemoryJournal(),
  callbacks: { baseUrl: 'https://pay.example.com/callbacks' },
  // For the emulator alone: what the bridge waits between two questions passes as fast as the operator's day.
  clock: fasterClock(SPEED),
  policy: { submitTimeoutMs: 30_000 * SPEED, queryTimeoutMs: 15_000 * SPEED, leaseMs: 60_000 * SPEED },
});
await bridge.initialize();

const payment = {
  transactionId: 'tx_123',
  type: 'collection',
  amount: '1000.00',
  currency: 'KES',
  phoneNumber: '+254700123456',
  description: 'Payment for services',
} as const;

const [best] = (await bridge.planRoute(payment)).routes;
console.log(`route    ${best?.routeId} (${best?.why.join(', ')})`);

const accepted = await bridge.initiateTransaction(payment);
console.log(`status   ${accepted.status}, money moved: ${accepted.moneyMoved}`);

// No web server here, so no callback arrives: the bridge asks the operator.
const result = await bridge.waitForTransaction('tx_123', { timeoutMs: 600_000 });
console.log(`status   ${result.status}, money moved: ${result.moneyMoved} (${result.evidence.at(-1)?.detail})`);

await bridge.shutdown();
await daraja.close();
process.exitCode = result.status === 'succeeded' ? 0 : 1;
