import type { HttpResponse } from '@canza/core';
import { expect, test } from 'vitest';

import { replyOf } from '../../../test/fixtures.ts';
import { jsonReply, textReply, thrownBy } from '../../../test/replies.ts';
import { parseAcknowledgement } from './responses.ts';

const refusal = (status: number, errorCode: string, errorMessage: string) =>
  jsonReply(status, { errorCode, errorMessage });

const paidOut = (response: HttpResponse) => parseAcknowledgement('payout', response, 'mpesa');

test('a queued payout is pending, never paid', () => {
  expect(paidOut(replyOf('mpesa/x24-b2c-accepted'))).toEqual({
    status: 'pending',
    code: '0',
    detail: 'Accept the service request successfully.',
    references: {
      ConversationID: 'AG_20240706_20106e9209f64bebd05b',
      OriginatorConversationID: '600997_Test_32et3241ed8yu',
    },
  });
});

test('an id that is taken was taken by our own earlier request', () => {
  expect(thrownBy(() => paidOut(replyOf('mpesa/x06-b2c-duplicate')))).toMatchObject({
    code: 'DUPLICATE_REFERENCE',
    moneyMoved: 'maybe',
    providerCode: '500.002.1001',
  });
});

test.each<[string, HttpResponse]>([
  ['another ResponseCode', jsonReply(200, { ConversationID: 'AG_1', ResponseCode: '1' })],
  ['no ResponseCode', jsonReply(200, { ConversationID: 'AG_1' })],
  ['HTTP 500', jsonReply(500, { ConversationID: 'AG_1', ResponseCode: '0' })],
])('keeps the id of a payout that was answered with %s', (_what, response) => {
  expect(paidOut(response)).toMatchObject({ status: 'unknown', references: { ConversationID: 'AG_1' } });
});

test.each<[string, HttpResponse]>([
  ['HTML', textReply(200, '<html></html>')],
  ['nothing', textReply(200, '')],
  ['cut JSON', textReply(200, '{"ConversationID":"AG_')],
  ['ResponseCode 0 alone', jsonReply(200, { ResponseCode: '0' })],
  ['the firewall', replyOf('mpesa/x08-firewall')],
  ['500', refusal(500, '500.003.1001', 'Internal Server Error')],
])('does not know whether a payout was taken after %s', (_what, response) => {
  expect(thrownBy(() => paidOut(response))).toMatchObject({ code: 'UNEXPECTED_RESPONSE', moneyMoved: 'maybe' });
});

test.each([
  ['payout', 'Bad Request - Invalid InitiatorName', 'route-misconfigured'],
  ['payout', 'Bad Request - Invalid SecurityCredential', 'route-misconfigured'],
  ['payout', 'Bad Request - Invalid PartyB', 'recipient-not-allowed'],
  ['payout', 'Bad Request - Invalid Amount', 'amount-not-allowed'],
  ['reversal', 'Bad Request - Invalid TransactionID', 'original-not-found'],
  ['business-payment', 'Bad Request - Invalid PartyB', 'recipient-not-allowed'],
] as const)('knows that nothing moved when a %s is refused with "%s"', (stage, message, reason) => {
  const call = () => parseAcknowledgement(stage, refusal(400, '400.002.02', message), 'mpesa');
  expect(thrownBy(call)).toMatchObject({ code: 'REJECTED', moneyMoved: 'no', reason });
});

test('the refusal of a question says nothing about the payment in question', () => {
  const call = () =>
    parseAcknowledgement('question', refusal(400, '400.002.02', 'Bad Request - Invalid TransactionID'), 'mpesa');
  expect(thrownBy(call)).toMatchObject({ code: 'UNEXPECTED_RESPONSE', moneyMoved: 'maybe' });
});
