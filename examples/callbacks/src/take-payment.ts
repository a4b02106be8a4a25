import { createMemoryJournal, type Payment } from '@canza/core';
import { MMOBridge } from '@canza/mobile-money';
import { mpesa } from '@canza/mobile-money/mpesa';
import { fasterTimings, startDarajaServer } from '@canza/sandbox';

import type { StartWebApp } from './web-app.ts';

/** Takes one payment whose reply is lost, so that only the callback can end it. */
export async function takePayment(name: string, start: StartWebApp): Promise<Payment> {
  const daraja = await startDarajaServer({ timings: fasterTimings(60) });
  daraja.emulator.faults.add({ stage: 'submit', kind: 'reply-lost' });
  const app = await start(() => bridge);
  const bridge = new MMOBridge({
    providers: [mpesa(daraja.settings)],
    journal: createMemoryJournal(),
    callbacks: { baseUrl: app.callbackUrl },
  });
  try {
    await bridge.initialize();
    await bridge.initiateTransaction({
      transactionId: `order_${name}`,
      type: 'collection',
      amount: '150.00',
      currency: 'KES',
      phoneNumber: '+254700123456',
    });
    return await bridge.waitForTransaction(`order_${name}`, { timeoutMs: 20_000 });
  } finally {
    await bridge.shutdown();
    await Promise.all([app.close(), daraja.close()]);
  }
}
