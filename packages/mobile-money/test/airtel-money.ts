import { generateKeyPairSync } from 'node:crypto';
import {
  type Environment,
  exponentOf,
  type HttpResponse,
  type QueryRequest,
  type Route,
  type SubmitRequest,
} from '@canza/core';
import {
  createRecordingLogger,
  createScriptedTransport,
  createSeededRandom,
  createTurnedClock,
  type ScriptedStep,
} from '@canza/core/testing';

import type { AirtelMoneySettings } from '../src/airtel-money/config.ts';
import { airtelMoney } from '../src/airtel-money/provider.ts';
import { replyOf } from './fixtures.ts';

export { errorOf, thrownBy } from './payment-errors.ts';

export const CLIENT_SECRET = 'c0ffee-secret-of-the-application';
export const TOKEN = 'Abc123';
export const PIN = '4071';
export const CALLBACK_KEY = 'test-callback-key';
export const REFERENCE = '7b7f6f3a9d0a1b6acf0e0f8f5d3c1a11';

/** Key pairs as Airtel's two generations of encryption have them; the public one is base64 without PEM lines. */
const keyPair = (modulusLength: number) => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength });
  return { publicText: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'), privateKey };
};
export const FIRST_KEYS = keyPair(1024);
export const SECOND_KEYS = keyPair(2048);

/** Collects and pays out in Uganda, with the key in the configuration. */
export const UGANDA: AirtelMoneySettings = {
  country: 'UG',
  environment: 'sandbox',
  clientId: 'aaaa',
  clientSecret: CLIENT_SECRET,
  collection: 'v1',
  disbursement: { api: 'v2' },
  pin: PIN,
  publicKey: FIRST_KEYS.publicText,
};

export const KENYA: AirtelMoneySettings = {
  ...UGANDA,
  country: 'KE',
  remittance: { channelName: 'ACME', payerCountry: 'UGANDA', payerFirstName: 'Acme', payerLastName: 'Limited' },
};

const PHONES: Readonly<Record<string, string>> = { UG: '256752604392', KE: '254733123456', ZM: '260977123456' };

/** A number of the route's country. */
export const phoneOf = ({ country }: Pick<Route, 'country'>): string => PHONES[country] ?? '';

export const requestOver = (route: Route, overrides: Partial<SubmitRequest> = {}): SubmitRequest => ({
  route,
  reference: REFERENCE,
  money: { currency: route.currency, amountMinor: 1000n * 10n ** BigInt(exponentOf(route.currency)) },
  msisdn: phoneOf(route),
  callbackUrl: 'https://pay.example.com/callbacks/0123456789abcdef0123456789abcdef',
  accountReference: 'INV0001',
  ...overrides,
});

export const questionOf = (request: SubmitRequest, overrides: Partial<QueryRequest> = {}): QueryRequest => {
  const { route, reference, money, msisdn, callbackUrl } = request;
  return { route, reference, money, msisdn, callbackUrl, references: {}, sentAtMs: 0, ...overrides };
};

export const fixture = (name: string): HttpResponse => replyOf(`airtel-money/${name}`);

/** The same, about another of our ids. */
export const fixtureAbout = (name: string, id: string, reference = REFERENCE): HttpResponse => {
  const response = fixture(name);
  return { ...response, body: response.body.replaceAll(`"id":"${id}"`, `"id":"${reference}"`) };
};

export const reply =
  (name: string): ScriptedStep =>
  () =>
    fixture(name);

export const token = reply('x01-token');

/** A provider that is answered by a script. */
export function setUp(settings: AirtelMoneySettings, ...script: readonly ScriptedStep[]) {
  const transport = createScriptedTransport(...script);
  const clock = createTurnedClock();
  const logger = createRecordingLogger();
  const environment: Environment = { transport, clock, logger, random: createSeededRandom(1) };
  const provider = airtelMoney(settings)(environment);
  const routeFor = (type: Route['type']): Route => {
    const route = provider.routes.find((each) => each.type === type);
    if (route === undefined) throw new Error(`No ${type} route.`);
    return route;
  };
  const calls = () => transport.requests.map(({ method, url }) => `${method} ${url.replace(/^https?:\/\/[^/]+/, '')}`);
  return { provider, transport, clock, logger, environment, routeFor, calls };
}
