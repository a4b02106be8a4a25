import type { HttpResponse } from '@canza/core';
import { expect, test } from 'vitest';

import { fixture, phoneOf, thrownBy, UGANDA } from '../../test/airtel-money.ts';
import { type AirtelMoneySettings, parseAirtelMoneyConfig } from './config.ts';
import { buildBalance, buildUserLookup, parseBalance, parseUser, walletsOf } from './wallet.ts';

const config = parseAirtelMoneyConfig(UGANDA);
const json = (status: number, body: unknown): HttpResponse => ({ status, headers: {}, body: JSON.stringify(body) });
const balance = (response: HttpResponse, settings: AirtelMoneySettings = UGANDA) =>
  parseBalance(response, 'COLL', parseAirtelMoneyConfig(settings));
const user = (response: HttpResponse) => parseUser(response, 'airtel-money');
const pathOf = (url: string) => url.replace(/^https:\/\/[^/]+/, '');

test('reads a balance with a comma in it, and success: false beside it', () => {
  expect(balance(fixture('x18-balance'))).toEqual({
    account: 'COLL',
    available: { currency: 'UGX', amountMinor: 37_600n },
  });
});

test.each([
  ['1,234,567.89', 123_456_789n],
  ['0.00', 0n],
  ['-5.50', -550n],
  ['12345.6', 1_234_560n],
])('reads %s', (text, amountMinor) => {
  const told = json(200, { data: { balance: text, currency: 'ZMW' } });
  expect(balance(told, { ...UGANDA, country: 'ZM' })).toMatchObject({ available: { amountMinor } });
});

test('reads the currency that old pages of Gabon print as CFA', () => {
  const told = json(200, { data: { balance: '1,000', currency: 'CFA' } });
  expect(balance(told, { ...UGANDA, country: 'GA' })).toMatchObject({ available: { currency: 'XAF' } });
});

test.each(['1,00', '1.000,00', 'all', '37,600.001', ''])('reads no balance out of %j', (text) => {
  const told = json(200, { data: { balance: text, currency: 'UGX' } });
  expect(thrownBy(() => balance(told))).toMatchObject({ code: 'UNEXPECTED_RESPONSE', moneyMoved: 'no' });
});

test('asks v1 for its one wallet, and v2 for each that is in use', () => {
  expect(pathOf(buildBalance(parseAirtelMoneyConfig({ ...UGANDA, balance: 'v1' }), 'COLL').url)).toBe(
    '/standard/v1/users/balance',
  );
  expect(walletsOf(config)).toEqual(['COLL', 'DISB']);
  expect(walletsOf(parseAirtelMoneyConfig({ ...UGANDA, disbursement: { api: 'cash-in-v2' } }))).toEqual([
    'COLL',
    'CASHIN',
  ]);
  expect(pathOf(buildBalance(config, 'DISB').url)).toBe('/standard/v2/users/balance?type=DISB');
});

test('looks a number up without its country code, or with it where the country wants it', () => {
  const msisdn = phoneOf({ country: 'UG' });
  expect(pathOf(buildUserLookup(config, msisdn).url)).toBe('/standard/v1/users/752604392');
  const international = parseAirtelMoneyConfig({ ...UGANDA, lookupNumbers: 'international' });
  expect(pathOf(buildUserLookup(international, msisdn).url)).toBe('/standard/v1/users/256752604392');
  expect(thrownBy(() => buildUserLookup(config, '254733123456'))).toMatchObject({ field: 'phoneNumber' });
});

test('tells whose wallet it is', () => {
  expect(user(fixture('x17-user'))).toEqual({ status: 'active', name: 'Test User' });
  const barred = fixture('x17-user').body.replace('"is_barred":false', '"is_barred":true');
  expect(user({ status: 200, headers: {}, body: barred })).toMatchObject({ status: 'inactive' });
});

test('knows a number without a wallet from a question that failed', () => {
  const failed = (message: string) =>
    json(200, { status: { response_code: 'DP02200000000', success: false, message } });
  expect(user(fixture('x09-unknown-number'))).toEqual({ status: 'not-found' });
  expect(user(failed('User not found'))).toEqual({ status: 'not-found' });
  expect(user(failed('Something went wrong'))).toEqual({ status: 'unknown' });
  const denied = { status: 403, headers: {}, body: 'You cannot consume this service' };
  expect(thrownBy(() => user(denied))).toMatchObject({ code: 'REJECTED', reason: 'route-not-permitted' });
  expect(thrownBy(() => user(json(503, {})))).toMatchObject({ code: 'UNEXPECTED_RESPONSE', moneyMoved: 'no' });
});
