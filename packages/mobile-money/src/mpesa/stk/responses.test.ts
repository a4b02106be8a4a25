import type { HttpResponse } from '@canza/core';
import { expect, test } from 'vitest';

import { replyOf } from '../../../test/fixtures.ts';
import { jsonReply, textReply, thrownBy } from '../../../test/replies.ts';
import { parseStkPush, parseStkQuery } from './responses.ts';

const pushed = (response: HttpResponse) => parseStkPush(response, 'mpesa');
const CHECKOUT = 'ws_CO_13012021093521236557';
const asked = (response: HttpResponse, ageMs = 30_000) =>
  parseStkQuery(response, { checkoutRequestId: CHECKOUT, ageMs }, 'mpesa');

test('a queued push is pending, never paid, and keeps both ids', () => {
  expect(pushed(replyOf('mpesa/x10-stk-push-accepted'))).toEqual({
    status: 'pending',
    code: '0',
    detail: 'Success. Request accepted for processing',
    references: {
      CheckoutRequestID: 'ws_CO_1007202409152617172396192',
      MerchantRequestID: '2654-4b64-97ff-b827b542881d3130',
    },
  });
});

test.each<[string, HttpResponse, string]>([
  ['another ResponseCode', jsonReply(200, { CheckoutRequestID: 'ws_CO_1', ResponseCode: '1' }), '1'],
  ['no ResponseCode', jsonReply(200, { CheckoutRequestID: 'ws_CO_1' }), 'HTTP 200'],
  ['an acknowledgement as HTTP 500', jsonReply(500, { CheckoutRequestID: 'ws_CO_1', ResponseCode: '0' }), '0'],
  [
    'an acknowledgement with an error',
    jsonReply(200, { CheckoutRequestID: 'ws_CO_1', ResponseCode: '0', errorCode: '1' }),
    '0',
  ],
])('keeps the id of a push that was answered with %s, and looks it up', (_what, response, code) => {
  expect(pushed(response)).toMatchObject({ status: 'unknown', code, references: { CheckoutRequestID: 'ws_CO_1' } });
});

test.each<[string, HttpResponse]>([
  ['200 with HTML', textReply(200, '<html></html>')],
  ['200 with nothing', textReply(200, '')],
  ['200 with cut JSON', textReply(200, '{"MerchantRequestID":"1","CheckoutReq')],
  ['200 with ResponseCode 1 and no id', jsonReply(200, { ResponseCode: '1', ResponseDescription: 'no' })],
  ['200 with ResponseCode 0 and no id', jsonReply(200, { ResponseCode: '0' })],
  ['the firewall’s page', replyOf('mpesa/x08-firewall')],
  ['503 with HTML', textReply(503, '<html></html>')],
  ['500 Internal Server Error', jsonReply(500, { errorCode: '500.001.1001', errorMessage: 'Internal Server Error' })],
  ['500 System is busy', jsonReply(500, { errorCode: '500.003.02', errorMessage: 'System is busy.' })],
  ['500 with text', textReply(500, 'Service is currently unreachable')],
  ['an unlisted code', jsonReply(400, { errorCode: '400.777.01', errorMessage: 'Something new' })],
  ['429 with HTML', textReply(429, '<html></html>')],
  [
    'another fault of the gateway',
    jsonReply(504, { fault: { faultstring: 'x', detail: { errorcode: 'messaging.Timeout' } } }),
  ],
])('does not know whether the prompt was sent after %s', (_what, response) => {
  expect(thrownBy(() => pushed(response))).toMatchObject({ code: 'UNEXPECTED_RESPONSE', moneyMoved: 'maybe' });
});

test.each<[string, HttpResponse, string]>([
  ['a wrong shortcode', replyOf('mpesa/x02-invalid-field'), 'route-misconfigured'],
  [
    'an amount',
    jsonReply(400, { errorCode: '400.002.02', errorMessage: 'Bad Request - Invalid Amount' }),
    'amount-not-allowed',
  ],
  [
    'a number',
    jsonReply(400, { errorCode: '400.002.02', errorMessage: 'Bad Request - Invalid PhoneNumber' }),
    'request-refused',
  ],
  ['a locked subscriber', replyOf('mpesa/x04-subscriber-locked'), 'payer-busy'],
  [
    'a wrong passkey',
    jsonReply(500, { errorCode: '500.001.1001', errorMessage: 'Wrong credentials' }),
    'route-misconfigured',
  ],
  [
    'a path that is none',
    jsonReply(404, { errorCode: '404.001.01', errorMessage: 'Resource not found' }),
    'route-misconfigured',
  ],
])('knows that nothing moved when Daraja refuses %s', (_what, response, reason) => {
  expect(thrownBy(() => pushed(response))).toMatchObject({ code: 'REJECTED', moneyMoved: 'no', reason });
});

test('knows that nothing moved when the gateway holds the call up, and for how long', () => {
  const spike = replyOf('mpesa/x07-spike-arrest');
  expect(thrownBy(() => pushed(spike))).toMatchObject({ code: 'RATE_LIMITED', moneyMoved: 'no', retryAfterMs: 12_000 });
  const told = { ...spike, headers: { 'retry-after': '3' } };
  expect(thrownBy(() => pushed(told))).toMatchObject({ retryAfterMs: 3000 });
});

