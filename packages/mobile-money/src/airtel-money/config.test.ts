import { expect, test } from 'vitest';

import { CLIENT_SECRET, PIN, SECOND_KEYS, thrownBy, UGANDA } from '../../test/airtel-money.ts';
import { parseAirtelMoneyConfig } from './config.ts';

const { publicKey: _key, ...WITHOUT_KEY } = UGANDA;

test.each([
  ['UG', 'sandbox', 'https://openapiuat.airtel.ug'],
  ['UG', 'production', 'https://openapi.airtel.ug'],
  ['ZM', 'production', 'https://openapi.airtel.co.zm'],
  ['KE', 'sandbox', 'https://openapiuat.airtelkenya.com'],
] as const)('knows the gateway of %s in %s', (country, environment, baseUrl) => {
  expect(parseAirtelMoneyConfig({ ...UGANDA, country, environment }).baseUrl).toBe(baseUrl);
});

test('asks for an address where none is known, instead of guessing one', () => {
  const nigeria = { ...UGANDA, country: 'NG' };
  expect(thrownBy(() => parseAirtelMoneyConfig(nigeria))).toMatchObject({ field: 'airtelMoney.baseUrl' });
  expect(parseAirtelMoneyConfig({ ...nigeria, baseUrl: 'https://gateway.example.ng/' }).baseUrl).toBe(
    'https://gateway.example.ng',
  );
});

test('takes the currency of the country, and in DR Congo either', () => {
  expect(parseAirtelMoneyConfig({ ...UGANDA, country: 'CD' }).currency).toBe('CDF');
  expect(parseAirtelMoneyConfig({ ...UGANDA, country: 'CD', currency: 'USD' }).currency).toBe('USD');
  expect(thrownBy(() => parseAirtelMoneyConfig({ ...UGANDA, currency: 'KES' }))).toMatchObject({
    code: 'CONFIG_INVALID',
    field: 'airtelMoney.currency',
  });
});

test('pads as the API in use does, unless told otherwise', () => {
  expect(parseAirtelMoneyConfig(UGANDA).padding).toBe('pkcs1');
  const v3 = { ...UGANDA, disbursement: { api: 'v3' } };
  expect(parseAirtelMoneyConfig(v3).padding).toEqual({ hash: 'sha256', mgf1Hash: 'sha1' });
  const own = { hash: 'sha1', mgf1Hash: 'sha1' };
  expect(parseAirtelMoneyConfig({ ...v3, padding: own }).padding).toEqual(own);
});

test.each<[string, string, object]>([
  ['nothing to do', 'collection', { collection: undefined, disbursement: undefined, pin: undefined }],
  ['payouts without a PIN', 'pin', { pin: undefined }],
  ['two PINs', 'pin', { encryptedPin: 'A'.repeat(172) }],
  ['a PIN of five digits', 'pin', { pin: '40711' }],
  ['a plain PIN for an encrypted one', 'encryptedPin', { pin: undefined, encryptedPin: PIN }],
  ['another version', 'collection', { collection: 'v3' }],
  ['an API that is none', 'disbursement.api', { disbursement: { api: 'v4' } }],
  ['a digest that is none', 'padding', { padding: { hash: 'md5', mgf1Hash: 'sha1' } }],
  ['a key that is none', 'publicKey', { publicKey: 'MIGf' }],
  ['no secret', 'clientSecret', { clientSecret: undefined }],
  ['http in production', 'baseUrl', { environment: 'production', baseUrl: 'http://pay.example.com' }],
  ['a setting that is none', 'clientKey', { clientKey: 'x' }],
])('refuses %s, and names the field', (_what, field, change) => {
  const error = thrownBy(() => parseAirtelMoneyConfig({ ...UGANDA, ...change }));
  expect(error).toMatchObject({ code: 'CONFIG_INVALID', field: `airtelMoney.${field}`, moneyMoved: 'no' });
  expect(JSON.stringify(error)).not.toContain(CLIENT_SECRET);
  expect(JSON.stringify(error)).not.toContain(PIN);
});

test('takes a key of either generation, with PEM lines or without', () => {
  expect(parseAirtelMoneyConfig(UGANDA).publicKey?.blockBytes).toBe(128);
  const pem = `-----BEGIN PUBLIC KEY-----\n${SECOND_KEYS.publicText}\n-----END PUBLIC KEY-----\n`;
  expect(parseAirtelMoneyConfig({ ...WITHOUT_KEY, publicKey: pem }).publicKey?.blockBytes).toBe(256);
});
