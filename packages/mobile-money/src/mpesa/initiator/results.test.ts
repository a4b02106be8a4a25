import { expect, test } from 'vitest';

import { callbackOf } from '../../../test/fixtures.ts';
import { parameterOf, readResult } from './results.ts';

const read = (body: string) => readResult({ body }, 'mpesa');
const result = (fields: object) => read(JSON.stringify({ Result: { ResultCode: 0, ...fields } }));

test.each([
  ['x25-b2c-paid', '0', 'SG632NMUAB', 8],
  ['x26-b2c-refused', '2001', 'SG722NMVXQ', 0],
  ['x27-b2b-paid', '0', 'QKA81LK5CY', 8],
  ['x28-b2b-refused', '2001', undefined, 1],
  ['x29-status-completed', '0', undefined, 13],
  ['x30-balance', '0', undefined, 2],
  ['x32-reversal-done', '0', 'SKE52PAWR9', 7],
  ['x33-reversal-refused', 'R000002', undefined, 0],
])('reads every shape of a result: %s', (name, code, transactionId, parameters) => {
  const told = read(callbackOf(`mpesa/${name}`));
  expect(told).toMatchObject({ code, isPreliminary: false });
  expect(told.transactionId).toBe(transactionId);
  expect(told.parameters).toHaveLength(parameters);
  expect(told.conversationId).toBeDefined();
});

test('keeps repeated keys, and finds the first', () => {
  const status = read(callbackOf('mpesa/x29-status-completed'));
  expect(status.parameters.filter(({ key }) => key === 'DebitPartyName')).toHaveLength(2);
  expect(parameterOf(status, 'DebitPartyName')).toBe('600310 - Safaricom333');
  expect(parameterOf(status, 'TransactionReason')).toBeUndefined();
});

test('says when more is to follow', () => {
  expect(result({ ResultType: 1 }).isPreliminary).toBe(true);
  expect(result({ ResultType: '1' }).isPreliminary).toBe(true);
  expect(result({}).isPreliminary).toBe(false);
});

test('takes a filler for no receipt', () => {
  expect(result({ TransactionID: 'OAK0000000' })).not.toHaveProperty('transactionId');
  expect(result({ TransactionID: '' })).not.toHaveProperty('transactionId');
  expect(result({ TransactionID: 'OAK0000001' })).toMatchObject({ transactionId: 'OAK0000001' });
});

test('shows no number in the words of a result', () => {
  expect(result({ ResultDesc: 'The receiver 254708374149 is barred' }).description).not.toContain('254708374149');
});

test.each(['', 'null', '{}', '[]', '<html></html>', '{"Result":null}', '{"Result":{}}', '{"Body":{}}'])(
  'refuses %j as a result',
  (body) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ code: 'INVALID_CALLBACK' }));
  },
);