test.each<[string, HttpResponse]>([
  ['404.001.03', replyOf('mpesa/x03-token-refused')],
  ['a 401 with a code that is not listed', jsonReply(401, { errorCode: '401.001', errorMessage: 'Bad Request' })],
  ['a 401 without a body', textReply(401, '')],
  [
    'a 401 with a code of its own',
    jsonReply(401, { errorCode: '401.002.01', errorMessage: 'Error Occurred - Invalid Access Token - x' }),
  ],
])('knows that nothing moved when the token is refused with %s', (_what, response) => {
  expect(thrownBy(() => pushed(response))).toMatchObject({ code: 'AUTHENTICATION', moneyMoved: 'no' });
});

test.each([
  ['Wrong credentials', 'passkey'],
  ['Merchant does not exist', 'not live'],
])('advises on "%s", whose words do not say what is wrong', (errorMessage, advice) => {
  const error = thrownBy(() => pushed(jsonReply(500, { errorCode: '500.001.1001', errorMessage })));
  expect(error.message).toContain(advice);
});

test('advises on an address that Daraja does not take', () => {
  const errorMessage = 'Bad Request - Invalid CallBackURL';
  const error = thrownBy(() => pushed(jsonReply(400, { errorCode: '400.002.02', errorMessage })));
  expect(error.message).toContain('without words such as mpesa');
});

test('says so when the app lacks the product', () => {
  const response = textReply(401, '{"fault":{"faultstring":"Invalid API call as no apiproduct match found"}}');
  expect(thrownBy(() => pushed(response)).message).toContain('portal');
});

test('a query finds a payment paid, unanswered or in work', () => {
  expect(asked(replyOf('mpesa/x15-stk-query-paid'))).toMatchObject({ status: 'succeeded', code: '0' });
  expect(asked(replyOf('mpesa/x16-stk-query-pending'))).toMatchObject({ status: 'pending', code: '4999' });
  expect(asked(replyOf('mpesa/x17-stk-query-no-answer'))).toMatchObject({ status: 'failed', reason: 'not-answered' });
});

test.each<[string, HttpResponse]>([
  ['as HTTP 500', replyOf('mpesa/x05-query-being-processed')],
  ['as HTTP 200 with an empty message', jsonReply(200, { errorCode: '500.001.1001', errorMessage: '' })],
])('reads “being processed” as pending %s', (_how, response) => {
  expect(asked(response)).toMatchObject({ status: 'pending', code: '500.001.1001' });
});

test('an id that is called invalid is pending while it is young, and never a failure', () => {
  const response = jsonReply(400, { errorCode: '400.002.02', errorMessage: 'Bad Request - Invalid CheckoutRequestID' });
  expect(asked(response, 5000)).toMatchObject({ status: 'pending' });
  expect(asked(response, 600_000)).toMatchObject({ status: 'unknown' });
});

test('an id that does not exist is not found, which for a push proves nothing', () => {
  const response = jsonReply(500, { errorCode: '500.001.1001', errorMessage: 'The transaction does not Exist' });
  expect(asked(response)).toMatchObject({ status: 'not-found' });
});

test('an answer about another payment is no answer', () => {
  const paid = JSON.parse(replyOf('mpesa/x15-stk-query-paid').body) as object;
  expect(asked(jsonReply(200, { ...paid, CheckoutRequestID: 'ws_CO_other' }))).toMatchObject({ status: 'unknown' });
  expect(asked(jsonReply(200, { ...paid, ResponseCode: '1' }))).toMatchObject({ status: 'unknown' });
});

test('reads a result code that came as a number', () => {
  const paid = JSON.parse(replyOf('mpesa/x15-stk-query-paid').body) as object;
  expect(asked(jsonReply(200, { ...paid, ResultCode: 1032 }))).toMatchObject({ reason: 'cancelled-by-payer' });
});

test.each<[string, HttpResponse, string]>([
  ['429', replyOf('mpesa/x07-spike-arrest'), 'RATE_LIMITED'],
  ['the firewall’s page', replyOf('mpesa/x08-firewall'), 'UNEXPECTED_RESPONSE'],
  ['500', jsonReply(500, { errorCode: '500.003.1001', errorMessage: 'Internal Server Error' }), 'UNEXPECTED_RESPONSE'],
  ['200 with nothing', textReply(200, ''), 'UNEXPECTED_RESPONSE'],
  ['a verdict as HTTP 500', { ...replyOf('mpesa/x15-stk-query-paid'), status: 500 }, 'UNEXPECTED_RESPONSE'],
  [
    'a refusal of the question',
    jsonReply(400, { errorCode: '400.002.02', errorMessage: 'Bad Request - Invalid BusinessShortCode' }),
    'UNEXPECTED_RESPONSE',
  ],
])('learns nothing about the payment from %s', (_what, response, code) => {
  expect(thrownBy(() => asked(response))).toMatchObject({ code });
});

test('shows no number in what it keeps of a strange reply', () => {
  const error = thrownBy(() => pushed(textReply(500, 'no such subscriber 254708374149')));
  expect(JSON.stringify(error)).not.toContain('254708374149');
});
