import { expect, test } from 'vitest';

import { API_KEY, SANDBOX, thrownBy, UGANDA } from '../../test/mtn-momo.ts';
import { parseMtnMomoConfig } from './config.ts';
import { waysOf } from './payments/ways.ts';

test('takes the host from the environment, or the one it is given', () => {
  expect(parseMtnMomoConfig(SANDBOX).baseUrl).toBe('https://sandbox.momodeveloper.mtn.com');
  expect(parseMtnMomoConfig(UGANDA).baseUrl).toBe('https://proxy.momoapi.mtn.com');
  expect(parseMtnMomoConfig({ ...UGANDA, baseUrl: 'https://momo.example.ug/' }).baseUrl).toBe(
    'https://momo.example.ug',
  );
});

test.each<[string, object, string]>([
  ['the word "production"', { ...SANDBOX, targetEnvironment: 'production' }, 'mtnMomo.targetEnvironment'],
  ['no product at all', { targetEnvironment: 'mtnuganda' }, 'mtnMomo.collection'],
  [
    'an API user that is no UUID',
    { ...SANDBOX, collection: { ...SANDBOX.collection, apiUser: 'me' } },
    'mtnMomo.collection.apiUser',
  ],
  [
    'a key with a blank',
    { ...SANDBOX, collection: { ...SANDBOX.collection, apiKey: 'a b' } },
    'mtnMomo.collection.apiKey',
  ],
  ['a callback host with a scheme', { ...SANDBOX, callbackHost: 'https://a.example' }, 'mtnMomo.callbackHost'],
  ['a callback host with a port', { ...SANDBOX, callbackHost: 'a.example:443' }, 'mtnMomo.callbackHost'],
  ['a callback address without a name, live', { ...UGANDA, callbackHost: '203.0.113.7' }, 'mtnMomo.callbackHost'],
  ['a host without TLS, live', { ...UGANDA, baseUrl: 'http://momo.example.ug' }, 'mtnMomo.baseUrl'],
  [
    'a setting that it does not know',
    { ...SANDBOX, collection: { ...SANDBOX.collection, widgetKey: 'x' } },
    'mtnMomo.collection.widgetKey',
  ],
])('refuses %s, by name', (_what, settings, field) => {
  expect(thrownBy(() => parseMtnMomoConfig(settings))).toMatchObject({ code: 'CONFIG_INVALID', field });
});

test('names the fifteen words when it refuses one, and never shows a key', () => {
  const error = thrownBy(() => parseMtnMomoConfig({ ...SANDBOX, targetEnvironment: 'production' }));
  expect(error.message).toContain('sandbox, mtnbenin, mtncameroon, mtncongo');
  expect(error.message).toContain('mtnzambia');
  const leaky = thrownBy(() => parseMtnMomoConfig({ ...SANDBOX, name: 'Upper', unknown: API_KEY }));
  expect(JSON.stringify(leaky)).not.toContain(API_KEY);
});

test('has one route a product in a live country, in its only currency, with the decimals of that currency', () => {
  const routes = waysOf(parseMtnMomoConfig(UGANDA)).map(({ route }) => route);
  expect(
    routes.map(({ type, country, currency, operator, decimals }) => [type, country, currency, operator, decimals]),
  ).toEqual([
    ['collection', 'UG', 'UGX', 'ug-64110', 0],
    ['disbursement', 'UG', 'UGX', 'ug-64110', 0],
    ['refund', 'UG', 'UGX', 'ug-64110', 0],
    ['remittance', 'UG', 'UGX', 'ug-64110', 0],
  ]);
});

test('sends no prompt again that a customer no longer waits for: only what nobody approves goes out twice', () => {
  const routes = waysOf(parseMtnMomoConfig(UGANDA)).map(({ route }) => route);
  const again = routes.filter(({ resend }) => resend !== undefined).map(({ type }) => type);
  expect(again).toEqual(['disbursement', 'refund', 'remittance']);
});

test('pretends to be every country in the sandbox, in euros', () => {
  const { disbursement: _none, remittance: _nor, ...collecting } = SANDBOX;
  const routes = waysOf(parseMtnMomoConfig(collecting)).map(({ route }) => route);
  expect(routes).toHaveLength(15);
  expect(new Set(routes.map(({ currency }) => currency))).toEqual(new Set(['EUR']));
  expect(routes.map(({ country }) => country)).toContain('SE');
});

test('gives a payment another route after a change of API user or resource, so that it is not looked for in the wrong place', () => {
  const idOf = (settings: object) => waysOf(parseMtnMomoConfig(settings))[0]?.route.id;
  const id = idOf(UGANDA);
  expect(id).toMatch(/^mtn-momo:collection:ug:requesttopay:[0-9a-f]{8}$/);
  expect(idOf({ ...UGANDA, collection: { ...UGANDA.collection, apiKey: 'another' } })).toBe(id);
  expect(idOf({ ...UGANDA, collection: { ...UGANDA.collection, by: 'requesttowithdraw' } })).not.toBe(id);
  const apiUser = 'd72025f5-5cd1-4630-99e4-8ba4722fad56';
  expect(idOf({ ...UGANDA, collection: { ...UGANDA.collection, apiUser } })).not.toBe(id);
});
