import type { HttpResponse } from '@canza/core';
import { expect, test } from 'vitest';

import { replyOf } from '../../../test/fixtures.ts';
import { REFERENCE_UUID, thrownBy } from '../../../test/mtn-momo.ts';
import type { Side } from '../status.ts';
import { parseAccepted, parsePaymentStatus } from './responses.ts';

const json = (status: number, body: unknown): HttpResponse => ({ status, headers: {}, body: JSON.stringify(body) });
const text = (status: number, body: string): HttpResponse => ({ status, headers: {}, body });
const fixture = (name: string) => replyOf(`mtn-momo/${name}`);

const accepted = (response: HttpResponse) => parseAccepted(response, REFERENCE_UUID, 'mtn-momo');
const asked = (
  response: HttpResponse,
  { side = 'they-pay', wasAccepted = false }: { side?: Side; wasAccepted?: boolean } = {},
) => parsePaymentStatus(response, { side, reference: REFERENCE_UUID, wasAccepted }, 'mtn-momo');

test.each(['x06-request-to-pay', 'x20-transfer', 'x21-refund'])('an accepted %s is pending, never paid', (name) => {
  expect(accepted(fixture(name))).toEqual({
    status: 'pending',
    code: 'HTTP 202',
    references: { 'X-Reference-Id': REFERENCE_UUID },
  });
});

test('does not take a 202 with a page in it for an acceptance', () => {
  expect(accepted(text(202, '<html></html>'))).toMatchObject({ status: 'unknown' });
});

test.each<[string, HttpResponse]>([
  ['200 with HTML', text(200, '<html></html>')],
  ['200 with nothing', text(200, '')],
  ['200 with cut JSON', text(200, '{"status":"SUCC')],
  ['200 with a status', json(200, { status: 'SUCCESSFUL' })],
  ['200 with a refusal in it', json(200, { code: 'NOT_ALLOWED' })],
  ['201', text(201, '')],
  ['500 without a body', text(500, '')],
  ['500 INTERNAL_PROCESSING_ERROR', json(500, { code: 'INTERNAL_PROCESSING_ERROR', message: 'x' })],
  ['400 INTERNAL_PROCESSING_ERROR', json(400, { code: 'INTERNAL_PROCESSING_ERROR' })],
  ['500 with a code that nobody knows', json(500, { code: 'SOMETHING_NEW', message: 'x' })],
  ['503 SERVICE_UNAVAILABLE', json(503, { code: 'SERVICE_UNAVAILABLE' })],
  ['503 of the gateway', json(503, { statusCode: 503, message: 'Service unavailable' })],
  ['502 with HTML', text(502, '<html></html>')],
  ['403 with a firewall’s page', text(403, '<html></html>')],
  ['404 with a page', text(404, '<html></html>')],
  ['404 RESOURCE_NOT_FOUND', fixture('x14-unknown-reference')],
])('does not know whether it was made after %s', (_what, response) => {
  expect(thrownBy(() => accepted(response))).toMatchObject({ code: 'UNEXPECTED_RESPONSE', moneyMoved: 'maybe' });
});

test.each<[string, HttpResponse, string]>([
  ['a wrong currency', fixture('x15-wrong-currency'), 'route-misconfigured'],
  ['a wrong callback host', fixture('x16-wrong-callback-host'), 'route-misconfigured'],
  ['a wrong environment', fixture('x17-wrong-environment'), 'route-misconfigured'],
  ['a product that is not enabled', fixture('x19-forbidden'), 'route-not-permitted'],
  [
    'an address that is not on the list',
    json(403, { code: 'FORBIDDEN', message: 'FORBIDDEN IP 203.0.113.7' }),
    'route-not-permitted',
  ],
  ['a partner without the right', json(500, { code: 'NOT_ALLOWED' }), 'route-not-permitted'],
  ['a payer without a wallet', json(500, { code: 'PAYER_NOT_FOUND' }), 'payer-not-found'],
  ['a payee without a wallet', json(500, { code: 'PAYEE_NOT_FOUND' }), 'recipient-not-found'],
  ['a bad request, without JSON', text(400, ''), 'request-refused'],
  ['a wrong path', json(404, { statusCode: 404, message: 'Resource not found' }), 'route-misconfigured'],
])('knows that nothing moved when MTN refuses %s', (_what, response, reason) => {
  expect(thrownBy(() => accepted(response))).toMatchObject({ code: 'REJECTED', moneyMoved: 'no', reason });
});

test('knows that an earlier send got through when its reference is taken', () => {
  expect(thrownBy(() => accepted(fixture('x13-duplicate-reference')))).toMatchObject({
    code: 'DUPLICATE_REFERENCE',
    moneyMoved: 'maybe',
    providerCode: 'RESOURCE_ALREADY_EXIST',
  });
});

