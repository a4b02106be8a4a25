import type { QueryRequest } from '@canza/core';
import { expect, test } from 'vitest';

import { SANDBOX } from '../../../test/mpesa.ts';
import { parseMpesaConfig } from '../config.ts';
import { collectionRoute } from '../stk/route.ts';
import { findLostPrompt } from './lost-prompt.ts';
import type { PullPeriod } from './requests.ts';
import type { PulledPayment } from './responses.ts';

const SENT_AT_MS = Date.parse('2026-03-02T10:00:00Z');
const MINUTE_MS = 60_000;
const ASKED: QueryRequest = {
  route: collectionRoute(parseMpesaConfig({ ...SANDBOX, pull: true })),
  reference: 'a1b2c3d4e5f60718293a4b5c6d7e8f90',
  references: {},
  money: { currency: 'KES', amountMinor: 100_000n },
  msisdn: '254722123456',
  sentAtMs: SENT_AT_MS,
  callbackUrl: 'https://pay.example.com/callbacks/0',
};
const PULLED: PulledPayment = {
  receipt: 'LHG31AA5TX',
  amount: '1000.00',
  currency: 'KES',
  account: 'A1B2C3D4E5F6',
  referenceStart: 'a1b2c3d4e5f6',
  date: '2026-03-02T13:00:10Z',
  payer: '722123456',
  type: 'c2b-pay-bill-debit',
};

async function find(lines: readonly PulledPayment[], asked: Partial<QueryRequest> = {}, ageMs = MINUTE_MS) {
  const periods: PullPeriod[] = [];
  const finding = await findLostPrompt({ ...ASKED, ...asked }, SENT_AT_MS + ageMs, async function* (period) {
    periods.push(period);
    yield* lines;
  });
  return { finding, periods };
}

test('is paid where a pulled payment names the account of the prompt, with receipt and amount', async () => {
  const { finding, periods } = await find([{ ...PULLED, receipt: 'OTHER', referenceStart: '000000000000' }, PULLED]);
  expect(finding).toMatchObject({
    status: 'succeeded',
    receipt: 'LHG31AA5TX',
    money: { currency: 'KES', amountMinor: 100_000n },
  });
  expect(periods).toEqual([{ fromMs: SENT_AT_MS - 5 * MINUTE_MS, untilMs: SENT_AT_MS + 2 * MINUTE_MS }]);
});

test.each(['254722123456', '722123456', '2547*****456', ''])(
  'is the same for a payer written as "%s"',
  async (payer) => {
    expect((await find([{ ...PULLED, payer }])).finding.status).toBe('succeeded');
  },
);

test('is looked at again where somebody else paid with that account', async () => {
  expect((await find([{ ...PULLED, payer: '722999999' }])).finding.status).toBe('unknown');
});

test('is not found, which proves nothing, while the payment may still come', async () => {
  expect((await find([])).finding.status).toBe('not-found');
  expect(ASKED.route.timing.notFoundIsProofAfterMs).toBeNull();
});

test('is for a person after an hour', async () => {
  const { finding, periods } = await find([PULLED], {}, 61 * MINUTE_MS);
  expect(finding.status).toBe('unaskable');
  expect(periods).toEqual([]);
});

test('is for a person where the caller named the account: a customer may have paid it from the menu', async () => {
  const { finding, periods } = await find([PULLED], { accountReference: 'INVOICE1' });
  expect(finding.status).toBe('unaskable');
  expect(periods).toEqual([]);
});
