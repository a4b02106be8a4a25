import { inspect } from 'node:util';

import { ConfigError } from '@canza/core';
import { expect, test } from 'vitest';

import { SANDBOX } from '../../test/mpesa.ts';
import { parseMpesaConfig } from './config.ts';
import { mpesa } from './provider.ts';

test.each([
  ['passkey', undefined],
  ['passkey', ''],
  ['passkey', ' with blank'],
  ['consumerKey', undefined],
  ['consumerSecret', 12],
  ['shortcode', 174379],
  ['shortcode', '0174379'],
  ['shortcode', '174'],
  ['till', 'abc'],
  ['environment', 'staging'],
  ['baseUrl', 'sandbox.safaricom.co.ke'],
  ['baseUrl', 'ftp://sandbox.safaricom.co.ke'],
  ['name', 'M-Pesa'],
  ['timeoutMs', 0],
  ['pasKey', 'x'],
  ['payouts', 'Gift'],
  ['callbackSources', '196.201.212.69'],
])('refuses a configuration whose %s is %j, naming the field', (field, value) => {
  const settings = { ...SANDBOX, [field]: value };
  expect(() => mpesa(settings)).toThrow(ConfigError);
  expect(() => mpesa(settings)).toThrow(
    expect.objectContaining({ field: expect.stringContaining(`mpesa.${field}`), moneyMoved: 'no' }),
  );
});

test('shows no secret in the error about another field', () => {
  let error: unknown;
  try {
    mpesa({ ...SANDBOX, shortcode: 'secret-in-the-wrong-field' });
  } catch (thrown) {
    error = thrown;
  }
  const shown = inspect(error, { depth: 10 }) + JSON.stringify(error);
  for (const text of [SANDBOX.passkey, SANDBOX.consumerSecret, 'secret-in-the-wrong-field']) {
    expect(shown).not.toContain(text);
  }
});

test('takes another address in place of the host, so that an emulator can stand there', () => {
  expect(parseMpesaConfig(SANDBOX).baseUrl).toBe('https://sandbox.safaricom.co.ke');
  expect(parseMpesaConfig({ ...SANDBOX, environment: 'production' }).baseUrl).toBe('https://api.safaricom.co.ke');
  expect(parseMpesaConfig({ ...SANDBOX, baseUrl: 'http://127.0.0.1:4010/' }).baseUrl).toBe('http://127.0.0.1:4010');
});

test('sends production credentials over TLS only, but for an emulator on this machine', () => {
  const production = { ...SANDBOX, environment: 'production' };
  expect(() => parseMpesaConfig({ ...production, baseUrl: 'http://daraja.example.com' })).toThrow(
    expect.objectContaining({ field: 'mpesa.baseUrl' }),
  );
  expect(parseMpesaConfig({ ...production, baseUrl: 'http://localhost:4010' }).baseUrl).toBe('http://localhost:4010');
});

test('wants somebody to pay out in whose name', () => {
  expect(() => mpesa({ ...SANDBOX, payouts: 'BusinessPayment' })).toThrow(
    expect.objectContaining({ field: 'mpesa.initiator' }),
  );
});
