import { createMemoryJournal, type HttpRequest } from '@canza/core';
import { createRecordingLogger, createSeededRandom, createTurnedClock } from '@canza/core/testing';
import { expect, test } from 'vitest';

import { callbackOf, replyOf } from '../../test/fixtures.ts';
import { WITH_INITIATOR } from '../../test/mpesa.ts';
import { MMOBridge } from '../bridge/bridge.ts';
import { mpesa } from './provider.ts';

test('a collection is given back by the receipt that its callback brought, and the result ends the refund', async () => {
  const clock = createTurnedClock();
  const sent: HttpRequest[] = [];
  const checkoutRequestId = 'ws_CO_191220191020363925';
  const replies: Readonly<Record<string, object>> = {
    '/oauth/v1/generate': { access_token: 'token', expires_in: '3599' },
    '/mpesa/stkpush/v1/processrequest': { CheckoutRequestID: checkoutRequestId, ResponseCode: '0' },
    '/mpesa/stkpushquery/v1/query': {
      ...(JSON.parse(replyOf('mpesa/x15-stk-query-paid').body) as object),
      CheckoutRequestID: checkoutRequestId,
    },
    '/mpesa/reversal/v1/request': { ConversationID: 'AG_20211114_2010573069aefb6b625a', ResponseCode: '0' },
  };
  const bridge = new MMOBridge({
    providers: [mpesa(WITH_INITIATOR)],
    journal: createMemoryJournal(),
    callbacks: { baseUrl: 'https://pay.example.com/callbacks' },
    policy: { vouchedStandsAfterMs: 120_000 },
    clock,
    random: createSeededRandom(1),
    logger: createRecordingLogger(),
    transport: async (request) => {
      sent.push(request);
      return { status: 200, headers: {}, body: JSON.stringify(replies[new URL(request.url).pathname] ?? {}) };
    },
  });
  const bodySentTo = (path: string): Readonly<Record<string, string>> =>
    JSON.parse(sent.find(({ url }) => url.includes(path))?.body ?? '{}') as Record<string, string>;
  const deliver = (url: string | undefined, body: string) =>
    bridge.handleCallback(new Request(url ?? '', { method: 'POST', body }));

  await bridge.initialize();
  await bridge.initiateTransaction({
    transactionId: 'tx_1',
    type: 'collection',
    amount: '1',
    currency: 'KES',
    phoneNumber: '+254708374149',
  });
  await deliver(bodySentTo('/stkpush/')['CallBackURL'], callbackOf('mpesa/x11-stk-callback-paid'));
  const paid = await clock.runUntil(bridge.waitForTransaction('tx_1'));
  expect(paid).toMatchObject({ status: 'succeeded', receipt: 'NLJ7RT61SV' });

  const refund = await bridge.refundTransaction({ transactionId: 'rf_1', originalTransactionId: 'tx_1' });
  expect(refund).toMatchObject({ status: 'pending', moneyMoved: 'maybe' });
  expect(bodySentTo('/reversal/')).toMatchObject({ TransactionID: 'NLJ7RT61SV', Amount: '1' });
  await deliver(bodySentTo('/reversal/')['ResultURL'], callbackOf('mpesa/x32-reversal-done'));
  const given = await clock.runUntil(bridge.waitForTransaction('rf_1'));
  expect(given).toMatchObject({ status: 'succeeded', receipt: 'SKE52PAWR9' });
  expect(await bridge.getTransaction('tx_1')).toEqual(paid);
  await clock.runUntil(bridge.shutdown());
});
