import type { HttpResponse } from '@canza/core';
import { expect, test } from 'vitest';

import { fixture, fixtureAbout, REFERENCE, thrownBy } from '../../../test/airtel-money.ts';
import { parseEnquiry, parsePayment, parseRefund, type Side } from './responses.ts';

const json = (status: number, body: unknown): HttpResponse => ({ status, headers: {}, body: JSON.stringify(body) });
const text = (status: number, body: string): HttpResponse => ({ status, headers: {}, body });

const sent = (response: HttpResponse, side: Side = 'they-pay') =>
  parsePayment(response, { side, reference: REFERENCE }, 'airtel-money');
const asked = (
  response: HttpResponse,
  { side = 'they-pay', wasAccepted = false }: { side?: Side; wasAccepted?: boolean } = {},
) => parseEnquiry(response, { side, reference: REFERENCE, wasAccepted }, 'airtel-money');

/** An envelope of those codes, with a transaction where a status is given. */
const envelope = (codes: object, status?: string, http = 200): HttpResponse =>
  json(http, {
    ...(status === undefined ? {} : { data: { transaction: { id: REFERENCE, status } } }),
    status: { code: '200', success: false, message: 'x', ...codes },
  });

test('a prompt that was sent is pending, whatever its reply calls success', () => {
  expect(sent(fixtureAbout('x02-collection', 'ORDER0001'))).toEqual({
    status: 'pending',
    code: 'SUCCESS',
    references: { 'transaction.id': REFERENCE },
  });
});

test('takes the sample whose id is the boolean false', () => {
  const odd = fixture('x02-collection').body.replace('"id":"ORDER0001"', '"id":false');
  expect(sent(text(200, odd))).toMatchObject({ status: 'pending' });
});

test('a payout that settles in its answer has succeeded, by the network’s own id, and no name is kept', () => {
  const finding = sent(fixtureAbout('x10-disbursement-v2', 'PAYOUT0002'), 'we-pay');
  expect(finding).toEqual({ status: 'succeeded', code: 'TS', receipt: 'CI250506.1824.H00006' });
});

test.each<[string, HttpResponse, Side]>([
  ['of a collection, with a code that reads ambiguous', fixture('x08-collection-duplicate'), 'they-pay'],
  ['of a payout', fixture('x11-disbursement-duplicate'), 'we-pay'],
  ['of a payout, in newer lists', envelope({ response_code: 'DP00900001017' }), 'we-pay'],
  ['of a payout, beside a failure', envelope({ response_code: 'DP00900001011' }, 'TF'), 'we-pay'],
  ['of a cash-in', envelope({ response_code: 'DP01000001016' }), 'we-pay'],
])('knows that an earlier send got through by the duplicate %s', (_what, response, side) => {
  expect(thrownBy(() => sent(response, side))).toMatchObject({ code: 'DUPLICATE_REFERENCE', moneyMoved: 'maybe' });
});

test.each<[string, HttpResponse, string, Side]>([
  ['a number without a wallet', fixture('x09-unknown-number'), 'payer-not-found', 'they-pay'],
  ['a number of the wrong length', fixture('x12-disbursement-bad-number'), 'request-refused', 'we-pay'],
  ['a missing country', fixture('x23-country-missing'), 'route-misconfigured', 'they-pay'],
  ['an empty wallet of ours', envelope({ response_code: 'DP00900001007' }), 'float-exhausted', 'we-pay'],
  [
    'a PIN that was encrypted badly',
    json(400, { status_code: 'ROUTER116', status_message: 'x' }),
    'route-misconfigured',
    'we-pay',
  ],
  ['a signature', envelope({ response_code: 'DP00800001026' }), 'route-misconfigured', 'they-pay'],
  [
    'a missing header',
    envelope({ result_code: 'ESB000008', message: 'Missing request header x' }),
    'request-refused',
    'they-pay',
  ],
  [
    'an amount with cents',
    envelope({ result_code: 'ESB000008', message: 'Amount must not have more than 2 decimal places' }),
    'request-refused',
    'we-pay',
  ],
  [
    'an address that is not listed',
    text(403, 'IP address not allowed: 203.0.113.7'),
    'route-not-permitted',
    'they-pay',
  ],
  ['a product that is not enabled', text(403, 'You cannot consume this service'), 'route-not-permitted', 'they-pay'],
  ['a wrong path', json(404, { message: 'no Route matched with those values' }), 'route-misconfigured', 'they-pay'],
  ['a wrong verb', text(405, ''), 'route-misconfigured', 'they-pay'],
])('knows that nothing moved when Airtel refuses %s, also as HTTP 200', (_what, response, reason, side) => {
  expect(thrownBy(() => sent(response, side))).toMatchObject({ code: 'REJECTED', moneyMoved: 'no', reason });
});

