import { createMemoryJournal, type HttpRequest, type HttpResponse } from '@canza/core';
import { createRecordingLogger, createSeededRandom, createTurnedClock, type TurnedClock } from '@canza/core/testing';
import { afterEach, expect, test } from 'vitest';

import { callbackOf, replyOf } from '../../test/fixtures.ts';
import { WITH_INITIATOR } from '../../test/mpesa.ts';
import { MMOBridge } from '../bridge/bridge.ts';
import { originatorConversationIdOf } from './b2c/requests.ts';
import { mpesa } from './provider.ts';

/** Payouts through the bridge: their only answers are callbacks, and a callback is believed only where Daraja vouches for it. */

const QUESTION = 'AG_20180223_0000493344ae97d86f75';
const PAYOUT = 'AG_20240706_2010364430d9bbdaf872';
const open: { bridge: MMOBridge; clock: TurnedClock }[] = [];

afterEach(async () => {
  for (const { bridge, clock } of open.splice(0)) await clock.runUntil(bridge.shutdown());
});

const json = (body: object): HttpResponse => ({ status: 200, headers: {}, body: JSON.stringify(body) });
const acknowledged = (ConversationID: string) => () =>
  json({ ConversationID, OriginatorConversationID: 'x', ResponseCode: '0', ResponseDescription: 'Accepted' });

async function world(payoutReply: () => HttpResponse) {
  const clock = createTurnedClock();
  const sent: HttpRequest[] = [];
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
      if (request.url.includes('/oauth/')) return replyOf('mpesa/x01-token');
      return request.url.includes('/b2c/') ? payoutReply() : acknowledged(QUESTION)();
    },
  });
  open.push({ bridge, clock });
  await bridge.initialize();
  const bodies = (path: string) =>
    sent.filter(({ url }) => url.includes(path)).map(({ body }) => JSON.parse(body ?? '') as Record<string, string>);
  const deliver = (url: string | undefined, body: string) =>
    bridge.handleCallback(new Request(url ?? '', { method: 'POST', body }));
  const payout = await bridge.initiateTransaction({
    transactionId: 'tx_1',
    type: 'disbursement',
    amount: '10',
    currency: 'KES',
    phoneNumber: '+254705912645',
  });
  return { bridge, clock, bodies, deliver, payout };
}

const lost = (): HttpResponse => ({ status: 502, headers: {}, body: '<html></html>' });
const ANSWER = callbackOf('mpesa/x29-status-completed').replace('"300"', '"10"');

const FIVE_MINUTES_MS = 300_000;

test('ends paid when a question confirms its result', async () => {
  const { bridge, clock, bodies, deliver, payout } = await world(acknowledged(PAYOUT));
  expect(payout.status).toBe('pending');
  await deliver(bodies('/b2c/')[0]?.['ResultURL'], callbackOf('mpesa/x25-b2c-paid'));
  expect(await bridge.getTransaction('tx_1')).toMatchObject({ status: 'pending' });
  await clock.advance(1000);
  await deliver(bodies('/transactionstatus/')[0]?.['ResultURL'], ANSWER);
  expect(await bridge.getTransaction('tx_1')).toMatchObject({ status: 'succeeded', receipt: 'MBN31H462N' });
});

test('ends paid by its result, which Daraja vouched for, where no question is ever answered', async () => {
  const { bridge, clock, bodies, deliver } = await world(acknowledged(PAYOUT));
  await deliver(bodies('/b2c/')[0]?.['ResultURL'], callbackOf('mpesa/x25-b2c-paid'));
  await clock.advance(FIVE_MINUTES_MS);
  expect(await bridge.getTransaction('tx_1')).toMatchObject({ status: 'succeeded', receipt: 'SG632NMUAB' });
});

test('ends failed by its result in the same way', async () => {
  const { bridge, clock, bodies, deliver } = await world(acknowledged('AG_20240707_201062f6f6f5804f7a33'));
  await deliver(bodies('/b2c/')[0]?.['ResultURL'], callbackOf('mpesa/x26-b2c-refused'));
  await clock.advance(FIVE_MINUTES_MS);
  expect(await bridge.getTransaction('tx_1')).toMatchObject({ status: 'failed', moneyMoved: 'no' });
});

test('whose acknowledgement was lost ends paid by the answer to a question, and is sent once', async () => {
  const { bridge, clock, bodies, deliver, payout } = await world(lost);
  expect(payout).toMatchObject({ status: 'pending', moneyMoved: 'maybe' });
  await clock.advance(70_000);
  const [question] = bodies('/transactionstatus/');
  const reference = payout.attempts[0]?.reference ?? '';
  expect(question).toMatchObject({ OriginalConversationID: originatorConversationIdOf(reference) });
  await deliver(question?.['ResultURL'], ANSWER);
  expect(await bridge.getTransaction('tx_1')).toMatchObject({ status: 'succeeded', receipt: 'MBN31H462N' });
  expect(bodies('/b2c/')).toHaveLength(1);
});

test('whose acknowledgement was lost is not believed paid by its result alone, but asked about at once', async () => {
  const { bridge, clock, bodies, deliver } = await world(lost);
  await deliver(bodies('/b2c/')[0]?.['ResultURL'], callbackOf('mpesa/x25-b2c-paid'));
  await clock.advance(1000);
  expect(await bridge.getTransaction('tx_1')).toMatchObject({ status: 'pending', moneyMoved: 'maybe' });
  const [question] = bodies('/transactionstatus/');
  await deliver(question?.['ResultURL'], ANSWER);
  expect(await bridge.getTransaction('tx_1')).toMatchObject({ status: 'succeeded', receipt: 'MBN31H462N' });
});

test('stays open when its request expired in the queue, and when the question about it fails', async () => {
  const { bridge, clock, bodies, deliver } = await world(lost);
  await deliver(bodies('/b2c/')[0]?.['QueueTimeOutURL'], callbackOf('mpesa/x26-b2c-refused'));
  await clock.advance(1000);
  const [question] = bodies('/transactionstatus/');
  const refused = callbackOf('mpesa/x26-b2c-refused').replace('AG_20240707_201062f6f6f5804f7a33', QUESTION);
  expect((await deliver(question?.['ResultURL'], refused)).status).toBe(200);
  await deliver(question?.['QueueTimeOutURL'], '');
  expect(await bridge.getTransaction('tx_1')).toMatchObject({ status: 'pending', moneyMoved: 'maybe' });
});

test('of another amount, by the answer, goes to a person', async () => {
  const { bridge, clock, bodies, deliver } = await world(lost);
  await clock.advance(70_000);
  await deliver(bodies('/transactionstatus/')[0]?.['ResultURL'], callbackOf('mpesa/x29-status-completed'));
  expect(await bridge.getTransaction('tx_1')).toMatchObject({ moneyMoved: 'maybe' });
});

test('that Daraja knows already is looked up, never sent under another id', async () => {
  const { clock, bodies, payout } = await world(() => replyOf('mpesa/x06-b2c-duplicate'));
  expect(payout).toMatchObject({ status: 'pending', moneyMoved: 'maybe' });
  await clock.advance(70_000);
  expect(bodies('/b2c/')).toHaveLength(1);
  expect(bodies('/transactionstatus/')).toHaveLength(1);
});
