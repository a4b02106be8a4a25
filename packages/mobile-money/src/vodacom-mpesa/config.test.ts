import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';

import { expect, test } from 'vitest';

import { thrownBy } from '../../test/replies.ts';
import { API_KEY, TANZANIA } from '../../test/vodacom-mpesa.ts';
import { parseVodacomMpesaConfig } from './config.ts';

const ellipticKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;

test.each([
  ['environment', { environment: 'live' }],
  ['market', { market: 'GHA' }],
  ['apiKey', { apiKey: '' }],
  ['publicKey', { publicKey: 'bm8ga2V5' }],
  ['publicKey', { publicKey: ellipticKey.export({ format: 'der', type: 'spki' }).toString('base64') }],
  ['serviceProviderCode', { serviceProviderCode: '12' }],
  ['operations', { operations: [] }],
  ['operations.0', { operations: ['direct-debit'] }],
  ['currency', { currency: 'USD' }],
  ['sessionLifetimeMs', { sessionLifetimeMs: 40_000, sessionWarmUpMs: 30_000 }],
  ['baseUrl', { environment: 'production', baseUrl: 'http://openapi.example.com' }],
  ['apikey', { apikey: 'x' }],
])('names %s and not its value', (field, change) => {
  const error = thrownBy(() => parseVodacomMpesaConfig({ ...TANZANIA, ...change }));
  expect(error).toMatchObject({ code: 'CONFIG_INVALID', field: `vodacomMpesa.${field}` });
  expect(inspect(error) + JSON.stringify(error)).not.toContain(API_KEY);
});

test('leads to the market’s own paths, in the environment', () => {
  const urlOf = (change: object) => parseVodacomMpesaConfig({ ...TANZANIA, ...change }).baseUrl;
  expect(urlOf({})).toBe('https://openapi.m-pesa.com/sandbox/ipg/v2/vodacomTZN/');
  expect(urlOf({ environment: 'production', market: 'LES' })).toBe(
    'https://openapi.m-pesa.com/openapi/ipg/v2/vodacomLES/',
  );
  expect(urlOf({ baseUrl: 'http://127.0.0.1:4040/' })).toBe('http://127.0.0.1:4040/sandbox/ipg/v2/vodacomTZN/');
});

test('takes the key as PEM too, and keeps the API key encrypted only', () => {
  const pem = `-----BEGIN PUBLIC KEY-----\n${TANZANIA.publicKey}\n-----END PUBLIC KEY-----\n`;
  const config = parseVodacomMpesaConfig({ ...TANZANIA, publicKey: pem });
  expect(inspect(config, { depth: 9 })).not.toContain(API_KEY);
});

test('takes dollars in DR Congo unless francs are asked for', () => {
  const currencyOf = (change: object) => parseVodacomMpesaConfig({ ...TANZANIA, market: 'DRC', ...change }).currency;
  expect([currencyOf({}), currencyOf({ currency: 'CDF' })]).toEqual(['USD', 'CDF']);
});