test.each<[string, HttpResponse]>([
  ['an ambiguous payout', fixture('x13-disbursement-ambiguous')],
  ['a gateway that timed out', fixture('x14-gateway-timeout')],
  ['a router that timed out', json(400, { status_code: 'ROUTER117', status_message: 'x' })],
  ['a firewall’s page', fixture('x24-firewall')],
  ['200 with HTML', text(200, '<html></html>')],
  ['200 with nothing', text(200, '')],
  ['200 with cut JSON', text(200, '{"data":{"transaction":{"status":"TS"')],
  ['200 with a code that nobody knows', envelope({ response_code: 'DP00800009999' })],
  ['200 without a code', envelope({})],
  ['400 with a code that nobody knows', envelope({ response_code: 'DP00800009999' }, undefined, 400)],
  ['500 with a refusal in it', envelope({ response_code: 'DP00900001007' }, undefined, 500)],
  ['500 with a failure in it', envelope({ response_code: 'DP00900001007' }, 'TF', 500)],
  ['503', text(503, '')],
  ['408 with a refusal in it', envelope({ response_code: 'DP00900001007' }, undefined, 408)],
  ['408 with a failure in it', envelope({ response_code: 'DP00900001007' }, 'TF', 408)],
  ['415, which no table lists', text(415, '')],
  ['400 with an error in somebody else’s shape', json(400, { status: 400, error: 'Bad Request', path: '/' })],
  ['404 with an error in somebody else’s shape', json(404, { error: 'Not Found' })],
  ['200 with an error that is not about the token', json(200, { error: 'Upstream closed the connection' })],
  ['a refusal in an old spelling that one source has', envelope({ response_code: 'DP008001013' })],
  ['a barred party, by a code that one source has', envelope({ response_code: 'DP00900001019' })],
  ['a currency, by a code that newer lists alone have', json(400, { status_code: 'ROUTER119', status_message: 'x' })],
  ['a page that quotes a refusal', text(403, `<html>${' '.repeat(400)}IP address not allowed</html>`)],
  ['a code that one country reads as "in progress"', envelope({ response_code: 'DP00800001003' })],
  ['a code that one country reads as "timed out"', envelope({ response_code: 'DP00800001009' })],
  ['validation that is called ambiguous', envelope({ result_code: 'ESB000008', message: 'Ambiguous' })],
  ['validation that names no field', envelope({ result_code: 'ESB000008', message: 'Invalid transaction' })],
  [
    'validation that names a field and wants an enquiry all the same',
    envelope({ result_code: 'ESB000008', message: 'Missing response header, please enquire' }),
  ],
  ['a refusal beside an ambiguous code', envelope({ response_code: 'DP00900001005', result_code: 'ESB000001' })],
  ['"not found" in answer to a send', envelope({ response_code: 'DP00900001015' })],
])('does not know whether it was made after %s', (_what, response) => {
  expect(thrownBy(() => sent(response, 'we-pay'))).toMatchObject({ code: 'UNEXPECTED_RESPONSE', moneyMoved: 'maybe' });
});

test('looks up a send that is in process, and one that only a code calls done', () => {
  expect(sent(envelope({ response_code: 'DP00900001006' }), 'we-pay')).toMatchObject({ status: 'pending' });
  expect(sent(envelope({ response_code: 'DP00900001001' }), 'we-pay')).toMatchObject({ status: 'pending' });
});

test('knows the door from the wallet: a token, a limit', () => {
  expect(thrownBy(() => sent(fixture('x15-token-expired')))).toMatchObject({
    code: 'AUTHENTICATION',
    moneyMoved: 'no',
  });
  for (const error of ['invalid_token', 'invalid_request', 'invalid_client']) {
    expect(thrownBy(() => sent(json(400, { error, error_description: 'x' })))).toMatchObject({
      code: 'AUTHENTICATION',
      moneyMoved: 'no',
    });
  }
  const limited = { ...text(429, ''), headers: { 'retry-after': '7' } };
  expect(thrownBy(() => sent(limited))).toMatchObject({ code: 'RATE_LIMITED', moneyMoved: 'no', retryAfterMs: 7000 });
});

test('finds a payment paid in spite of success: false and "in process" beside it', () => {
  expect(asked(fixtureAbout('x03-enquiry-paid-odd-envelope', 'ORDER0001'))).toEqual({
    status: 'succeeded',
    code: 'TS',
    receipt: 'MP210603.1234.L06941',
    references: { airtel_money_id: 'MP210603.1234.L06941' },
  });
});

test.each<[string, string, object]>([
  ['x04-enquiry-in-progress', 'ORDER0002', { status: 'pending', code: 'TIP' }],
  ['x05-enquiry-failed', 'ORDER0003', { status: 'failed', reason: 'insufficient-funds', code: 'TF' }],
  ['x06-enquiry-initiated', 'ORDER0004', { status: 'pending', code: 'TI' }],
  ['x07-enquiry-ambiguous', 'ORDER0005', { status: 'unknown', code: 'TA' }],
])('reads the published %s', (name, id, finding) => {
  expect(asked(fixtureAbout(name, id))).toMatchObject(finding);
});

