import { expect, test } from 'vitest';

import type { Json } from '../../test/daraja-caller.ts';
import { createVodacomCaller, PAYER, said, TZS, type VodacomCallerOptions } from '../../test/vodacom-caller.ts';

const OPENING = 1_000_000_000n;

/** Somebody who has been paid 1000.00. */
async function createPaidCaller(options: VodacomCallerOptions = {}) {
  const caller = await createVodacomCaller(options);
  const { output_TransactionID: paid } = await caller.settled(caller.collect());
  return { ...caller, paid: String(paid) };
}

test('gives a collection back whole', async () => {
  const { emulator, reverse, query, settled, paid } = await createPaidCaller();
  const answer = await settled(reverse(paid));
  expect(answer).toMatchObject({
    http: 200,
    output_ResponseCode: 'INS-0',
    output_ThirdPartyConversationID: 'reversal1',
  });
  expect(answer['output_TransactionID']).not.toBe(paid);
  expect(emulator.books.reversals({ originalTransactionId: paid })).toMatchObject([
    { party: PAYER, amountMinor: 100_000n },
  ]);
  expect(emulator.books.walletMinor(TZS, PAYER)).toBe(OPENING);
  expect(emulator.books.ledger(TZS).totalMinor()).toBe(0n);
  expect(said(await query('reversal1'))).toMatchObject({ output_ResponseTransactionStatus: 'Completed' });
  expect(said(await query(paid))).toMatchObject({ output_ResponseTransactionStatus: 'Completed' });
});

test('gives back in parts, and never more than came', async () => {
  const { emulator, reverse, settled, paid } = await createPaidCaller();
  const part = (id: string, amount?: string) =>
    settled(
      reverse(paid, {
        input_ThirdPartyConversationID: id,
        ...(amount === undefined ? {} : { input_ReversalAmount: amount }),
      }),
    );
  expect(await part('part1', '400')).toMatchObject({ http: 200 });
  expect(await part('part2', '1000.01')).toMatchObject({ http: 400, output_ResponseCode: 'INS-15' });
  expect(await part('part3', '700')).toMatchObject({ http: 400, output_ResponseCode: 'INS-15' });
  expect(await part('part4', '0')).toMatchObject({ http: 400, output_ResponseCode: 'INS-15' });
  expect(await part('part5')).toMatchObject({ http: 200 });
  expect(emulator.books.reversedMinor(TZS)).toBe(100_000n);
  expect(await part('part6')).toMatchObject({ http: 401, output_ResponseCode: 'INS-6' });
  expect(emulator.books.reversedMinor(TZS)).toBe(100_000n);
});

test('two reversals at once give back once', async () => {
  const { emulator, clock, reverse, paid } = await createPaidCaller();
  const both = [reverse(paid), reverse(paid, { input_ThirdPartyConversationID: 'reversal2' })];
  await clock.advance(5_000);
  const codes = (await Promise.all(both)).map((one) => String(said(one)['output_ResponseCode']));
  expect(codes.toSorted((left, right) => left.localeCompare(right))).toEqual(['INS-0', 'INS-6']);
  expect(emulator.books.reversals()).toHaveLength(1);
});

test('takes a payout and a transfer back', async () => {
  const { emulator, payOut, transfer, reverse, settled } = await createVodacomCaller();
  for (const [index, send] of [payOut, transfer].entries()) {
    const { output_TransactionID: id } = await settled(send());
    await settled(reverse(id, { input_ThirdPartyConversationID: `back${index}` }));
  }
  expect(emulator.books.reversedMinor(TZS)).toBe(200_000n);
  expect(emulator.books.organisationMinor(TZS, '000000')).toBe(OPENING);
});

test('refuses to reverse what is unknown, a reversal, what was not paid, and what belongs to somebody else', async () => {
  const { emulator, collect, reverse, settled, paid } = await createPaidCaller({
    application: { serviceProviderCodes: ['000000', '123456'] },
  });
  expect(said(await reverse('nothing'))).toMatchObject({ http: 400, output_ResponseCode: 'INS-18' });
  expect(said(await reverse('collect1'))).toMatchObject({ output_ResponseCode: 'INS-18' });
  expect(said(await reverse(paid, { input_ServiceProviderCode: '123456' }))).toMatchObject({
    output_ResponseCode: 'INS-35',
  });
  const { output_TransactionID: reversal } = await settled(reverse(paid));
  const again = { input_ThirdPartyConversationID: 'reversal2' };
  expect(said(await reverse(reversal, again))).toMatchObject({ output_ResponseCode: 'INS-18' });
  emulator.handset.set(PAYER, 'decline');
  await settled(collect({ input_ThirdPartyConversationID: 'declined' }));
  const declined = emulator.transactions.find((one) => one.thirdPartyConversationId === 'declined');
  expect(said(await reverse(declined?.transactionId, again))).toMatchObject({ output_ResponseCode: 'INS-6' });
  expect(emulator.books.reversals()).toHaveLength(1);
});

test('an organisation that has spent the money cannot give it back', async () => {
  const { emulator, payOut, reverse, settled, paid } = await createPaidCaller({ openingOrganisationMinor: 0n });
  await settled(payOut());
  expect(await settled(reverse(paid))).toMatchObject({ http: 422, output_ResponseCode: 'INS-2006' });
  expect(emulator.books.reversals()).toEqual([]);
});