test('knows that nothing moved when it is turned away at the door', () => {
  expect(thrownBy(() => accepted(fixture('x18-subscription-key-refused')))).toMatchObject({
    code: 'AUTHENTICATION',
    moneyMoved: 'no',
  });
  const limited = json(429, { statusCode: 429, message: 'Rate limit is exceeded.' });
  expect(thrownBy(() => accepted(limited))).toMatchObject({
    code: 'RATE_LIMITED',
    moneyMoved: 'no',
    retryAfterMs: 1000,
  });
  expect(thrownBy(() => accepted({ ...limited, headers: { 'retry-after': '7' } }))).toMatchObject({
    retryAfterMs: 7000,
  });
});

test('finds a payment paid, with its receipt and its amount by value', () => {
  expect(asked(fixture('x07-request-to-pay-paid'))).toEqual({
    status: 'succeeded',
    code: 'SUCCESSFUL',
    receipt: '1289371623',
    money: { currency: 'EUR', amountMinor: 1250n },
  });
});

test('reads amounts and ids that come as numbers', () => {
  expect(asked(fixture('x11-transfer-paid-numbers'), { side: 'we-pay' })).toEqual({
    status: 'succeeded',
    code: 'SUCCESSFUL',
    receipt: '363440463',
    money: { currency: 'UGX', amountMinor: 100n },
  });
});

test.each<[string, Side, object]>([
  ['x08-request-to-pay-pending', 'they-pay', { status: 'pending', code: 'PENDING' }],
  [
    'x09-request-to-pay-rejected',
    'they-pay',
    { status: 'failed', reason: 'cancelled-by-payer', code: 'APPROVAL_REJECTED' },
  ],
  [
    'x10-request-to-pay-failed-reason-as-text',
    'they-pay',
    { status: 'failed', reason: 'insufficient-funds', code: 'LOW_BALANCE_OR_PAYEE_LIMIT_REACHED_OR_NOT_ALLOWED' },
  ],
  ['x12-transfer-limit', 'we-pay', { status: 'failed', reason: 'route-unavailable', code: 'PAYER_LIMIT_REACHED' }],
  ['x24-invoice-created', 'they-pay', { status: 'pending', code: 'CREATED' }],
  ['x27-bill-payment-pending', 'they-pay', { status: 'pending', code: 'PENDING' }],
])('reads the published %s', (name, side, finding) => {
  expect(asked(fixture(name), { side })).toMatchObject(finding);
});

test('leaves a payment open whose status word is not listed', () => {
  expect(asked(json(200, { status: 'ONGOING' }))).toMatchObject({ status: 'unknown', code: 'ONGOING' });
  expect(asked(json(200, { status: 'successful' }))).toMatchObject({ status: 'unknown' });
});

test('a reference that is not known is not found, unless MTN had accepted it', () => {
  expect(asked(fixture('x14-unknown-reference'))).toMatchObject({ status: 'not-found', code: 'RESOURCE_NOT_FOUND' });
  expect(asked(fixture('x14-unknown-reference'), { wasAccepted: true })).toMatchObject({ status: 'unknown' });
});

test.each<[string, HttpResponse]>([
  ['the gateway’s 404', json(404, { statusCode: 404, message: 'Resource not found' })],
  ['a 404 with a page', text(404, '<html></html>')],
  ['a 404 without a body', text(404, '')],
  ['500 with a code that would end a payment', json(500, { code: 'PAYER_NOT_FOUND' })],
  ['403', fixture('x19-forbidden')],
  ['400', text(400, '')],
  ['409', fixture('x13-duplicate-reference')],
  ['503', text(503, '')],
  ['200 with HTML', text(200, '<html></html>')],
  ['200 with nothing', text(200, '')],
  ['200 with an error', json(200, { code: 'RESOURCE_NOT_FOUND', message: 'x' })],
])('learns nothing about a payment from %s', (_what, response) => {
  expect(thrownBy(() => asked(response))).toMatchObject({ code: 'UNEXPECTED_RESPONSE', moneyMoved: 'maybe' });
});

test('claims nothing of an amount that it cannot read exactly, or of another reference', () => {
  const paid = { status: 'SUCCESSFUL', financialTransactionId: '1', currency: 'UGX' };
  expect(asked(json(200, { ...paid, amount: '12.5' }))).toMatchObject({ status: 'unknown' });
  expect(asked(json(200, { ...paid, amount: '100', currency: 'WON' }))).toMatchObject({ status: 'unknown' });
  const other = { ...paid, amount: '100', externalId: '00000000-0000-4000-8000-000000000000' };
  expect(asked(json(200, other))).toMatchObject({ status: 'unknown' });
  expect(asked(json(200, { ...other, externalId: 'ORD-7' }))).toMatchObject({ status: 'succeeded' });
});

test('shows no number in what it keeps of a strange reply', () => {
  const error = thrownBy(() => accepted(text(500, 'no such wallet 256772123456')));
  expect(JSON.stringify(error)).not.toContain('256772123456');
});
