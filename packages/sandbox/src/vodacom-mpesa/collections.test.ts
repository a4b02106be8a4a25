import { expect, test } from 'vitest';

import type { Json } from '../../test/daraja-caller.ts';
import { createVodacomCaller, PAYER, said, TZS } from '../../test/vodacom-caller.ts';
import type { HandsetBehaviour } from '../handset.ts';

const OPENING = 1_000_000_000n;

test('X37: collects from the trigger number of success, in the market of Ghana', async () => {
  const { call, emulator } = await createVodacomCaller({ prefix: '/sandbox/ipg/v2/vodafoneGHA' });
  const response = await call('POST', 'c2bPayment/singleStage', {
    input_Amount: '10',
    input_Country: 'GHA',
    input_Currency: 'GHS',
    input_CustomerMSISDN: '000000000001',
    input_ServiceProviderCode: '000000',
    input_ThirdPartyConversationID: 'asv02e5958774f7ba228d83d0d689761',
    input_TransactionReference: 'T1234C',
    input_PurchasedItemsDesc: 'Shoes',
  });
  expect(said(response)).toEqual({
    http: 201,
    output_ResponseCode: 'INS-0',
    output_ResponseDesc: 'Request processed successfully',
    output_TransactionID: expect.stringMatching(/^[0-9a-z]{12}$/),
    output_ConversationID: expect.stringMatching(/^[0-9a-f]{32}$/),
    output_ThirdPartyConversationID: 'asv02e5958774f7ba228d83d0d689761',
  });
  expect(emulator.books.collections()).toMatchObject([{ amountMinor: 1000n, reference: 'T1234C' }]);
});

test('the call stays open until the payer has decided, and money moves only then', async () => {
  const { emulator, clock, collect, query, settled } = await createVodacomCaller();
  const call = collect();
  await clock.advance(11_999);
  expect(emulator.books.collections()).toEqual([]);
  expect(said(await query('collect1'))).toMatchObject({
    output_ResponseCode: 'INS-0',
    output_ResponseTransactionStatus: 'N/A',
    output_OriginalTransactionID: 'N/A',
  });
  const answer = await settled(call, 1);
  expect(answer).toMatchObject({ http: 201, output_ThirdPartyConversationID: 'collect1' });
  expect(emulator.books.collections()).toMatchObject([
    { transactionId: answer['output_TransactionID'], party: PAYER, organisation: '000000', amountMinor: 100_000n },
  ]);
  expect(emulator.books.walletMinor(TZS, PAYER)).toBe(OPENING - 100_000n);
  expect(emulator.books.organisationMinor(TZS, '000000')).toBe(OPENING + 100_000n);
  expect(emulator.books.collectedMinor(TZS)).toBe(100_000n);
  expect(emulator.books.ledger(TZS).totalMinor()).toBe(0n);
});

test.each<[HandsetBehaviour, number, string, string]>([
  ['decline', 401, 'INS-6', 'Cancelled'],
  ['wrong-pin', 401, 'INS-6', 'Cancelled'],
  ['unreachable', 408, 'INS-9', 'Expired'],
  ['insufficient-funds', 422, 'INS-2006', 'Cancelled'],
])('a phone that does "%s" ends in HTTP %i %s, and nothing moves', async (behaviour, http, code, status) => {
  const { emulator, collect, query, settled } = await createVodacomCaller({ handsets: { [PAYER]: behaviour } });
  expect(await settled(collect())).toMatchObject({ http, output_ResponseCode: code });
  expect(said(await query('collect1'))).toMatchObject({ output_ResponseTransactionStatus: status });
  expect(emulator.books.collections()).toEqual([]);
  expect(emulator.books.walletMinor(TZS, PAYER)).toBe(OPENING);
});

test('a phone that nobody answers outlasts the call, and expires', async () => {
  const { clock, collect, query, settled } = await createVodacomCaller({ handsets: { [PAYER]: 'ignore' } });
  expect(await settled(collect(), 55_000)).toEqual({
    http: 408,
    output_ResponseCode: 'INS-9',
    output_ResponseDesc: 'Request timeout',
  });
  expect(said(await query('collect1'))).toMatchObject({ output_ResponseTransactionStatus: 'N/A' });
  await clock.advance(35_000);
  expect(said(await query('collect1'))).toMatchObject({ output_ResponseTransactionStatus: 'Expired' });
});

test('X38: a call that timed out may be paid after all, and only a query tells', async () => {
  const { emulator, clock, collect, query, settled } = await createVodacomCaller({
    handsets: { [PAYER]: { behaviour: 'approve', thinkingMs: 70_000 } },
  });
  expect(await settled(collect(), 55_000)).toEqual({
    http: 408,
    output_ResponseCode: 'INS-9',
    output_ResponseDesc: 'Request timeout',
  });
  expect(emulator.books.collections()).toEqual([]);
  await clock.advance(15_000);
  const [collection] = emulator.books.collections();
  expect(said(await query('collect1'))).toMatchObject({
    http: 200,
    output_ResponseCode: 'INS-0',
    output_ResponseTransactionStatus: 'Completed',
    output_OriginalTransactionID: collection?.transactionId,
  });
});

