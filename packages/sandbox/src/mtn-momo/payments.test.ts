import { describe, expect, test } from 'vitest';

import { createMomoCaller, jsonOf, KINDS, type Kind, PAYER, reference } from '../../test/momo-caller.ts';
import type { HandsetSetting } from '../handset.ts';

const ALL = Object.keys(KINDS) as Kind[];
const WITH_A_PARTY = ALL.filter((kind) => kind !== 'refund');

/** A merchant who has been paid 12.50 under the first reference. */
async function paid(...options: Parameters<typeof createMomoCaller>) {
  const caller = createMomoCaller(...options);
  await caller.pay('request-to-pay', 1);
  await caller.clock.advance(10_000);
  return caller;
}

test.each(WITH_A_PARTY)(
  '%s: accepted with an empty 202, pending, then paid once, with a receipt and a callback',
  async (kind) => {
    const { pay, statusOf, clock, emulator, received } = createMomoCaller();
    const accepted = await pay(kind, 1);
    expect([accepted.status, accepted.body]).toEqual([202, '']);
    expect(await statusOf(kind, 1)).toMatchObject({ status: 'PENDING', amount: '12.5', externalId: 'ORD-1001' });
    expect(emulator.books.movements()).toHaveLength(0);
    await clock.advance(10_000);
    const status = await statusOf(kind, 1);
    expect(status).toMatchObject({
      status: 'SUCCESSFUL',
      currency: 'EUR',
      financialTransactionId: expect.stringMatching(/^\d{10}$/),
    });
    expect(emulator.books.movements({ referenceId: reference(1) })).toMatchObject([
      { operation: kind, msisdn: PAYER, amountMinor: 12_50n, financialTransactionId: status['financialTransactionId'] },
    ]);
    expect(received.map((callback) => jsonOf(callback))).toEqual([status]);
    expect(emulator.books.ledger.totalMinor()).toBe(0n);
    expect(clock.pendingTimers).toBe(0);
  },
);

test('moves money into our account and out of it', async () => {
  const { pay, clock, emulator, call } = createMomoCaller({ openingAccountMinor: 100_00n });
  await pay('request-to-pay', 1);
  await clock.advance(10_000);
  expect(emulator.books.accountMinor()).toBe(112_50n);
  await pay('transfer', 2);
  await pay('refund', 3, reference(1), { amount: '2.5' });
  await clock.advance(10_000);
  expect(emulator.books.accountMinor()).toBe(97_50n);
  expect(emulator.books.walletMinor(PAYER)).toBe(10_002_50n);
  expect([
    emulator.books.collectedMinor(),
    emulator.books.paidOutMinor(),
    emulator.books.refundedMinor({ refundOf: reference(1) }),
  ]).toEqual([12_50n, 12_50n, 2_50n]);
  const balance = await call('disbursement', 'GET', '/v1_0/account/balance');
  expect(jsonOf(balance)).toEqual({ availableBalance: '97.5', currency: 'EUR' });
});

test('takes a reference once in a product, and keeps what it stood for', async () => {
  const { pay, statusOf, clock, emulator } = createMomoCaller();
  await pay('request-to-pay', 1);
  const again = await pay('request-to-pay', 1, PAYER, { amount: '99' });
  expect([again.status, jsonOf(again)]).toEqual([
    409,
    { code: 'RESOURCE_ALREADY_EXIST', message: 'Duplicated reference id. Creation of resource failed.' },
  ]);
  expect((await pay('request-to-withdraw', 1)).status).toBe(409);
  expect((await pay('transfer', 1)).status).toBe(202);
  await clock.advance(10_000);
  expect(await statusOf('request-to-pay', 1)).toMatchObject({ amount: '12.5', status: 'SUCCESSFUL' });
  expect(emulator.books.collectedMinor()).toBe(12_50n);
});

