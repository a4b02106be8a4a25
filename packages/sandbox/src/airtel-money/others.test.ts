import { expect, test } from 'vitest';

import { createAirtelCaller, MSISDN, NATIONAL, said } from '../../test/airtel-caller.ts';
import { type Json, jsonOf } from '../../test/daraja-caller.ts';

async function paid() {
  const caller = createAirtelCaller();
  await caller.collect();
  await caller.clock.advance(15_000);
  const moneyId = String(said(await caller.enquire())['airtel_money_id']);
  const refund = (id = moneyId, version = 'v1'): ReturnType<typeof caller.post> =>
    caller.post(`/standard/${version}/payments/refund`, { transaction: { airtel_money_id: id } });
  return { ...caller, moneyId, refund };
}

test('gives a collection back, whole and once, by Airtel’s id alone', async () => {
  const { emulator, refund, moneyId, enquire } = await paid();
  expect(said(await refund('ORDER0001'))).toMatchObject({ beside: { success: false, result_code: 'ESB000045' } });
  expect(jsonOf(await refund())).toEqual({
    data: { transaction: { airtel_money_id: moneyId, status: 'SUCCESS' } },
    status: { code: '200', message: 'SUCCESS', result_code: 'ESB000010', success: true },
  });
  expect(said(await refund(moneyId, 'v2'))).toMatchObject({ beside: { success: false, result_code: 'ESB000011' } });
  expect(emulator.books.refunds()).toMatchObject([
    { originalAirtelMoneyId: moneyId, amountMinor: 1000n, kind: 'collection' },
  ]);
  expect(emulator.books.walletMinor(MSISDN)).toBe(1_000_000_000n);
  expect(said(await enquire())).toMatchObject({ status: 'TS' });
});

test('tells our balances as text with commas, each wallet by its name', async () => {
  const { get, payOut } = await paid();
  await payOut({ amount: 500 });
  expect(jsonOf(await get('/standard/v1/users/balance'))).toEqual({
    data: { balance: '1,000,001,000.00', currency: 'UGX', account_status: 'Active' },
    status: {
      code: '200',
      message: 'SUCCESS',
      result_code: 'ESB000010',
      response_code: 'DP02100000001',
      success: false,
    },
  });
  const balanceOf = async (type: string): Promise<Json> => jsonOf(await get(`/standard/v2/users/balance?type=${type}`));
  expect(await balanceOf('DISB')).toMatchObject({ data: { balance: '999,999,500.00' } });
  expect(await balanceOf('CASHOUT')).toMatchObject({ data: { balance: '1,000,000,000.00' } });
  expect(await balanceOf('SAVINGS')).toMatchObject({ status: { response_code: 'DP02100000002', success: false } });
});

test('tells who holds a wallet, by the number with and without the country code', async () => {
  const { emulator, get } = createAirtelCaller({ names: { [MSISDN]: 'Ada Test Lovelace' } });
  for (const spelled of [NATIONAL, MSISDN]) {
    expect(jsonOf(await get(`/standard/v1/users/${spelled}`))).toEqual({
      data: {
        first_name: 'Ada',
        last_name: 'Test Lovelace',
        grade: 'SUBS',
        is_barred: false,
        is_pin_set: true,
        msisdn: NATIONAL,
        registration: { status: 'SUBS' },
      },
      status: {
        code: '200',
        message: 'SUCCESS',
        result_code: 'ESB000010',
        response_code: 'DP02200000001',
        success: true,
      },
    });
  }
  emulator.subscribers.set(MSISDN, 'barred');
  expect(jsonOf(await get(`/standard/v2/users/${NATIONAL}`))).toMatchObject({ data: { is_barred: true } });
  emulator.subscribers.set(MSISDN, 'unregistered');
  expect(said(await get(`/standard/v1/users/${NATIONAL}`))).toMatchObject({
    beside: { response_code: 'DP02200000000' },
  });
});

test('lists what was paid, page by page', async () => {
  const { get, payOut, clock } = await paid();
  await payOut();
  const list = async (query: string): Promise<Json> =>
    (jsonOf(await get(`/merchant/v1/transactions?${query}`)) as { data: Json }).data;
  expect(await list('limit=1&offset=1')).toMatchObject({
    count: 2,
    transactions: [{ transaction: { id: 'PAYOUT0001', amount: 1000 } }],
  });
  expect(await list(`from=${clock.nowMs() + 1}`)).toMatchObject({ count: 0, transactions: [] });
});

