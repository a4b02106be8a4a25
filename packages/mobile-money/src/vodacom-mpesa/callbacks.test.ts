import { expect, test } from 'vitest';

import { answerOf, callbackOf } from '../../test/fixtures.ts';
import { thrownBy } from '../../test/replies.ts';
import { attemptNamedBy, parseResult } from './callbacks.ts';

const BODY = callbackOf('vodacom-mpesa/x39-result');
const NAME = 'vodacom-mpesa';
const changed = (change: object) => ({
  method: 'POST',
  body: JSON.stringify({ ...(JSON.parse(BODY) as object), ...change }),
});

test.each(['POST', 'PUT'])('reads the result of a queued payment that comes by %s, and answers it', (method) => {
  const report = parseResult({ method, body: BODY }, NAME);
  expect(report).toMatchObject({
    finding: { status: 'succeeded', code: 'INS-0', receipt: 'hv9ahxcg4ccv' },
    trust: 'hint',
    vouchers: { ConversationID: 'fd1e9143d22544459f7c66e1860ef276' },
  });
  expect(JSON.parse(report.acknowledgement.body)).toEqual(JSON.parse(answerOf('vodacom-mpesa/x39-result')));
});

test('brings no id under which a payment would be asked about or given back', () => {
  expect(parseResult({ method: 'POST', body: BODY }, NAME).finding).not.toHaveProperty('references');
});

test('names the attempt by our reference, and nothing by what is none of ours', () => {
  expect(attemptNamedBy({ method: 'POST', body: BODY }, NAME)).toBe('1e9b774d1da34af78412a498cbc28f5e');
  expect(attemptNamedBy(changed({ input_ThirdPartyConversationID: 'order 12' }), NAME)).toBeUndefined();
});

test('reads an empty balance by whose it is', () => {
  const empty = changed({ input_ResultCode: 'INS-2006' });
  const reasonOf = (type?: 'collection' | 'disbursement' | 'refund') =>
    parseResult({ ...empty, ...(type === undefined ? {} : { type }) }, NAME).finding;
  expect(reasonOf('collection')).toMatchObject({ status: 'failed', reason: 'insufficient-funds' });
  expect(reasonOf('disbursement')).toMatchObject({ status: 'failed', reason: 'float-exhausted' });
  expect(reasonOf('refund')).toMatchObject({ status: 'failed', reason: 'float-exhausted' });
  expect(reasonOf()).toMatchObject({ status: 'failed', reason: 'request-refused' });
});

test.each(['INS-1', 'INS-9', 'INS-10', 'INS-42', '0'])('a result of %s proves nothing', (code) => {
  expect(parseResult(changed({ input_ResultCode: code }), NAME).finding).toMatchObject({ status: 'unknown', code });
});

test.each([
  ['GET', BODY],
  ['POST', ''],
  ['POST', '{}'],
  ['POST', BODY.slice(0, -9)],
  ['POST', '<html></html>'],
])('refuses %s with %j', (method, body) => {
  expect(thrownBy(() => parseResult({ method, body }, NAME))).toMatchObject({ code: 'INVALID_CALLBACK' });
  expect(thrownBy(() => attemptNamedBy({ method, body }, NAME))).toMatchObject({ code: 'INVALID_CALLBACK' });
});