describe('the phone', () => {
  test.each<[HandsetSetting, string]>([
    ['decline', 'APPROVAL_REJECTED'],
    ['wrong-pin', 'PAYMENT_NOT_APPROVED'],
    ['ignore', 'COULD_NOT_PERFORM_TRANSACTION'],
    ['unreachable', 'COULD_NOT_PERFORM_TRANSACTION'],
    ['insufficient-funds', 'NOT_ENOUGH_FUNDS'],
    [{ behaviour: 'code', code: 'PAYER_LIMIT_REACHED' }, 'PAYER_LIMIT_REACHED'],
  ])('%j: fails with %s and moves nothing', async (setting, code) => {
    const { pay, statusOf, clock, emulator, received } = createMomoCaller({ handsets: { [PAYER]: setting } });
    await pay('request-to-pay', 1);
    await clock.advance(301_000);
    expect(await statusOf('request-to-pay', 1)).toMatchObject({ status: 'FAILED', reason: { code } });
    expect(emulator.books.movements()).toHaveLength(0);
    expect(jsonOf(received[0] ?? {})).not.toHaveProperty('financialTransactionId');
  });

  test('that nobody answers leaves a payment open for five minutes', async () => {
    const { pay, statusOf, clock } = createMomoCaller({ handsets: { [PAYER]: 'ignore' } });
    await pay('request-to-pay', 1);
    await clock.advance(299_000);
    expect(await statusOf('request-to-pay', 1)).toMatchObject({ status: 'PENDING' });
  });

  test('is answered by hand, once', async () => {
    const { pay, statusOf, clock, emulator } = createMomoCaller({ handsets: { [PAYER]: 'ignore' } });
    expect(emulator.answerPrompt(PAYER, { behaviour: 'approve' })).toBe(false);
    await pay('request-to-pay', 1);
    expect(emulator.answerPrompt(PAYER, { behaviour: 'approve' })).toBe(true);
    await clock.advance(0);
    expect(await statusOf('request-to-pay', 1)).toMatchObject({ status: 'SUCCESSFUL' });
    expect(emulator.answerPrompt(PAYER, { behaviour: 'decline' })).toBe(false);
    expect(emulator.books.collectedMinor()).toBe(12_50n);
  });
});

test('does not let a wallet pay what it does not hold, nor us', async () => {
  const { pay, statusOf, clock, emulator } = createMomoCaller({ openingWalletMinor: 12_49n, openingAccountMinor: 0n });
  await pay('request-to-pay', 1);
  await pay('transfer', 2);
  await clock.advance(10_000);
  for (const [kind, n] of [
    ['request-to-pay', 1],
    ['transfer', 2],
  ] as const) {
    expect(await statusOf(kind, n)).toMatchObject({ status: 'FAILED', reason: { code: 'NOT_ENOUGH_FUNDS' } });
  }
  expect(emulator.books.movements()).toHaveLength(0);
});

test.each<[Kind, 'unknown' | 'inactive', string]>([
  ['request-to-pay', 'unknown', 'PAYER_NOT_FOUND'],
  ['request-to-pay', 'inactive', 'PAYER_NOT_FOUND'],
  ['transfer', 'unknown', 'PAYEE_NOT_FOUND'],
  ['deposit', 'inactive', 'PAYEE_NOT_ALLOWED_TO_RECEIVE'],
])('%s with a wallet that is %s fails with %s', async (kind, state, code) => {
  const { pay, statusOf, clock, emulator } = createMomoCaller();
  emulator.subscribers.set(PAYER, state);
  expect((await pay(kind, 1)).status).toBe(202);
  await clock.advance(10_000);
  expect(await statusOf(kind, 1)).toMatchObject({ status: 'FAILED', reason: { code } });
});