const validation = { amount: 100, country: 'UGANDA', currency: 'UGX', msisdn: NATIONAL };

function remitter(options: Parameters<typeof createAirtelCaller>[0] = {}) {
  const caller = createAirtelCaller(options);
  const call = async (name: string, body: Json): Promise<Json> => {
    const response = await caller.post(`/openapi/moneytransfer/v2/${name}`, body);
    return { http: response.status, ...jsonOf(response) };
  };
  const credit = (changes: Json = {}): Promise<Json> =>
    call('credit', {
      ...validation,
      channelName: 'CANZA',
      extTRID: 'REMIT0001',
      mtcn: '12345',
      payerCountry: 'SE',
      payerFirstName: 'Ada',
      payerLastName: 'Test',
      pin: caller.seal(),
      ...changes,
    });
  const status = (extTRID = 'REMIT0001'): Promise<Json> =>
    call('checkstatus', { channelName: 'CANZA', country: 'UGANDA', extTRID });
  const refund = (txnID: unknown): Promise<Json> =>
    call('refund', { channelName: 'CANZA', country: 'UGANDA', txnID, pin: caller.seal() });
  return { ...caller, call, credit, status, refund };
}

test('says whether a receiver can take a remittance, in flat words', async () => {
  const { call, emulator } = remitter();
  expect(await call('validate', validation)).toEqual({
    http: 200,
    accountStatus: 'Y',
    userBarred: false,
    barType: '',
    firstName: 'TEST',
    lastName: 'USER',
    message: 'Success',
    msisdn: NATIONAL,
    pinSet: true,
    status: '200',
  });
  expect(await call('validate', { ...validation, country: 'UG' })).toMatchObject({ status: 'ROUTER006' });
  expect(await call('validate', { ...validation, msisdn: MSISDN })).toMatchObject({ status: 'ESB000033' });
  emulator.subscribers.set(MSISDN, 'unregistered');
  expect(await call('validate', validation)).toMatchObject({ accountStatus: 'N' });
});

test('remits once under one reference, and finds it again', async () => {
  const { emulator, credit, status } = remitter();
  expect(await status()).toMatchObject({ status: 'ESB000045' });
  const done = await credit();
  expect(done).toMatchObject({ http: 200, status: '200', message: 'Success', txnid: expect.stringMatching(/^CI/) });
  expect(await credit({ amount: 900 })).toMatchObject({ status: '521050' });
  expect(await status()).toEqual(done);
  expect(emulator.books.payouts()).toMatchObject([
    { kind: 'remittance', transactionId: 'REMIT0001', amountMinor: 100n },
  ]);
});

test.each<[string, Json, string]>([
  ['a wrong PIN', { pin: 'MTIzNA==' }, 'ROUTER116'],
  ['no sender', { payerLastName: '' }, 'ROUTER003'],
  ['no reference', { extTRID: undefined }, 'ROUTER003'],
  ['decimals', { amount: 1.5 }, 'ESB000008'],
])('refuses a remittance with %s', async (_what, changes, code) => {
  const { emulator, credit } = remitter();
  const answer = await credit(changes);
  expect([answer['status'], answer['status_code']]).toContain(code);
  expect(emulator.books.payouts()).toEqual([]);
});

test('keeps a remittance that failed as failed, and one whose answer timed out as paid', async () => {
  const { emulator, credit, status } = remitter();
  expect(await credit({ msisdn: '752604306' })).toMatchObject({ status: 'ESB000011' });
  expect(await status()).toMatchObject({ status: 'ESB000011' });
  expect(await credit({ msisdn: '752604310', extTRID: 'REMIT0002' })).toMatchObject({ http: 408 });
  expect(await status('REMIT0002')).toMatchObject({ status: '200' });
  expect(emulator.books.payouts()).toHaveLength(1);
});

test('takes a remittance back once', async () => {
  const { emulator, credit, refund } = remitter();
  const { txnid } = await credit();
  expect(await refund('another')).toMatchObject({ status: 'ESB000045' });
  expect(await refund(txnid)).toMatchObject({ status: '200' });
  expect(await refund(txnid)).toMatchObject({ status: 'ESB000011' });
  expect(emulator.books.accountMinor('CASHIN')).toBe(1_000_000_000n);
  expect(emulator.books.ledger.totalMinor()).toBe(0n);
});
