import { constants, publicEncrypt } from 'node:crypto';

import { expect, test } from 'vitest';

import { createAirtelCaller, MSISDN, pemOf, said } from '../../test/airtel-caller.ts';
import { type Json, jsonOf } from '../../test/daraja-caller.ts';
import type { PinPadding } from './index.ts';

const versions = ['v1', 'v2', 'v3'] as const;

test.each(versions)('pays out within the answer over %s', async (version) => {
  const { emulator, payOut, enquirePayout } = createAirtelCaller();
  expect(jsonOf(await payOut({}, version))).toEqual({
    data: {
      transaction: {
        reference_id: expect.stringMatching(/^CI\d{6}\.\d{4}\.H\d{5}$/),
        airtel_money_id: 'disbursement-PAYOUT0001',
        id: 'PAYOUT0001',
        status: 'TS',
      },
    },
    status: {
      response_code: 'DP00900001001',
      code: '200',
      success: true,
      result_code: 'ESB000010',
      message: expect.stringMatching(/^You have sent UGX 1000\.00 to TEST USER\. Bal UGX 999999000\.00\. TID: CI/),
    },
  });
  expect(emulator.books.payouts()).toMatchObject([{ kind: 'disbursement', msisdn: MSISDN, amountMinor: 1000n }]);
  expect(emulator.books.accountMinor('DISB')).toBe(1_000_000_000n - 1000n);
  const enquiry = jsonOf(await enquirePayout()) as { data: { transaction: Json } };
  expect(Object.keys(enquiry.data.transaction)).toEqual(['id', 'message', 'status']);
  expect(emulator.books.ledger.totalMinor()).toBe(0n);
});

test('the second version wants to be told the type when it is asked', async () => {
  const { payOut, get } = createAirtelCaller();
  await payOut({}, 'v2');
  expect(said(await get('/standard/v2/disbursements/PAYOUT0001'))).toMatchObject({
    beside: { response_code: 'DP00900001013' },
  });
  expect(said(await get('/standard/v2/disbursements/PAYOUT0001?transactionType=B2C'))).toMatchObject({ status: 'TS' });
});

test.each<[PinPadding, object]>([
  ['pkcs1', { padding: constants.RSA_PKCS1_PADDING }],
  ['oaep-sha1', { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }],
  ['oaep-sha256-mgf1-sha256', { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }],
])('really decrypts the PIN: %s', async (pinPadding, options) => {
  const { emulator, payOut } = createAirtelCaller({ application: { pinPadding } });
  const seal = (text: string): string =>
    publicEncrypt({ key: pemOf(emulator.publicKey), ...options }, Buffer.from(text)).toString('base64');
  const otherPadding = pinPadding === 'pkcs1' ? constants.RSA_PKCS1_OAEP_PADDING : constants.RSA_PKCS1_PADDING;
  const sealedOtherwise = publicEncrypt(
    { key: pemOf(emulator.publicKey), padding: otherPadding },
    Buffer.from('1234'),
  ).toString('base64');
  expect(jsonOf(await payOut({ pin: sealedOtherwise }))).toMatchObject({ status_code: 'ROUTER116' });
  expect(jsonOf(await payOut({ pin: seal('4321') }))).toMatchObject({ status_code: 'ROUTER115' });
  expect(jsonOf(await payOut({ pin: '1234' }))).toMatchObject({ status_code: 'ROUTER116' });
  expect(jsonOf(await payOut({ pin: undefined }))).toMatchObject({ status_code: 'ROUTER114' });
  expect(emulator.books.payouts()).toEqual([]);
  expect(said(await payOut({ pin: seal('1234') }))).toMatchObject({ status: 'TS' });
});

