import { describeProvider } from '@canza/core/contracts';
import { airtelMoney } from '@canza/mobile-money/airtel-money';
import { startAirtelServer } from '@canza/sandbox';
import { describe, it } from 'vitest';

import { createProviderWorld, QUICK_THINKING } from './support/provider-world.ts';

const MSISDN = '256752000001';

describeProvider({ describe, it }, 'Airtel Money over sockets', {
  types: ['collection', 'disbursement'],
  decidedAfterMs: 30,
  create: () =>
    createProviderWorld(async (receiver) => {
      const server = await startAirtelServer({
        magicNumbers: false,
        timings: { thinkingMs: QUICK_THINKING, payoutMs: 5, initiatedMs: 5, callbackDelayMs: 5 },
        application: { callbackUrl: `${receiver.baseUrl}/airtel`, callbackKey: 'contract-callback-key' },
      });
      const { emulator, application, baseUrl } = server;
      const { clientId, clientSecret, country, pin } = application;
      return {
        factory: airtelMoney({
          country,
          environment: 'sandbox',
          baseUrl,
          clientId,
          clientSecret,
          collection: 'v2',
          disbursement: { api: 'v2' },
          pin,
          callbackKey: 'contract-callback-key',
        }),
        msisdn: MSISDN,
        currency: application.currency,
        ...emulator,
        // Of payouts; a customer who is asked to pay declines, or lacks the funds, on the handset.
        behave: (behaviour) =>
          emulator.subscribers.set(
            MSISDN,
            behaviour === 'approves' ? 'registered' : behaviour === 'declines' ? 'unregistered' : 'barred',
          ),
        secrets: [clientId, clientSecret, 'contract-callback-key'],
        movements: ({ reference }) =>
          emulator.books.collections({ transactionId: reference }).length +
          emulator.books.payouts({ transactionId: reference }).length,
        callbacks: ({ reference }) => receiver.received('/airtel').filter(({ body }) => body.includes(reference)),
        close: server.close,
      };
    }),
});