test('ends with any other code that a test wants, and never with a success by that way', async () => {
  const { emulator, collect, settled } = await createVodacomCaller();
  emulator.handset.set(PAYER, { behaviour: 'code', code: 'INS-995' }, { behaviour: 'code', code: 'INS-0' });
  expect(await settled(collect())).toMatchObject({ http: 400, output_ResponseCode: 'INS-995' });
  expect(await settled(collect({ input_ThirdPartyConversationID: 'collect2' }))).toMatchObject({ http: 401 });
  expect(emulator.books.collections()).toEqual([]);
});

test('a prompt can be answered by hand', async () => {
  const { emulator, collect, settled } = await createVodacomCaller({ handsets: { [PAYER]: 'ignore' } });
  const call = collect();
  await Promise.resolve();
  expect(emulator.answerPrompt(PAYER, { behaviour: 'approve' })).toBe(true);
  expect(await settled(call, 1)).toMatchObject({ http: 201 });
  expect(emulator.answerPrompt(PAYER, { behaviour: 'approve' })).toBe(false);
});

test('what was answered by hand is not answered again when the phone would have', async () => {
  const { emulator, clock, collect, settled } = await createVodacomCaller();
  const call = collect();
  await Promise.resolve();
  emulator.answerPrompt(PAYER, { behaviour: 'decline' });
  emulator.answerPrompt(PAYER, { behaviour: 'approve' });
  expect(await settled(call, 1)).toMatchObject({ http: 201 });
  await clock.advance(100_000);
  expect(emulator.books.collections()).toHaveLength(1);
});

test('a wallet without the money is not overdrawn', async () => {
  const { emulator, collect, settled } = await createVodacomCaller({ openingWalletMinor: 99_999n });
  expect(await settled(collect())).toMatchObject({ http: 422, output_ResponseCode: 'INS-2006' });
  expect(emulator.books.walletMinor(TZS, PAYER)).toBe(99_999n);
});

test.each<[last: string, http: number, code: string, status: string, paid: number]>([
  ['1', 201, 'INS-0', 'Completed', 1],
  ['2', 408, 'INS-9', 'Completed', 1],
  ['3', 408, 'INS-9', 'Expired', 0],
  ['4', 401, 'INS-6', 'Cancelled', 0],
  ['5', 400, 'INS-1', 'Cancelled', 0],
  ['6', 401, 'INS-6', 'Cancelled', 0],
  ['7', 400, 'INS-15', 'Cancelled', 0],
  ['8', 422, 'INS-2006', 'Cancelled', 0],
  ['9', 503, 'INS-16', 'Cancelled', 0],
])('trigger 00000000000%s is answered at once with HTTP %i %s', async (last, http, code, status, paid) => {
  const { emulator, clock, collect, query } = await createVodacomCaller();
  expect(said(await collect({ input_CustomerMSISDN: `00000000000${last}` }))).toMatchObject({
    http,
    output_ResponseCode: code,
  });
  await clock.advance(60_000);
  expect(said(await query('collect1'))).toMatchObject({ output_ResponseTransactionStatus: status });
  expect(emulator.books.collections()).toHaveLength(paid);
});

test('a trigger number gives way to what its phone was told', async () => {
  const { collect, settled } = await createVodacomCaller({ handsets: { '000000000001': 'decline' } });
  expect(await settled(collect({ input_CustomerMSISDN: '000000000001' }))).toMatchObject({ http: 401 });
});

test('trigger numbers mean nothing in production, nor under another short code', async () => {
  const changes = { input_CustomerMSISDN: '000000000001' };
  const production = await createVodacomCaller({ prefix: '/openapi/ipg/v2/vodacomTZN' });
  expect(said(await production.collect(changes))).toMatchObject({ output_ResponseCode: 'INS-2051' });
  expect(await production.settled(production.collect())).toMatchObject({ http: 201 });
  const other = await createVodacomCaller({ application: { serviceProviderCodes: ['123456'] } });
  expect(said(await other.collect({ ...changes, input_ServiceProviderCode: '123456' }))).toMatchObject({
    output_ResponseCode: 'INS-2051',
  });
});