test.each<[string, HttpResponse, object, Side]>([
  ['expired', envelope({}, 'TE'), { status: 'failed', reason: 'not-answered' }, 'they-pay'],
  [
    'expired, with the code for a PIN that was not entered',
    envelope({ response_code: 'DP00800001005' }, 'TE'),
    { reason: 'not-answered' },
    'they-pay',
  ],
  ['a wrong PIN', envelope({ response_code: 'DP00800001002' }, 'TF'), { reason: 'wrong-pin' }, 'they-pay'],
  [
    'a limit, which a status makes certain',
    envelope({ response_code: 'DP00800001003' }, 'TF'),
    { reason: 'payer-limit-exceeded' },
    'they-pay',
  ],
  [
    'a failure of no listed code',
    envelope({ response_code: 'X1' }, 'TF'),
    { status: 'failed', reason: 'request-refused' },
    'they-pay',
  ],
  ['a payout that expired', envelope({}, 'TE'), { status: 'failed', reason: 'operator-refused' }, 'we-pay'],
  ['a failure called ambiguous', envelope({ response_code: 'DP00800001000' }, 'TF'), { status: 'unknown' }, 'they-pay'],
  ['a failure of a duplicate', envelope({ response_code: 'DP00900001017' }, 'TF'), { status: 'unknown' }, 'we-pay'],
  ['money that went back', envelope({}, 'TR'), { status: 'unknown' }, 'they-pay'],
  ['a word that nobody knows', envelope({}, 'TX'), { status: 'unknown', code: 'TX' }, 'they-pay'],
  ['a word in lower case', envelope({}, 'ts'), { status: 'unknown' }, 'they-pay'],
])('reads an enquiry: %s', (_what, response, finding, side) => {
  expect(asked(response, { side })).toMatchObject(finding);
});

test.each(['DP00800001025', 'DP00900001015'])(
  'an id that is not known (%s) is not found, unless Airtel had accepted it',
  (code) => {
    expect(asked(envelope({ response_code: code }))).toMatchObject({ status: 'not-found', code });
    expect(asked(envelope({ response_code: code }), { wasAccepted: true })).toMatchObject({ status: 'unknown' });
  },
);

test('finds "not found" behind a code that reads ambiguous', () => {
  const response = envelope({ response_code: 'DP00800001000', result_code: 'ESB000045' });
  expect(asked(response)).toMatchObject({ status: 'not-found' });
});

test.each<[string, HttpResponse]>([
  ['a code without a status', envelope({ response_code: 'DP00800001008' })],
  ['a duplicate', fixture('x08-collection-duplicate')],
  ['no route', json(404, { message: 'no Route matched with those values' })],
  ['a 404 with "not found" as HTTP 503', envelope({ response_code: 'DP00800001025' }, undefined, 503)],
  ['a gateway that timed out', fixture('x14-gateway-timeout')],
  ['a firewall’s page', fixture('x24-firewall')],
  ['500 with a failure in it', envelope({}, 'TF', 500)],
  ['a missing country', fixture('x23-country-missing')],
  ['200 with nothing', text(200, '')],
])('learns nothing about a payment from %s', (_what, response) => {
  expect(thrownBy(() => asked(response))).toMatchObject({ code: 'UNEXPECTED_RESPONSE', moneyMoved: 'maybe' });
});

test('claims nothing of an answer about another id', () => {
  expect(asked(fixture('x03-enquiry-paid-odd-envelope'))).toMatchObject({ status: 'unknown' });
  expect(sent(fixture('x10-disbursement-v2'), 'we-pay')).toMatchObject({ status: 'unknown' });
});

test('believes a refund by its reply alone, and not where that says success: false', () => {
  expect(parseRefund(fixture('x16-refund'), 'airtel-money')).toEqual({ status: 'succeeded', code: 'SUCCESS' });
  const odd = fixture('x16-refund').body.replace('"success":true', '"success":false');
  expect(parseRefund(text(200, odd), 'airtel-money')).toMatchObject({ status: 'unknown' });
  for (const response of [
    text(200, ''),
    envelope({ response_code: 'DP00800001025' }),
    envelope({ response_code: 'DP00800001007' }),
    envelope({ response_code: 'DP00800001004' }),
    envelope({ result_code: 'ESB000008', message: 'Invalid length of the field' }),
  ]) {
    expect(thrownBy(() => parseRefund(response, 'airtel-money'))).toMatchObject({ moneyMoved: 'maybe' });
  }
  expect(thrownBy(() => parseRefund(fixture('x23-country-missing'), 'airtel-money'))).toMatchObject({
    moneyMoved: 'no',
  });
});

test('keeps no balance and no name of a strange reply', () => {
  const strange = text(500, fixture('x10-disbursement-v2').body.replace('DP00900001001', 'DP00900009999'));
  const shown = JSON.stringify(thrownBy(() => sent(strange, 'we-pay')));
  expect(shown).not.toContain('TEST USER');
  expect(shown).not.toContain('19999');
});