test.each([
  ['1', 200, 'INS-0'],
  ['2', 400, 'INS-1'],
  ['3', 401, 'INS-6'],
  ['4', 400, 'INS-15'],
  ['5', 422, 'INS-2006'],
  ['6', 400, 'INS-35'],
  ['7', 503, 'INS-16'],
])('reversal trigger 000000000000%s is answered with HTTP %i %s, and moves nothing', async (last, http, code) => {
  const { emulator, reverse } = await createVodacomCaller();
  expect(said(await reverse(`000000000000${last}`))).toMatchObject({ http, output_ResponseCode: code });
  expect(emulator.transactions).toEqual([]);
});

test('a query finds a payment by all three ids, in its own market alone, under its own short code', async () => {
  const { emulator, call, query, paid } = await createPaidCaller({
    application: { serviceProviderCodes: ['000000', '123456'] },
  });
  const conversation = emulator.transactions[0]?.conversationId ?? '';
  for (const id of [paid, conversation, 'collect1']) {
    expect(said(await query(id))).toEqual({
      http: 200,
      output_ResponseCode: 'INS-0',
      output_ResponseDesc: 'Request processed successfully',
      output_ConversationID: expect.stringMatching(/^[0-9a-f]{32}$/),
      output_ThirdPartyConversationID: expect.stringMatching(/^question \d$/),
      output_ResponseTransactionStatus: 'Completed',
      output_OriginalTransactionID: paid,
    });
  }
  const NOT_FOUND = { http: 400, output_ResponseCode: 'INS-23' };
  expect(said(await query('nothing'))).toMatchObject(NOT_FOUND);
  expect(said(await query(paid, { input_ServiceProviderCode: '123456' }))).toMatchObject(NOT_FOUND);
  const elsewhere = await call('GET', '../vodacomMOZ/queryTransactionStatus', {
    input_Country: 'MOZ',
    input_ServiceProviderCode: '000000',
    input_ThirdPartyConversationID: 'from Mozambique',
    input_QueryReference: paid,
  });
  expect(said(elsewhere)).toMatchObject(NOT_FOUND);
});

test('a query can be made to find nothing at first, to use another name, and to tell of a reversal', async () => {
  const { query, reverse, settled, paid } = await createPaidCaller({
    shapes: { hiddenQueries: 1, statusField: 'output_TransactionStatus', reversedStatus: 'Cancelled' },
  });
  expect(said(await query(paid))).toMatchObject({ output_ResponseCode: 'INS-23' });
  expect(said(await query(paid))).toMatchObject({ output_TransactionStatus: 'Completed' });
  await settled(reverse(paid, { input_ReversalAmount: '999.99' }));
  expect(said(await query(paid))).toMatchObject({ output_TransactionStatus: 'Completed' });
  await settled(reverse(paid, { input_ThirdPartyConversationID: 'rest' }));
  expect(said(await query(paid))).toMatchObject({ output_TransactionStatus: 'Cancelled' });
});

test.each<[reference: string, expected: Json]>([
  ['000000000001', { http: 200, output_ResponseTransactionStatus: 'Completed' }],
  ['000000000000000000001', { http: 200, output_ResponseTransactionStatus: 'Completed' }],
  ['000000000002', { http: 400, output_ResponseCode: 'INS-20' }],
  ['000000000000000000003', { http: 400, output_ResponseCode: 'INS-1' }],
  ['000000000004', { http: 401, output_ResponseCode: 'INS-6' }],
  ['000000000005', { http: 503, output_ResponseCode: 'INS-16' }],
  ['000000000006', { http: 400, output_ResponseCode: 'INS-23' }],
])('query trigger %s', async (reference, expected) => {
  const { query } = await createVodacomCaller();
  expect(said(await query(reference))).toMatchObject(expected);
});

test('questions use up their ids too, unless that is switched off', async () => {
  const id = { input_ThirdPartyConversationID: 'collect1' };
  const strict = await createPaidCaller();
  expect(said(await strict.query(strict.paid, id))).toMatchObject({ http: 409, output_ResponseCode: 'INS-10' });
  const free = await createPaidCaller({ shapes: { questionIds: 'free' } });
  expect(said(await free.query(free.paid, id))).toMatchObject({ http: 200 });
});

test('tells the name of a customer, and of nobody else', async () => {
  const { emulator, nameOf } = await createVodacomCaller({ names: { [PAYER]: 'ASHA JUMA ALI' } });
  expect(said(await nameOf(PAYER))).toMatchObject({
    http: 200,
    output_ResponseCode: 'INS-0',
    output_CustomerFirstName: 'ASHA',
    output_CustomerLastName: 'JUMA ALI',
  });
  expect(said(await nameOf('000000000001'))).toMatchObject({ output_CustomerFirstName: 'TEST' });
  expect(said(await nameOf(PAYER, { input_KycQueryType: 'All' }))).toMatchObject({ output_ResponseCode: 'INS-21' });
  emulator.subscribers.set(PAYER, 'unregistered');
  expect(said(await nameOf(PAYER))).toMatchObject({ http: 400, output_ResponseCode: 'INS-2051' });
});

test('answers another verb, and an address that does not exist', async () => {
  const { call } = await createVodacomCaller();
  expect((await call('POST', 'reversal', {})).status).toBe(405);
  expect((await call('POST', 'b2gPayment', {})).status).toBe(404);
});
