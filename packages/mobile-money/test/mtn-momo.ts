import { type Environment, type QueryRequest, type Route, type SubmitRequest } from '@canza/core';
import {
  createRecordingLogger,
  createScriptedTransport,
  createSeededRandom,
  createTurnedClock,
  type ScriptedStep,
} from '@canza/core/testing';

import type { MtnMomoSettings } from '../src/mtn-momo/config.ts';
import { mtnMomo } from '../src/mtn-momo/provider.ts';
import { replyOf } from './fixtures.ts';

export { errorOf, thrownBy } from './payment-errors.ts';

export const COLLECTION_KEY = 'key-of-the-collection-product';
export const API_KEY = 'f1db798c98df4bcf83b538175893bbf0';
export const TOKEN = 'eyJ0eXAiOiJKV1QifQ.e30.sig';
export const PAYER = '256772123456';

const credentials = (subscriptionKey: string) => ({
  subscriptionKey,
  apiUser: 'c72025f5-5cd1-4630-99e4-8ba4722fad56',
  apiKey: API_KEY,
});

/** All three products in the sandbox. */
export const SANDBOX: MtnMomoSettings = {
  targetEnvironment: 'sandbox',
  collection: credentials(COLLECTION_KEY),
  disbursement: credentials('key-of-the-disbursement-product'),
  remittance: credentials('key-of-the-remittance-product'),
  callbackHost: 'sdk.example.org',
};

/** Uganda, live. */
export const UGANDA: MtnMomoSettings = { ...SANDBOX, targetEnvironment: 'mtnuganda' };

/** Ours, and what MTN is told of it. */
export const REFERENCE = '7b7f6f3a9d0a1b6acf0e0f8f5d3c1a11';
export const REFERENCE_UUID = '7b7f6f3a-9d0a-4b6a-8f0e-0f8f5d3c1a11';

export const euros = (cents: bigint) => ({ currency: 'EUR', amountMinor: cents }) as const;

export const requestOver = (route: Route, overrides: Partial<SubmitRequest> = {}): SubmitRequest => ({
  route,
  reference: REFERENCE,
  money: { currency: route.currency, amountMinor: 1250n },
  msisdn: PAYER,
  callbackUrl: 'https://sdk.example.org/callbacks/0123456789abcdef0123456789abcdef',
  ...overrides,
});

export const questionOf = (request: SubmitRequest, overrides: Partial<QueryRequest> = {}): QueryRequest => {
  const { route, reference, money, msisdn, callbackUrl } = request;
  return { route, reference, money, msisdn, callbackUrl, references: {}, sentAtMs: 0, ...overrides };
};

export const reply =
  (name: string): ScriptedStep =>
  () =>
    replyOf(`mtn-momo/${name}`);

export const token = reply('x04-token');

/** A provider that is answered by a script. */
export function setUp(settings: MtnMomoSettings, ...script: readonly ScriptedStep[]) {
  const transport = createScriptedTransport(...script);
  const clock = createTurnedClock();
  const logger = createRecordingLogger();
  const environment: Environment = { transport, clock, logger, random: createSeededRandom(1) };
  const provider = mtnMomo(settings)(environment);
  const routeFor = (type: Route['type'], country = 'UG'): Route => {
    const route = provider.routes.find((each) => each.type === type && each.country === country);
    if (route === undefined) throw new Error(`No ${type} route in ${country}.`);
    return route;
  };
  const calls = () => transport.requests.map(({ method, url }) => `${method} ${new URL(url).pathname}`);
  return { provider, transport, clock, logger, environment, routeFor, calls };
}