test('gives out the key that PINs are encrypted with, of the length that goes with the padding', async () => {
  const key = async (pinPadding: PinPadding): Promise<string> => {
    const { get } = createAirtelCaller({ application: { pinPadding } });
    const body = jsonOf(await get('/v1/rsa/encryption-keys')) as { data: { key: string }; status: Json };
    expect(body).toMatchObject({
      data: { key_id: 100, valid_upto: expect.stringMatching(/^\d\d-\d\d-\d{4} \d\d:\d\d:\d\d$/) },
      status: { response_code: 'DP02010001001', success: true },
    });
    return body.data.key;
  };
  expect(await key('pkcs1')).toMatch(/^MIGf/);
  expect(await key('oaep-sha256-mgf1-sha1')).toMatch(/^MIIB/);
  const { get } = createAirtelCaller({ shapes: { encryptionKey: 'top' } });
  expect(jsonOf(await get('/v1/rsa/encryption-keys'))).toMatchObject({ key_id: 100 });
});

test.each([
  ['v1', 'DP00900001011'],
  ['v2', 'DP00900001011'],
  ['v3', 'DP00900001017'],
] as const)('an id is taken once over %s', async (version, code) => {
  const { emulator, payOut } = createAirtelCaller();
  await payOut({}, version);
  expect(said(await payOut({ amount: 5 }, version))).toMatchObject({
    http: 200,
    beside: { code: 400, message: 'Duplicate exttRID', response_code: code, result_code: '521050', success: false },
  });
  expect(emulator.books.payouts()).toHaveLength(1);
});

test.each<[string, 'v1' | 'v2' | 'v3', Json, string, string | undefined]>([
  ['a number with the country code', 'v1', { msisdn: '256752604392' }, 'DP00900001013', '521002'],
  ['decimals', 'v1', { amount: 1.5 }, 'DP00900001004', 'ESB000008'],
  ['nothing to pay', 'v1', { amount: 0 }, 'DP00900001004', undefined],
  ['no type', 'v2', { transaction: { amount: 1, id: 'PAYOUT0001' } }, 'DP00900001013', undefined],
  ['no currency', 'v2', { payee: { msisdn: '752604392' } }, 'DP00900001013', undefined],
  ['no wallet', 'v3', { payee: { msisdn: '752604392' } }, 'DP00900001013', undefined],
  ['dashes in its id', 'v3', { id: 'PAYOUT-0001' }, 'DP00900001013', undefined],
])('refuses a payout with %s, and keeps nothing of it', async (_what, version, changes, code, result) => {
  const { emulator, payOut } = createAirtelCaller();
  expect(said(await payOut(changes, version))).toMatchObject({
    http: 200,
    beside: { response_code: code, ...(result === undefined ? {} : { result_code: result }), success: false },
  });
  expect(emulator.transactions).toEqual([]);
});

test('takes an id with dashes in the older versions', async () => {
  const { payOut } = createAirtelCaller();
  expect(said(await payOut({ id: '7b7f6f3a-9d0a-4b6a-8f0e-0f8f5d3c1a11' }))).toMatchObject({ status: 'TS' });
});

test('pays nobody who is nobody, or barred', async () => {
  const { emulator, payOut, enquirePayout } = createAirtelCaller();
  emulator.subscribers.set(MSISDN, 'unregistered');
  expect(said(await payOut())).toMatchObject({ beside: { response_code: 'DP00900001012' } });
  emulator.subscribers.set(MSISDN, 'barred');
  expect(said(await payOut())).toMatchObject({ beside: { response_code: 'DP00900001010', success: false } });
  expect(said(await enquirePayout())).toMatchObject({ status: 'TF', beside: { response_code: 'DP00900001010' } });
  expect(emulator.books.payouts()).toEqual([]);
});

test('cannot pay more than our wallet holds', async () => {
  const { emulator, payOut } = createAirtelCaller({ openingAccountMinor: 1500n });
  await payOut();
  expect(said(await payOut({ id: 'PAYOUT0002' }))).toMatchObject({ beside: { response_code: 'DP00900001007' } });
  expect(emulator.books.accountMinor('DISB')).toBe(500n);
});

