import { expect, test } from 'vitest';

import { callbackOf } from '../../test/fixtures.ts';
import { readMpesaCallback } from './callbacks.ts';

const read = (body: string, suffix?: string) =>
  readMpesaCallback({ method: 'POST', headers: {}, body, ...(suffix === undefined ? {} : { suffix }) }, 'mpesa');

test('reads an STK callback at the attempt’s own address', () => {
  expect(read(callbackOf('mpesa/x11-stk-callback-paid'))).toMatchObject({
    finding: { status: 'succeeded' },
    trust: 'hint',
  });
  expect(read(callbackOf('mpesa/x11-stk-callback-paid'))).not.toHaveProperty('vouchers');
});

test('reads the result of a payout, vouched for by the id that only its acknowledgement told', () => {
  expect(read(callbackOf('mpesa/x25-b2c-paid'), 'payout')).toMatchObject({
    finding: { status: 'succeeded', receipt: 'SG632NMUAB' },
    msisdn: '254705912645',
    trust: 'hint',
    vouchers: { ConversationID: 'AG_20240706_2010364430d9bbdaf872' },
  });
});

test('reads the result of a reversal and the answer to a question at addresses of their own', () => {
  expect(read(callbackOf('mpesa/x32-reversal-done'), 'reversal')).toMatchObject({
    finding: { status: 'succeeded', receipt: 'SKE52PAWR9' },
    vouchers: { ConversationID: 'AG_20211114_2010573069aefb6b625a' },
  });
  expect(read(callbackOf('mpesa/x29-status-completed'), 'status')).toMatchObject({
    finding: { status: 'succeeded', receipt: 'MBN31H462N' },
    vouchers: { StatusConversationID: 'AG_20180223_0000493344ae97d86f75' },
  });
});

test('a failed question about a payout is not a failed payout', () => {
  expect(read(callbackOf('mpesa/x26-b2c-refused'), 'payout').finding.status).toBe('failed');
  expect(read(callbackOf('mpesa/x26-b2c-refused'), 'status').finding.status).toBe('unknown');
});

test('gives no id of a result to ask with: what vouches must have come from a reply', () => {
  for (const [name, suffix] of [
    ['x25-b2c-paid', 'payout'],
    ['x32-reversal-done', 'reversal'],
    ['x29-status-completed', 'status'],
  ] as const) {
    expect(read(callbackOf(`mpesa/${name}`), suffix).finding).not.toHaveProperty('references');
  }
});

test.each(['payout-expired', 'reversal-expired', 'status-expired'])(
  'takes whatever comes to %s for a sign that the request expired, which proves nothing',
  (suffix) => {
    for (const body of ['', '<html></html>', callbackOf('mpesa/x26-b2c-refused'), callbackOf('mpesa/x25-b2c-paid')]) {
      expect(read(body, suffix)).toMatchObject({ finding: { status: 'unknown', code: 'EXPIRED' } });
    }
  },
);

test.each<[string, string, string | undefined]>([
  ['a result at the address of STK callbacks', callbackOf('mpesa/x25-b2c-paid'), undefined],
  ['an STK callback at the address of results', callbackOf('mpesa/x11-stk-callback-paid'), 'payout'],
  ['anything at an address that nobody was given', callbackOf('mpesa/x25-b2c-paid'), 'refund'],
])('refuses %s', (_what, body, suffix) => {
  expect(() => read(body, suffix)).toThrow(expect.objectContaining({ code: 'INVALID_CALLBACK' }));
});
