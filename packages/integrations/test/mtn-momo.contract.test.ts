import { asUuid } from '@canza/core';
import { describeProvider } from '@canza/core/contracts';
import { mtnMomo } from '@canza/mobile-money/mtn-momo';
import { startMomoServer } from '@canza/sandbox';
import { describe, it } from 'vitest';

import { createProviderWorld, QUICK_THINKING } from './support/provider-world.ts';

const MSISDN = '256772123456';

describeProvider({ describe, it }, 'MTN MoMo over sockets', {
  types: ['collection', 'disbursement', 'remittance'],
  decidedAfterMs: 30,
  create: () =>
    createProviderWorld(async () => {
      const server = await startMomoServer({
        timings: { thinkingMs: QUICK_THINKING, processingMs: 5, callbackDelayMs: 5 },
      });
      const { emulator, credentials, callbackHost, baseUrl } = server;
      return {
        factory: mtnMomo({ targetEnvironment: 'sandbox', baseUrl, callbackHost, ...credentials }),
        msisdn: MSISDN,
        currency: 'EUR',
        ...emulator,
        // Of payouts; a customer who is asked to pay declines, or lacks the funds, on the handset.
        behave(behaviour) {
          if (behaviour === 'declines') emulator.subscribers.set(MSISDN, 'inactive');
          if (behaviour === 'lacks-funds') emulator.subscribers.set(MSISDN, 'unknown');
        },
        secrets: Object.values(credentials).flatMap(({ apiKey, subscriptionKey }) => [apiKey, subscriptionKey]),
        movements: ({ reference }) => emulator.books.movements({ referenceId: asUuid(reference) }).length,
        close: server.close,
      };
    }),
});