test('pays out later where it is told to, also when our wallet was emptied meanwhile', async () => {
  const { emulator, payOut, enquirePayout, clock } = createAirtelCaller({
    shapes: { payouts: 'later' },
    openingAccountMinor: 1500n,
  });
  expect(said(await payOut())).toMatchObject({
    status: 'TIP',
    beside: { response_code: 'DP00900001006', success: true },
  });
  await payOut({ id: 'PAYOUT0002' });
  expect(emulator.books.payouts()).toEqual([]);
  await clock.advance(5_000);
  expect(said(await enquirePayout())).toMatchObject({ status: 'TS', beside: { response_code: 'DP00900001001' } });
  expect(said(await enquirePayout('PAYOUT0002'))).toMatchObject({ status: 'TF' });
  expect(emulator.books.paidOutMinor()).toBe(1000n);
});

test.each<[digits: string, http: number, answer: object, status: string]>([
  ['02', 200, { beside: { response_code: 'DP00900001003' } }, 'TF'],
  ['04', 200, { beside: { response_code: 'DP00900001007' } }, 'TF'],
  ['05', 200, { beside: { response_code: 'DP00900001005' } }, 'TF'],
  ['06', 200, { beside: { response_code: 'DP00900001010' } }, 'TF'],
  ['07', 200, { beside: { response_code: 'DP00900001000', result_code: '521050' } }, 'TS'],
  ['08', 200, { status: 'TIP' }, 'TIP'],
  ['09', 200, { status: 'TI' }, 'TS'],
  ['10', 408, {}, 'TS'],
])('a payout to a number that ends in %s', async (digits, http, answer, status) => {
  const { emulator, payOut, enquirePayout, clock } = createAirtelCaller();
  expect(said(await payOut({ msisdn: `7526043${digits}` }))).toMatchObject({ http, ...answer });
  await clock.advance(10_000);
  expect(said(await enquirePayout())).toMatchObject({ status });
  expect(emulator.books.payouts()).toHaveLength(status === 'TS' ? 1 : 0);
});

test('an ambiguous payout is called so until it has ended', async () => {
  const { payOut, enquirePayout, clock } = createAirtelCaller();
  await payOut({ msisdn: '752604307' });
  expect(said(await enquirePayout())).toMatchObject({ status: 'TA', beside: { response_code: 'DP00900001000' } });
  await clock.advance(10_000);
  expect(said(await enquirePayout())).toMatchObject({ status: 'TS' });
});

test('does not find a payout that was never made, nor one where a collection has that id', async () => {
  const { collect, enquirePayout } = createAirtelCaller();
  const notFound = { beside: { response_code: 'DP00900001015', result_code: 'ESB000045', success: false } };
  expect(said(await enquirePayout())).toMatchObject(notFound);
  await collect({ id: 'SAME0001' });
  expect(said(await enquirePayout('SAME0001'))).toMatchObject(notFound);
});

test('pays in cash, with codes of its own', async () => {
  const { emulator, post, get, seal } = createAirtelCaller();
  const cashIn = {
    subscriber: { msisdn: '752604392' },
    transaction: { amount: 1000, id: 'CASHIN0001' },
    additional_info: [{ key: 'remark', value: 'Loan' }],
    reference: 'CASH0001',
    pin: seal(),
  };
  expect(said(await post('/standard/v1/cashin/', cashIn))).toMatchObject({
    status: 'TS',
    beside: { response_code: 'DP01000001001' },
  });
  expect(said(await post('/standard/v2/cashin/', cashIn))).toMatchObject({
    beside: { response_code: 'DP01000001016' },
  });
  expect(said(await get('/standard/v1/cashin/CASHIN0001'))).toMatchObject({ status: 'TS' });
  expect(said(await get('/standard/v1/cashin/CASHIN0002'))).toMatchObject({ beside: { result_code: 'ESB000045' } });
  expect(emulator.books.payouts({ kind: 'cash-in' })).toHaveLength(1);
  expect(emulator.books.accountMinor('CASHIN')).toBe(1_000_000_000n - 1000n);
});
