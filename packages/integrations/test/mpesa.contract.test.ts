import { describeProvider } from '@canza/core/contracts';
import { mpesa } from '@canza/mobile-money/mpesa';
import { startDarajaServer, TEST_SHORTCODE } from '@canza/sandbox';
import { describe, it } from 'vitest';

import { createProviderWorld, QUICK_THINKING } from './support/provider-world.ts';

const TIMINGS = {
  thinkingMs: QUICK_THINKING,
  refusalMs: 5,
  processingMs: 5,
  callbackDelayMs: 5,
  unreachableCallbackDelayMs: 5,
};

describeProvider({ describe, it }, 'M-Pesa collecting over sockets', {
  types: ['collection'],
  decidedAfterMs: 30,
  create: () =>
    createProviderWorld(async () => {
      const server = await startDarajaServer({ timings: TIMINGS });
      const { emulator, credentials, baseUrl } = server;
      const { shortcode, passkey } = TEST_SHORTCODE;
      return {
        factory: mpesa({ environment: 'sandbox', baseUrl, ...credentials, shortcode, passkey }),
        msisdn: '254722000001',
        currency: 'KES',
        ...emulator,
        secrets: [credentials.consumerKey, credentials.consumerSecret, passkey],
        movements: ({ callbackUrl }) => emulator.books.byCallbackUrl(callbackUrl).length,
        close: server.close,
      };
    }),
});

describeProvider({ describe, it }, 'M-Pesa paying out over sockets', {
  types: ['disbursement'],
  decidedAfterMs: 30,
  create: () =>
    createProviderWorld(async () => {
      const server = await startDarajaServer({ timings: TIMINGS });
      const { emulator, credentials, baseUrl } = server;
      return {
        factory: mpesa({
          environment: 'sandbox',
          baseUrl,
          ...credentials,
          shortcode: '600992',
          initiator: emulator.initiator,
          payouts: 'BusinessPayment',
        }),
        msisdn: '254722000001',
        currency: 'KES',
        ...emulator,
        behave(behaviour) {
          if (behaviour === 'declines') emulator.forceResult('b2c', { code: 'SFC_IC0003' });
          if (behaviour === 'lacks-funds') emulator.forceResult('b2c', { code: '1' });
        },
        secrets: [credentials.consumerKey, credentials.consumerSecret, emulator.initiator.password],
        movements: ({ reference }) =>
          emulator.books
            .payouts()
            .filter(({ originatorConversationId }) => reference.startsWith(originatorConversationId)).length,
        close: server.close,
      };
    }),
});
