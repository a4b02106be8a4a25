import type { SubmitRequest } from '@canza/core';
import { expect, test } from 'vitest';

import { requestBodyOf } from '../../../test/fixtures.ts';
import {
  COLLECTION_KEY,
  PAYER,
  REFERENCE_UUID,
  requestOver,
  SANDBOX,
  thrownBy,
  UGANDA,
} from '../../../test/mtn-momo.ts';
import { type MtnMomoSettings, parseMtnMomoConfig } from '../config.ts';
import { buildPayment, buildPaymentStatus, orderOf } from './requests.ts';
import { type Way, waysOf } from './ways.ts';

function wayIn(settings: MtnMomoSettings, type: Way['route']['type']) {
  const config = parseMtnMomoConfig(settings);
  const way = waysOf(config).find(({ route }) => route.type === type && route.country === 'UG');
  if (way === undefined) throw new Error(`No ${type} way.`);
  return { config, way };
}

function built(settings: MtnMomoSettings, type: Way['route']['type'], overrides: Partial<SubmitRequest> = {}) {
  const { config, way } = wayIn(settings, type);
  const request = buildPayment(config, way, orderOf(way, requestOver(way.route, overrides)));
  return { ...request, body: JSON.parse(request.body ?? '{}') as Record<string, unknown> };
}

test('builds a request to pay, whole', () => {
  expect(built(SANDBOX, 'collection', { accountReference: 'Order 1001', description: 'Web shop' })).toEqual({
    method: 'POST',
    url: 'https://sandbox.momodeveloper.mtn.com/collection/v1_0/requesttopay',
    headers: {
      'ocp-apim-subscription-key': COLLECTION_KEY,
      'x-target-environment': 'sandbox',
      'x-reference-id': REFERENCE_UUID,
      'x-callback-url': 'https://sdk.example.org/callbacks/0123456789abcdef0123456789abcdef',
      'content-type': 'application/json',
      accept: 'application/json',
    },
    body: {
      amount: '12.50',
      currency: 'EUR',
      externalId: REFERENCE_UUID,
      payer: { partyIdType: 'MSISDN', partyId: PAYER },
      payerMessage: 'Order 1001 Web shop',
      payeeNote: 'Order 1001',
    },
  });
});

test.each<[string, Way['route']['type'], Partial<SubmitRequest>]>([
  ['x06-request-to-pay', 'collection', { accountReference: 'Web shop', description: 'Order 1001' }],
  ['x20-transfer', 'disbursement', { money: { currency: 'EUR', amountMinor: 2500n } }],
  [
    'x21-refund',
    'refund',
    {
      original: {
        reference: '7b7f6f3a9d0a1b6acf0e0f8f5d3c1a11',
        references: {},
        money: { currency: 'EUR', amountMinor: 1250n },
      },
    },
  ],
])('spells its fields as the published %s does', (fixture, type, overrides) => {
  const published = requestBodyOf(`mtn-momo/${fixture}`);
  const { body } = built(SANDBOX, type, { accountReference: 'A', ...overrides });
  expect(Object.keys(body).sort()).toEqual(Object.keys(published).sort());
  for (const same of ['currency', 'payer', 'payee', 'referenceIdToRefund']) expect(body[same]).toEqual(published[same]);
  expect(Number(body['amount'])).toBe(Number(published['amount']));
});

test.each<[MtnMomoSettings, Way['route']['type'], string]>([
  [SANDBOX, 'collection', '/collection/v1_0/requesttopay'],
  [
    { ...SANDBOX, ...(SANDBOX.collection && { collection: { ...SANDBOX.collection, by: 'requesttowithdraw' } }) },
    'collection',
    '/collection/v2_0/requesttowithdraw',
  ],
  [SANDBOX, 'disbursement', '/disbursement/v1_0/transfer'],
  [
    { ...SANDBOX, ...(SANDBOX.disbursement && { disbursement: { ...SANDBOX.disbursement, by: 'deposit' } }) },
    'disbursement',
    '/disbursement/v2_0/deposit',
  ],
  [SANDBOX, 'remittance', '/remittance/v1_0/transfer'],
])('makes a payment of each kind at its own path, and asks about it with v1 (%#)', (settings, type, path) => {
  expect(new URL(built(settings, type).url).pathname).toBe(path);
  const { config, way } = wayIn(settings, type);
  const question = buildPaymentStatus(config, way, REFERENCE_UUID);
  expect(question).toMatchObject({ method: 'GET' });
  expect(new URL(question.url).pathname).toBe(`${path.replace('v2_0', 'v1_0')}/${REFERENCE_UUID}`);
  expect(question.headers).not.toHaveProperty('x-reference-id');
  expect(question.headers).not.toHaveProperty('content-type');
});

test('sends whole amounts where the currency has no decimals', () => {
  expect(built(UGANDA, 'collection').body).toMatchObject({ amount: '1250', currency: 'UGX' });
});

test('asks for no callback where the API user’s host is not configured', () => {
  const { callbackHost: _none, ...without } = SANDBOX;
  expect(built(without, 'collection').headers).not.toHaveProperty('x-callback-url');
});

test.each<[string, MtnMomoSettings, string]>([
  ['another host', SANDBOX, 'https://other.example.org/callbacks/1'],
  ['no TLS, live', UGANDA, 'http://sdk.example.org/callbacks/1'],
  ['a port, live', UGANDA, 'https://sdk.example.org:8443/callbacks/1'],
  ['no address', UGANDA, '/callbacks/1'],
])('refuses a callback address with %s before anything is sent', (_what, settings, callbackUrl) => {
  expect(thrownBy(() => built(settings, 'collection', { callbackUrl }))).toMatchObject({
    code: 'INVALID_REQUEST',
    field: 'callbackUrl',
  });
});

test.each<[string, Way['route']['type'], Partial<SubmitRequest>, string]>([
  ['another currency', 'collection', { money: { currency: 'EUR', amountMinor: 100n } }, 'currency'],
  ['a number of another country', 'collection', { msisdn: '254722111111' }, 'phoneNumber'],
  ['a number with a plus', 'collection', { msisdn: '+256772123456' }, 'phoneNumber'],
  ['a refund of nothing', 'refund', {}, 'original'],
])('refuses %s by name', (_what, type, overrides, field) => {
  expect(thrownBy(() => built(UGANDA, type, overrides))).toMatchObject({ code: 'INVALID_REQUEST', field });
});

test('takes out of notes what MTN refuses a payment for', () => {
  const { body } = built(SANDBOX, 'collection', {
    accountReference: 'INV/7',
    description: `Amá’s  "café" № 5 ${'x'.repeat(200)}`,
  });
  expect(body['payeeNote']).toBe('INV 7');
  expect(body['payerMessage']).toMatch(/^INV 7 Ama s cafe No 5 x+$/);
  expect(String(body['payerMessage'])).toHaveLength(160);
  expect(built(SANDBOX, 'collection', { description: '—' }).body).not.toHaveProperty('payerMessage');
});