describe('a refund', () => {
  test('goes back to the payer of the original, in parts, and never more than it was', async () => {
    const { pay, statusOf, clock, emulator } = await paid();
    await pay('refund', 2, reference(1), { amount: '10' });
    await clock.advance(10_000);
    await pay('refund', 3, reference(1), { amount: '2.51' });
    await clock.advance(10_000);
    expect(await statusOf('refund', 2)).toMatchObject({ status: 'SUCCESSFUL', amount: '10' });
    expect(await statusOf('refund', 3)).toMatchObject({ status: 'FAILED', reason: { code: 'NOT_ALLOWED' } });
    expect(emulator.books.refundedMinor()).toBe(10_00n);
  });

  test.each([reference(9), 'no-reference'])('of %s, which nobody paid, fails', async (original) => {
    const { pay, statusOf, clock } = await paid();
    await pay('refund', 2, original);
    await clock.advance(10_000);
    expect(await statusOf('refund', 2)).toMatchObject({ status: 'FAILED', reason: { code: 'RESOURCE_NOT_FOUND' } });
  });
});

describe('shapes', () => {
  test('a reason is a bare code where production sends one', async () => {
    const { pay, statusOf, clock } = createMomoCaller({
      shapes: { reason: 'text', noFunds: 'LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED' },
      openingWalletMinor: 0n,
    });
    await pay('request-to-pay', 1);
    await clock.advance(10_000);
    expect(await statusOf('request-to-pay', 1)).toMatchObject({
      reason: 'LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED',
    });
  });

  test('numbers come as the specification prints them, exactly', async () => {
    const { pay, call, clock } = createMomoCaller({ shapes: { numbers: 'number' } });
    await pay('transfer', 1, PAYER, { amount: '100.10', externalId: '83453' });
    await clock.advance(10_000);
    const { body } = await call('disbursement', 'GET', `/v1_0/transfer/${reference(1)}`);
    expect(body).toMatch(/^\{"amount":100\.1,"currency":"EUR","financialTransactionId":\d{10},"externalId":83453,/);
    expect(body).toContain(`"partyId":${PAYER}`);
  });

  test('payouts show their notes only where told to', async () => {
    const absent = createMomoCaller();
    await absent.pay('transfer', 1);
    expect(await absent.statusOf('transfer', 1)).not.toHaveProperty('payeeNote');
    const present = createMomoCaller({ shapes: { payoutNotes: 'present', open: 'CREATED' } });
    await present.pay('transfer', 1);
    expect(await present.statusOf('transfer', 1)).toMatchObject({ payeeNote: 'Shop', status: 'CREATED' });
  });

  test('a payment is not found at first where that is asked for', async () => {
    const { pay, statusOf } = createMomoCaller({ shapes: { hiddenQueries: 2 } });
    await pay('request-to-pay', 1);
    expect(await statusOf('request-to-pay', 1)).toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
    expect(await statusOf('request-to-pay', 1)).toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
    expect(await statusOf('request-to-pay', 1)).toMatchObject({ status: 'PENDING' });
  });

  test('more than so many questions in a second are turned away', async () => {
    const { pay, call, clock } = createMomoCaller({ shapes: { queriesPerSecond: 10 } });
    await pay('request-to-pay', 1);
    const ask = async (): Promise<number> =>
      (await call('collection', 'GET', `/v1_0/requesttopay/${reference(1)}`)).status;
    const statuses = [];
    for (let n = 0; n < 11; n++) statuses.push(await ask());
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 429]);
    await clock.advance(1000);
    expect(await ask()).toBe(200);
  });
});

test('plays a country in its own currency, without test numbers', async () => {
  const environment = { targetEnvironment: 'mtnuganda', currency: 'UGX' } as const;
  const { pay, statusOf, clock, emulator } = createMomoCaller({ environment });
  expect((await pay('request-to-pay', 1, '46733123451', { currency: 'EUR' })).status).toBe(500);
  expect((await pay('request-to-pay', 2, '46733123451', { currency: 'UGX', amount: '100.5' })).status).toBe(400);
  await pay('request-to-pay', 3, '46733123451', { currency: 'UGX', amount: '100' });
  await clock.advance(10_000);
  expect(await statusOf('request-to-pay', 3)).toMatchObject({ status: 'SUCCESSFUL', amount: '100', currency: 'UGX' });
  expect(emulator.books.collectedMinor()).toBe(100n);
});