test.each<[what: string, changes: Json, code: string]>([
  ['an amount of nothing', { input_Amount: '0' }, 'INS-15'],
  ['a comma in the amount', { input_Amount: '1,000' }, 'INS-15'],
  ['more decimals than the currency has', { input_Amount: '1.005' }, 'INS-15'],
  ['an amount that is a number', { input_Amount: 1000 }, 'INS-21'],
  ['more than the limit', { input_Amount: '5000000.01' }, 'INS-995'],
  ['a plus before the number', { input_CustomerMSISDN: `+${PAYER}` }, 'INS-2051'],
  ['a national number', { input_CustomerMSISDN: '0754123456' }, 'INS-2051'],
  ['a number of another country', { input_CustomerMSISDN: '254712345678' }, 'INS-2051'],
  ['a currency of another country', { input_Currency: 'KES' }, 'INS-26'],
  ['a currency that is none', { input_Currency: 'TZSX' }, 'INS-26'],
  ['a short code that is not ours', { input_ServiceProviderCode: '171717' }, 'INS-13'],
  ['a short code with a dash', { input_ServiceProviderCode: '00-00' }, 'INS-13'],
  ['21 characters of reference', { input_TransactionReference: 'A'.repeat(21) }, 'INS-17'],
  ['a dash in the reference', { input_TransactionReference: 'T-1234' }, 'INS-17'],
  ['41 characters of id', { input_ThirdPartyConversationID: 'a'.repeat(41) }, 'INS-28'],
  ['a dash in the id', { input_ThirdPartyConversationID: 'a-b' }, 'INS-28'],
  ['a comma in the items', { input_PurchasedItemsDesc: 'Shoes, red' }, 'INS-30'],
  ['257 characters of items', { input_PurchasedItemsDesc: 'a'.repeat(257) }, 'INS-30'],
  ['another country', { input_Country: 'GHA' }, 'INS-998'],
  ['no country', { input_Country: undefined }, 'INS-20'],
  ['no items', { input_PurchasedItemsDesc: undefined }, 'INS-20'],
  ['an empty reference', { input_TransactionReference: '' }, 'INS-20'],
])('refuses %s, and the id stays free', async (_what, changes, code) => {
  const { emulator, collect, settled } = await createVodacomCaller();
  expect(said(await collect(changes))).toEqual({
    http: 400,
    output_ResponseCode: code,
    output_ResponseDesc: expect.any(String),
  });
  expect(emulator.transactions).toEqual([]);
  expect(await settled(collect())).toMatchObject({ http: 201 });
});

test('refuses a body that is no JSON object, and a number that is nobody’s', async () => {
  const { emulator, call, collect } = await createVodacomCaller();
  expect(said(await call('POST', 'c2bPayment/singleStage', '[1'))).toMatchObject({ output_ResponseCode: 'INS-21' });
  emulator.subscribers.set(PAYER, 'unregistered');
  expect(said(await collect())).toMatchObject({ output_ResponseCode: 'INS-2051' });
});

test('takes an id once, whatever became of it and whatever it is used for then', async () => {
  const { emulator, collect, payOut, settled } = await createVodacomCaller({ handsets: { [PAYER]: 'decline' } });
  expect(await settled(collect())).toMatchObject({ http: 401 });
  emulator.handset.set(PAYER, 'approve');
  for (const send of [collect, payOut]) {
    expect(said(await send({ input_ThirdPartyConversationID: 'collect1' }))).toEqual({
      http: 409,
      output_ResponseCode: 'INS-10',
      output_ResponseDesc: 'Duplicate Transaction',
    });
  }
  expect(emulator.transactions).toHaveLength(1);
});

test.each([
  ['vodacomMOZ', 'MOZ', 'MZN', '258841234567'],
  ['vodacomDRC', 'DRC', 'USD', '243812345678'],
  ['vodacomDRC', 'DRC', 'CDF', '243812345678'],
  ['vodacomLES', 'LES', 'LSL', '26657123456'],
  ['vodafoneGHA', 'GHA', 'GHS', '233201234567'],
] as const)('keeps books of their own for %s (%s, %s)', async (market, country, currency, msisdn) => {
  const { emulator, collect, settled } = await createVodacomCaller({ prefix: `/sandbox/ipg/v2/${market}` });
  const changes = { input_Country: country, input_Currency: currency, input_CustomerMSISDN: msisdn };
  expect(await settled(collect(changes))).toMatchObject({ http: 201 });
  expect(emulator.books.collectedMinor({ market, currency })).toBe(100_000n);
  expect(emulator.books.ledger({ market, currency }).totalMinor()).toBe(0n);
  expect(emulator.books.ledger({ market, currency }).entries).toHaveLength(1);
  expect(emulator.books.ledger(TZS).entries).toEqual([]);
});

test('dollars and francs of one customer are two wallets', async () => {
  const { emulator, collect, settled } = await createVodacomCaller({ prefix: '/sandbox/ipg/v2/vodacomDRC' });
  const msisdn = '243812345678';
  const changes = { input_Country: 'DRC', input_Currency: 'CDF', input_CustomerMSISDN: msisdn };
  expect(await settled(collect(changes))).toMatchObject({ http: 201 });
  expect(emulator.books.walletMinor({ market: 'vodacomDRC', currency: 'CDF' }, msisdn)).toBe(OPENING - 100_000n);
  expect(emulator.books.walletMinor({ market: 'vodacomDRC', currency: 'USD' }, msisdn)).toBe(OPENING);
});
