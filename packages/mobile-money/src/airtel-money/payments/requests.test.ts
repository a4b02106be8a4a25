import type { HttpRequest, SubmitRequest } from '@canza/core';
import { expect, test } from 'vitest';

import { KENYA, phoneOf, REFERENCE, requestOver, thrownBy, UGANDA } from '../../../test/airtel-money.ts';
import { requestBodyOf } from '../../../test/fixtures.ts';
import { type AirtelMoneySettings, type PayoutApi, parseAirtelMoneyConfig } from '../config.ts';
import { buildCollection, buildEnquiry, buildPayout, buildRefund, isSigned } from './requests.ts';
import { waysOf } from './ways.ts';

const ZAMBIA: AirtelMoneySettings = { ...UGANDA, country: 'ZM' };

function over(settings: AirtelMoneySettings, type: 'collection' | 'disbursement' | 'refund') {
  const config = parseAirtelMoneyConfig(settings);
  const way = waysOf(config).find(({ route }) => route.type === type);
  if (way === undefined) throw new Error(`No ${type} way.`);
  return { config, route: way.route };
}

const bodyOf = ({ body }: HttpRequest): unknown => JSON.parse(body ?? '{}');

test('builds a collection, whole', () => {
  const { config, route } = over(UGANDA, 'collection');
  expect(buildCollection(config, requestOver(route, { reference: 'ORDER0001' }))).toEqual({
    method: 'POST',
    url: 'https://openapiuat.airtel.ug/merchant/v1/payments/',
    headers: { accept: '*/*', 'content-type': 'application/json', 'x-country': 'UG', 'x-currency': 'UGX' },
    body: JSON.stringify(requestBodyOf('airtel-money/x02-collection')),
  });
});

const payout = (api: PayoutApi, settings: AirtelMoneySettings, request: Partial<SubmitRequest>) => {
  const { config, route } = over({ ...settings, disbursement: { api } }, 'disbursement');
  return buildPayout(config, api, requestOver(route, request), '<base64 rsa>');
};

test.each<[string, PayoutApi, AirtelMoneySettings, Partial<SubmitRequest>, string]>([
  [
    'x10-disbursement-v1',
    'v1',
    UGANDA,
    { reference: 'PAYOUT0001', accountReference: 'PAY0001' },
    '/standard/v1/disbursements/',
  ],
  [
    'x10-disbursement-v2',
    'v2',
    ZAMBIA,
    { reference: 'PAYOUT0002', accountReference: 'PAY0002', money: { currency: 'ZMW', amountMinor: 1000n } },
    '/standard/v2/disbursements/',
  ],
  [
    'x10-disbursement-v3',
    'v3',
    ZAMBIA,
    { reference: 'PAYOUT0003', accountReference: 'PAY0003', money: { currency: 'ZMW', amountMinor: 1000n } },
    '/standard/v3/disbursements',
  ],
  [
    'x20-cash-in',
    'cash-in-v1',
    UGANDA,
    { reference: 'CASHIN0001', accountReference: 'CASH0001', description: 'Loan' },
    '/standard/v1/cashin/',
  ],
])('builds the published %s', (name, api, settings, request, path) => {
  const built = payout(api, settings, request);
  expect(bodyOf(built)).toEqual(requestBodyOf(`airtel-money/${name}`));
  expect(new URL(built.url).pathname).toBe(path);
});

test('pays a salary wallet, or a business, where the configuration says so', () => {
  const { config, route } = over(
    { ...UGANDA, disbursement: { api: 'v3', type: 'B2B', walletType: 'SALARY' } },
    'disbursement',
  );
  expect(bodyOf(buildPayout(config, 'v3', requestOver(route), 'x'))).toMatchObject({
    payee: { wallet_type: 'SALARY' },
    transaction: { type: 'B2B' },
  });
});

const ORIGINAL = {
  reference: REFERENCE,
  references: { airtel_money_id: 'CI210104.1549.C00029' },
  money: { currency: 'UGX', amountMinor: 1000n },
} as const;

test('builds the published refund, and of the whole collection alone', () => {
  const { config, route } = over(UGANDA, 'refund');
  const refund = buildRefund(config, requestOver(route, { original: ORIGINAL }));
  expect(bodyOf(refund)).toEqual(requestBodyOf('airtel-money/x16-refund'));
  expect(new URL(refund.url).pathname).toBe('/standard/v1/payments/refund');
  const part = requestOver(route, { original: ORIGINAL, money: { currency: 'UGX', amountMinor: 999n } });
  expect(thrownBy(() => buildRefund(config, part))).toMatchObject({ code: 'INVALID_REQUEST', field: 'amount' });
  const nameless = requestOver(route, { original: { ...ORIGINAL, references: {} } });
  expect(thrownBy(() => buildRefund(config, nameless))).toMatchObject({ code: 'INVALID_REQUEST', field: 'original' });
});

