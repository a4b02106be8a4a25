import { createHmac } from 'node:crypto';

import { expect, test } from 'vitest';

import { CALLBACK_KEY, thrownBy } from '../../../test/airtel-money.ts';
import { answerOf, callbackOf } from '../../../test/fixtures.ts';
import { attemptNamedBy, parsePaymentCallback } from './callbacks.ts';
import { rawMember } from './raw-member.ts';

const PUBLISHED = callbackOf('airtel-money/x22-callback');
const RAW = rawMember(PUBLISHED, 'transaction') ?? '';

const read = (body: string, callbackKey: string | undefined = CALLBACK_KEY, method = 'POST') =>
  parsePaymentCallback({ method, body }, { callbackKey, name: 'airtel-money' });
const unkeyed = (body: string) =>
  parsePaymentCallback({ method: 'POST', body }, { callbackKey: undefined, name: 'airtel-money' });

const hashOf = (text: string, key = CALLBACK_KEY) => createHmac('sha256', key).update(text).digest('base64');
const signed = (transaction: string, hash = hashOf(transaction)) => `{"transaction":${transaction},"hash":"${hash}"}`;

test('believes a published callback whose hash matches', () => {
  const report = read(PUBLISHED);
  expect(report).toMatchObject({
    finding: {
      status: 'succeeded',
      code: 'TS',
      receipt: 'MP210603.1234.L06941',
      references: { airtel_money_id: 'MP210603.1234.L06941' },
    },
    trust: 'signed',
  });
  expect(attemptNamedBy({ method: 'POST', body: PUBLISHED }, { callbackKey: CALLBACK_KEY, name: 'airtel-money' })).toBe(
    'BBZMiscxy',
  );
  expect(report.acknowledgement.body).toBe(answerOf('airtel-money/x22-callback'));
  expect(JSON.stringify(report)).not.toContain('TECHNOLOGIES');
});

test('believes a hash over the whole body, and over the transaction written anew', () => {
  expect(read(signed(RAW, 'DBGreDDd1cGUQE2jJ0u3OuPJ5tBsdSCbjd6iBpnVn8g='))).toMatchObject({ trust: 'signed' });
  const spaced = RAW.replaceAll(':', ' : ');
  expect(read(signed(spaced, hashOf(JSON.stringify(JSON.parse(spaced)))))).toMatchObject({ trust: 'signed' });
});

test('refuses a callback when any one character of the transaction is changed', () => {
  for (let at = 0; at < RAW.length; at++) {
    const changed = RAW.slice(0, at) + (RAW[at] === 'x' ? 'y' : 'x') + RAW.slice(at + 1);
    expect(thrownBy(() => read(PUBLISHED.replace(RAW, changed)))).toMatchObject({ code: 'INVALID_CALLBACK' });
  }
});

test.each<[string, string]>([
  ['no hash', `{"transaction":${RAW}}`],
  ['an empty hash', signed(RAW, '')],
  ['a hash under another key', signed(RAW, hashOf(RAW, 'client-secret'))],
  ['half a hash', signed(RAW, hashOf(RAW).slice(0, 20))],
  [
    'another transaction after the signed one',
    signed(RAW).replace(/\}$/, ',"transaction":{"id":"X","status_code":"TS"}}'),
  ],
  ['another transaction before it', `{"transaction":{"id":"X","status_code":"TS"},${signed(RAW).slice(1)}`],
  [
    'the member spelled with an escape',
    signed(RAW).replace(/\}$/, ',"\\u0074ransaction":{"id":"X","status_code":"TS"}}'),
  ],
])('refuses %s where a key is configured', (_what, body) => {
  expect(thrownBy(() => read(body))).toMatchObject({ code: 'INVALID_CALLBACK', moneyMoved: 'no' });
});

test('takes a callback for a hint where no key is configured, hash or not, and keeps no id of it', () => {
  const report = unkeyed(PUBLISHED);
  expect(report).toMatchObject({ finding: { status: 'succeeded' }, trust: 'hint' });
  expect(report.finding).not.toHaveProperty('references');
  expect(report.finding).not.toHaveProperty('receipt');
});

test.each([
  ['TF', 'failed'],
  ['TE', 'failed'],
  ['TA', 'unknown'],
  ['TIP', 'pending'],
  ['TR', 'unknown'],
  ['DONE', 'unknown'],
])('leaves %s to the enquiry, signed or not: the callback does not say why', (word, status) => {
  const transaction = JSON.stringify({ id: 'ORDER0001', status_code: word, message: 'x' });
  expect(read(signed(transaction))).toMatchObject({ trust: 'hint', finding: { status, code: word } });
});

test('reads an expired payout as one', () => {
  const body = JSON.stringify({ transaction: { id: 'A1', status_code: 'TE' } });
  const callback = { method: 'POST', body, type: 'disbursement' } as const;
  const report = parsePaymentCallback(callback, { callbackKey: undefined, name: 'airtel-money' });
  expect(report.finding).toMatchObject({ status: 'failed', reason: 'operator-refused' });
});

test('names no payment to whoever cannot sign', () => {
  const forged = { method: 'POST', body: PUBLISHED.replace('BBZMiscxy', 'BBZMiscxz') };
  const config = { callbackKey: CALLBACK_KEY, name: 'airtel-money' };
  expect(thrownBy(() => attemptNamedBy(forged, config))).toMatchObject({ code: 'INVALID_CALLBACK' });
});

test.each(['', 'null', '{}', '[]', '<html></html>', '{"transaction":', '{"transaction":{"id":"A"}}', '"TS"', '0'])(
  'refuses %j as a callback',
  (body) => {
    expect(thrownBy(() => unkeyed(body))).toMatchObject({ code: 'INVALID_CALLBACK' });
  },
);

test('refuses what is not POST', () => {
  expect(thrownBy(() => read(PUBLISHED, CALLBACK_KEY, 'GET'))).toMatchObject({ code: 'INVALID_CALLBACK' });
});

test.each<[string, string | undefined]>([
  ['{"a":1}', '1'],
  [' { "b" : [1,{"a":"}"}] , "a" : "x\\"}" } ', '"x\\"}"'],
  ['{"a": {"a":2, "c":"{"} ,"b":null}', '{"a":2, "c":"{"}'],
  ['{"b":true,"a":-1.5e3}', '-1.5e3'],
  ['{"a":1,"a":2}', undefined],
  ['{"b":{"a":1}}', undefined],
  ['{}', undefined],
  ['["a",1]', undefined],
  ['{"a":1', undefined],
])('finds the text of a member in %s', (json, text) => {
  expect(rawMember(json, 'a')).toBe(text);
});
