import { expect, test } from 'vitest';

import { collectionBody, createAirtelCaller, MSISDN, said } from '../../test/airtel-caller.ts';
import { type Json, jsonOf } from '../../test/daraja-caller.ts';
import type { HandsetBehaviour } from '../handset.ts';

test.each(['v1', 'v2'] as const)(
  'says SUCCESS at once over %s, and charges only when the payer approves',
  async (version) => {
    const { emulator, collect, enquire, clock } = createAirtelCaller();
    expect(jsonOf(await collect({}, version))).toEqual({
      data: { transaction: { id: 'ORDER0001', status: 'SUCCESS' } },
      status: {
        code: '200',
        message: 'SUCCESS',
        result_code: 'ESB000010',
        response_code: 'DP00800001006',
        success: true,
      },
    });
    await clock.advance(11_999);
    expect(emulator.books.collections()).toEqual([]);
    expect(jsonOf(await enquire())).toEqual({
      data: { transaction: { id: 'ORDER0001', message: 'in progress', status: 'TIP' } },
      status: {
        code: '200',
        message: 'SUCCESS',
        result_code: 'ESB000010',
        response_code: 'DP00800001006',
        success: true,
      },
    });
    await clock.advance(1);
    const [collection] = emulator.books.collections();
    expect(collection).toMatchObject({ transactionId: 'ORDER0001', msisdn: MSISDN, amountMinor: 1000n });
    // As in the official sample: paid, "in process" and "success: false" in one.
    expect(jsonOf(await enquire())).toEqual({
      data: {
        transaction: {
          airtel_money_id: expect.stringMatching(/^MP\d{6}\.\d{4}\.L\d{5}$/),
          id: 'ORDER0001',
          message: 'success',
          status: 'TS',
        },
      },
      status: {
        code: '200',
        message: 'SUCCESS',
        result_code: 'ESB000010',
        response_code: 'DP00800001006',
        success: false,
      },
    });
    expect(emulator.books.walletMinor(MSISDN)).toBe(1_000_000_000n - 1000n);
    expect(emulator.books.accountMinor('COLL')).toBe(1_000_000_000n + 1000n);
    expect(emulator.books.ledger.totalMinor()).toBe(0n);
  },
);

test.each<[HandsetBehaviour, string, string]>([
  ['decline', 'TF', 'DP00800001008'],
  ['wrong-pin', 'TF', 'DP00800001002'],
  ['ignore', 'TE', 'DP00800001005'],
  ['unreachable', 'TE', 'DP00800001029'],
  ['insufficient-funds', 'TF', 'DP00800001007'],
])('a phone that does "%s" ends in %s with %s, and nothing moves', async (behaviour, status, code) => {
  const { emulator, collect, enquire, clock } = createAirtelCaller({ handsets: { [MSISDN]: behaviour } });
  await collect();
  await clock.advance(130_000);
  expect(said(await enquire())).toMatchObject({ status, beside: { response_code: code, success: false } });
  expect(emulator.books.collections()).toEqual([]);
});

test.each<[digits: string, status: string, code: string]>([
  ['00', 'TS', 'DP00800001006'],
  ['01', 'TF', 'DP00800001002'],
  ['02', 'TF', 'DP00800001003'],
  ['03', 'TE', 'DP00800001005'],
  ['04', 'TF', 'DP00800001007'],
  ['05', 'TF', 'DP00800001008'],
  ['06', 'TF', 'DP00800001010'],
  ['07', 'TA', 'DP00800001000'],
  ['08', 'TIP', 'DP00800001006'],
  ['09', 'TS', 'DP00800001006'],
  ['10', 'TS', 'DP00800001006'],
])('a number that ends in %s ends in %s', async (digits, status, code) => {
  const { emulator, collect, enquire, clock } = createAirtelCaller();
  const answer = await collect({ msisdn: `7526043${digits}` });
  expect(answer.status).toBe(digits === '10' ? 408 : 200);
  expect(said(await enquire())).toMatchObject({ status: digits === '09' ? 'TI' : 'TIP' });
  await clock.advance(150_000);
  expect(said(await enquire())).toMatchObject({ status, beside: { response_code: code } });
  expect(emulator.books.collections()).toHaveLength(status === 'TS' ? 1 : 0);
});

test('what a phone was told is stronger than its number, and numbers can be made ordinary', async () => {
  const told = createAirtelCaller({ handsets: { '256752604305': 'approve' } });
  const ordinary = createAirtelCaller({ magicNumbers: false });
  for (const { emulator, collect, clock } of [told, ordinary]) {
    await collect({ msisdn: '752604305' });
    await clock.advance(15_000);
    expect(emulator.books.collections()).toHaveLength(1);
  }
});

test('an id is taken once, whatever the second request says', async () => {
  const { emulator, collect, clock } = createAirtelCaller();
  await collect();
  const again = await collect({ amount: 7000, msisdn: '752604399' });
  expect(again).toMatchObject({ status: 200 });
  expect(jsonOf(again)).toEqual({
    status: {
      response_code: 'DP00800001000',
      code: '500',
      success: false,
      result_code: 'ESB000041',
      message: 'External Transaction ID already exists.',
    },
  });
  await clock.advance(15_000);
  expect(emulator.books.collections()).toMatchObject([{ amountMinor: 1000n }]);
});