test('asks about a payment by our id, in the words of each API', () => {
  const { config } = over(UGANDA, 'collection');
  const asked = (api: 'collection' | PayoutApi) => buildEnquiry(config, api, REFERENCE).url.split('airtel.ug')[1];
  expect(asked('collection')).toBe(`/standard/v1/payments/${REFERENCE}`);
  expect(asked('v1')).toBe(`/standard/v1/disbursements/${REFERENCE}`);
  expect(asked('v2')).toBe(`/standard/v2/disbursements/${REFERENCE}?transactionType=B2C`);
  expect(asked('v3')).toBe(`/standard/v3/disbursements/${REFERENCE}`);
  expect(asked('cash-in-v2')).toBe(`/standard/v1/cashin/${REFERENCE}`);
});

test('keeps the zero that belongs to a number in Congo, and sends no country code anywhere', () => {
  const { config, route } = over({ ...UGANDA, country: 'CG' }, 'collection');
  expect(bodyOf(buildCollection(config, requestOver(route, { msisdn: '242055123456' })))).toMatchObject({
    subscriber: { msisdn: '055123456', country: 'CG', currency: 'XAF' },
  });
});

test.each<[string, Partial<SubmitRequest>]>([
  ['phoneNumber', { msisdn: '254733123456' }],
  ['phoneNumber', { msisdn: '25675260439' }],
  ['currency', { money: { currency: 'KES', amountMinor: 1000n } }],
])('refuses a %s that this application does not take, before anything is sent', (field, change) => {
  const { config, route } = over(UGANDA, 'collection');
  const error = thrownBy(() => buildCollection(config, requestOver(route, change)));
  expect(error).toMatchObject({ code: 'INVALID_REQUEST', field, moneyMoved: 'no' });
  expect(JSON.stringify(error)).not.toContain('733123456');
});

test('writes amounts as exact numbers, or refuses them', () => {
  const { config, route } = over(ZAMBIA, 'disbursement');
  const amountOf = (amountMinor: bigint) => {
    const request = requestOver(route, { money: { currency: 'ZMW', amountMinor } });
    return (bodyOf(buildPayout(config, 'v2', request, 'x')) as { transaction: { amount: number } }).transaction.amount;
  };
  expect(amountOf(1050n)).toBe(10.5);
  expect(amountOf(1n)).toBe(0.01);
  expect(amountOf(999_999_999_999_999n)).toBe(9_999_999_999_999.99);
  expect(thrownBy(() => amountOf(9_999_999_999_999_999n))).toMatchObject({ field: 'amount' });
});

test.each([
  [{ accountReference: 'Facture n° 12/é' }, 'Facturen12e'],
  [{ accountReference: 'x'.repeat(40) }, 'x'.repeat(25)],
  [{ accountReference: 'A1', description: 'Rent' }, 'Payment'],
  [{ accountReference: '日本' }, 'Payment'],
])('writes a note that every version takes: %j', (texts, note) => {
  const { config, route } = over(UGANDA, 'collection');
  expect(bodyOf(buildCollection(config, requestOver(route, texts)))).toMatchObject({ reference: note });
});

test('signs what Airtel checks: version 2 of collections and cash-in, versions 2 and 3 of payouts', () => {
  expect(isSigned('collection', { collection: 'v1' })).toBe(false);
  expect(isSigned('collection', { collection: 'v2' })).toBe(true);
  expect(isSigned('refund', { collection: 'v2' })).toBe(true);
  expect(
    ['v1', 'v2', 'v3', 'cash-in-v1', 'cash-in-v2'].map((api) => isSigned(api as PayoutApi, { collection: 'v1' })),
  ).toEqual([false, true, true, false, true]);
});

test('tells routes apart that would not find one another’s payments, and knows what each refuses to do twice', () => {
  const routes = waysOf(parseAirtelMoneyConfig(KENYA)).map(({ route }) => route);
  expect(
    routes.map(({ id, operator, deduplicates, decimals }) => [id.slice(0, -9), operator, deduplicates, decimals]),
  ).toEqual([
    ['airtel-money:collection:ke:kes:collection', 'ke-63903', true, 2],
    ['airtel-money:refund:ke:kes:refund', 'ke-63903', false, 2],
    ['airtel-money:disbursement:ke:kes:v2', 'ke-63903', true, 2],
    ['airtel-money:remittance:ke:kes:remittance', 'ke-63903', false, 2],
  ]);
  const another = waysOf(parseAirtelMoneyConfig({ ...KENYA, clientId: 'bbbb' }));
  expect(another[0]?.route.id).not.toBe(routes[0]?.id);
  expect(phoneOf({ country: 'KE' })).toMatch(/^254/);
});

test('takes bounds and decimals from the directory, and whole ariary', () => {
  expect(over(UGANDA, 'collection').route).toMatchObject({ decimals: 0, minMinor: 500n, maxMinor: 5_000_000n });
  expect(over({ ...UGANDA, country: 'MG' }, 'collection').route.decimals).toBe(0);
  expect(over(UGANDA, 'refund').route).not.toHaveProperty('minMinor');
});

test('lets no "not found" of a payout prove that nobody was paid', () => {
  expect(over(UGANDA, 'disbursement').route.timing.notFoundIsProofAfterMs).toBeNull();
  expect(over(UGANDA, 'collection').route.timing.notFoundIsProofAfterMs).toBe(1_800_000);
});
