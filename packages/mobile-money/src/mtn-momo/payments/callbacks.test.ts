import { expect, test } from 'vitest';

import { callbackOf } from '../../../test/fixtures.ts';
import { thrownBy } from '../../../test/mtn-momo.ts';
import { parsePaymentCallback } from './callbacks.ts';

const read = (body: string, method = 'PUT') => parsePaymentCallback({ method, body }, 'mtn-momo');

test.each(['PUT', 'POST'])('reads a callback that comes as %s, as a hint', (method) => {
  expect(read(callbackOf('mtn-momo/x31-callback'), method)).toEqual({
    finding: {
      status: 'succeeded',
      code: 'SUCCESSFUL',
      receipt: '2026118745',
      money: { currency: 'EUR', amountMinor: 10_000n },
    },
    msisdn: '1234567',
    trust: 'hint',
    acknowledgement: { contentType: 'application/json', body: '{}' },
  });
});

test('reads the callback of a payout, whose reason lies with the other side', () => {
  const payee = { partyIdType: 'MSISDN', partyId: 256772123456 };
  const { finding, msisdn } = read(JSON.stringify({ status: 'FAILED', reason: 'NOT_ENOUGH_FUNDS', payee }));
  expect(finding).toMatchObject({ status: 'failed', reason: 'float-exhausted' });
  expect(msisdn).toBe('256772123456');
});

test('names no number where the party is an e-mail address, masked or absent', () => {
  const withPayer = (payer: unknown) => read(JSON.stringify({ status: 'PENDING', payer }));
  expect(withPayer({ partyIdType: 'EMAIL', partyId: 'a@example.org' })).not.toHaveProperty('msisdn');
  expect(withPayer({ partyIdType: 'MSISDN', partyId: '25677***456' })).not.toHaveProperty('msisdn');
  expect(withPayer(undefined)).not.toHaveProperty('msisdn');
});

test.each(['', 'null', '{}', '[]', '<html></html>', '{"status":', '{"status":7}', '"SUCCESSFUL"', '0'])(
  'refuses %j as a callback',
  (body) => {
    expect(thrownBy(() => read(body))).toMatchObject({ code: 'INVALID_CALLBACK', moneyMoved: 'no' });
  },
);

test('refuses what is neither PUT nor POST', () => {
  expect(thrownBy(() => read(callbackOf('mtn-momo/x31-callback'), 'GET'))).toMatchObject({ code: 'INVALID_CALLBACK' });
});

test('keeps nothing by which a forged callback could pass for an acceptance', () => {
  const forged = JSON.stringify({ status: 'PENDING', 'X-Reference-Id': '1', externalId: '1' });
  expect(read(forged).finding).not.toHaveProperty('references');
});
