import { describeProvider } from '@canza/core/contracts';
import { vodacomMpesa } from '@canza/mobile-money/vodacom-mpesa';
import { startVodacomServer } from '@canza/sandbox';
import { describe, it } from 'vitest';

import { createProviderWorld } from './support/provider-world.ts';

/** The application's one response address, as a bridge would have it. */
const RESULTS = '/callbacks/vodacom-mpesa';
const MSISDN = '255754000001';

const idIn = (body: string): unknown => (JSON.parse(body) as Record<string, unknown>)['input_ThirdPartyConversationID'];

/** An application that is answered while its call is open, or later at its response address. */
const createWorld = (type: 'collection' | 'disbursement', answers: 'in the reply' | 'later') =>
  createProviderWorld(async (receiver) => {
    // A second of the emulator is a millisecond.
    const server = await startVodacomServer({ speed: 1000, timings: { sessionLiveMs: 0 } });
    const { emulator, baseUrl, publicKey } = server;
    const { apiKey } = server.application;
    if (answers === 'later') emulator.setResponseUrl(receiver.baseUrl + RESULTS);
    return {
      factory: vodacomMpesa({
        environment: 'sandbox',
        market: 'TZN',
        baseUrl,
        apiKey,
        publicKey,
        serviceProviderCode: '000000',
        operations: ['collection', 'disbursement'],
        sessionWarmUpMs: 0,
      }),
      msisdn: MSISDN,
      currency: 'TZS',
      faults: emulator.faults,
      handset: emulator.handset,
      behave(behaviour) {
        if (type === 'disbursement' && behaviour !== 'approves') emulator.subscribers.set(MSISDN, 'unregistered');
      },
      secrets: [apiKey],
      movements: ({ reference }) =>
        emulator.books.collections({ thirdPartyConversationId: reference }).length +
        emulator.books.payouts({ thirdPartyConversationId: reference }).length,
      callbacks: ({ reference }) => receiver.received(RESULTS).filter(({ body }) => idIn(body) === reference),
      idle: () => emulator.idle(),
      close: server.close,
    };
  });

describeProvider({ describe, it }, 'Vodacom M-Pesa collecting over sockets, answered in the reply', {
  types: ['collection'],
  decidedAfterMs: 30,
  create: () => createWorld('collection', 'in the reply'),
});

describeProvider({ describe, it }, 'Vodacom M-Pesa collecting over sockets, answered later', {
  types: ['collection'],
  decidedAfterMs: 30,
  create: () => createWorld('collection', 'later'),
});

describeProvider({ describe, it }, 'Vodacom M-Pesa paying out over sockets', {
  types: ['disbursement'],
  decidedAfterMs: 30,
  create: () => createWorld('disbursement', 'in the reply'),
});