test.each<[string, Json, object]>([
  ['the country code in front', { msisdn: '256752604392' }, { beside: { result_code: 'ESB000033', success: false } }],
  ['a plus', { msisdn: '+75260439' }, { beside: { result_code: 'ESB000033' } }],
  ['no id', { id: '' }, { beside: { result_code: 'ESB000008' } }],
  ['a reference of three', { reference: 'INV' }, { beside: { result_code: 'ESB000008' } }],
  ['a reference with a dash', { reference: 'INV-0001' }, { beside: { result_code: 'ESB000008' } }],
  ['no amount', { amount: 0 }, { beside: { response_code: 'DP00800001004' } }],
  ['a negative amount', { amount: -5 }, { beside: { response_code: 'DP00800001004' } }],
  ['decimals that the currency has not', { amount: 10.5 }, { beside: { response_code: 'DP00800001004' } }],
  ['more than is allowed', { amount: 500_000_001 }, { beside: { response_code: 'DP00800001004' } }],
])('refuses a collection with %s, with no data, and as HTTP 200', async (_what, changes, refusal) => {
  const { emulator, collect } = createAirtelCaller();
  const response = await collect(changes);
  expect(response.status).toBe(200);
  expect(said(response)).toMatchObject(refusal);
  expect(jsonOf(response)).not.toHaveProperty('data');
  expect(emulator.transactions).toEqual([]);
});

test('wants country and currency twice in the body, and the same', async () => {
  const { post } = createAirtelCaller();
  const { transaction } = collectionBody() as { transaction: Json };
  const body = collectionBody({ transaction: { ...transaction, currency: 'KES' } });
  expect(jsonOf(await post('/merchant/v1/payments/', body))).toMatchObject({ status_code: 'ROUTER112' });
});

test('takes an amount as text, and decimals where the currency has them', async () => {
  const { emulator, post, clock } = createAirtelCaller({ application: { country: 'KE', currency: 'KES' } });
  const part = { country: 'KE', currency: 'KES' };
  const body = {
    reference: 'INV0001',
    subscriber: { ...part, msisdn: '733123456' },
    transaction: { ...part, amount: '1000.50', id: 'ORDER0001' },
  };
  await post('/merchant/v1/payments/', body);
  await clock.advance(15_000);
  expect(emulator.books.collections()).toMatchObject([{ msisdn: '254733123456', amountMinor: 100_050n }]);
});

test('does not know a number that is nobody’s', async () => {
  const { emulator, collect } = createAirtelCaller();
  emulator.subscribers.set(MSISDN, 'unregistered');
  expect(await collect()).toMatchObject({
    status: 400,
    body: '{"status":{"response_code":"DP00800001005","code":"400","success":false,"message":"Msisdn Not Found"}}',
  });
});

test('a wallet that lacks the money pays nothing, although its owner approves', async () => {
  const { emulator, collect, enquire, clock } = createAirtelCaller({ openingWalletMinor: 999n });
  await collect();
  await clock.advance(15_000);
  expect(said(await enquire())).toMatchObject({ status: 'TF', beside: { response_code: 'DP00800001007' } });
  expect(emulator.books.walletMinor(MSISDN)).toBe(999n);
});

test('does not find a payment, or not yet', async () => {
  const { collect, enquire } = createAirtelCaller({ shapes: { hiddenEnquiries: 2 } });
  const notFound = { http: 200, beside: { response_code: 'DP00800001025', result_code: 'ESB000045', success: false } };
  expect(said(await enquire('ANOTHER'))).toMatchObject(notFound);
  await collect();
  expect(said(await enquire())).toMatchObject(notFound);
  expect(said(await enquire())).toMatchObject(notFound);
  expect(said(await enquire())).toMatchObject({ status: 'TIP' });
});

test('answers in the other shapes that were recorded', async () => {
  const { collect, enquire, clock } = createAirtelCaller({
    shapes: { idAsFalse: true, openStatus: 'TI', statusCode: 'number', successFlag: 'true', successCode: '1001' },
  });
  expect(said(await collect())).toMatchObject({ id: false, beside: { code: 200 } });
  const initiated = jsonOf(await enquire());
  expect(initiated).toMatchObject({ data: { transaction: { status: 'TI', message: 'initiated' } } });
  expect(initiated['status']).not.toHaveProperty('result_code');
  await clock.advance(15_000);
  expect(said(await enquire())).toMatchObject({
    status: 'TS',
    beside: { success: true, response_code: 'DP00800001001', code: 200 },
  });
});

test('is answered by hand, once', async () => {
  const { emulator, collect, clock } = createAirtelCaller({ handsets: { [MSISDN]: 'ignore' } });
  await collect();
  expect(emulator.answerPrompt(MSISDN, { behaviour: 'approve' })).toBe(true);
  await clock.advance(0);
  expect(emulator.answerPrompt(MSISDN, { behaviour: 'approve' })).toBe(false);
  await clock.advance(300_000);
  expect(emulator.books.collections()).toHaveLength(1);
});

test('ends with a code of the caller’s choice, which is never a success', async () => {
  const { emulator, collect, enquire, clock } = createAirtelCaller({
    handsets: { [MSISDN]: { behaviour: 'code', code: 'DP00800001009', description: 'do not honour' } },
  });
  await collect();
  await clock.advance(15_000);
  expect(said(await enquire())).toMatchObject({ status: 'TF', message: 'do not honour' });
  expect(emulator.books.collections()).toEqual([]);
});
