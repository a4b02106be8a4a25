import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto';

import type { Environment, HttpRequest, QueryRequest, Route, SubmitRequest } from '@canza/core';
import {
  createRecordingLogger,
  createScriptedTransport,
  createSeededRandom,
  createTurnedClock,
  type ScriptedStep,
} from '@canza/core/testing';

import type { VodacomMpesaSettings } from '../src/vodacom-mpesa/config.ts';
import { vodacomMpesa } from '../src/vodacom-mpesa/provider.ts';
import { replyOf } from './fixtures.ts';

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

export const API_KEY = 'api-key-of-the-application-0123456789';
export const SESSION_ID = 'AAA6d1f93910052de0534912jbsj1j2kk';
export const REFERENCE = '1e9b774d1da34af78412a498cbc28f5e';
export const PUBLIC_KEY = keys.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');

/** Tanzania in the sandbox, allowed everything, with sessions that are live at once. */
export const TANZANIA: VodacomMpesaSettings = {
  environment: 'sandbox',
  market: 'TZN',
  apiKey: API_KEY,
  publicKey: PUBLIC_KEY,
  serviceProviderCode: '000000',
  operations: ['collection', 'disbursement', 'refund'],
  sessionWarmUpMs: 0,
};

/** What is encrypted in a request's bearer. */
export function bearerOf({ headers }: HttpRequest): string {
  const sealed = Buffer.from((headers['authorization'] ?? '').replace('Bearer ', ''), 'base64');
  return privateDecrypt({ key: keys.privateKey, padding: constants.RSA_PKCS1_PADDING }, sealed).toString();
}

export const requestOver = (route: Route, overrides: Partial<SubmitRequest> = {}): SubmitRequest => ({
  route,
  reference: REFERENCE,
  money: { currency: route.currency, amountMinor: 1000n },
  msisdn: '000000000001',
  callbackUrl: 'https://pay.example.com/callbacks/0123456789abcdef0123456789abcdef',
  description: 'Shoes',
  accountReference: 'T1234C',
  ...overrides,
});

export const questionOf = (request: SubmitRequest, overrides: Partial<QueryRequest> = {}): QueryRequest => {
  const { route, reference, money, msisdn, callbackUrl } = request;
  return { route, reference, money, msisdn, callbackUrl, references: {}, sentAtMs: 0, ...overrides };
};

export const reply =
  (name: string): ScriptedStep =>
  () =>
    replyOf(`vodacom-mpesa/${name}`);

export const session = reply('x36-session');

/** A listed or unlisted code, as the Open API answers it. */
export const coded = (status: number, code: string, more: object = {}): ScriptedStep => ({
  status,
  json: { output_ResponseCode: code, output_ResponseDesc: 'In words', ...more },
});

/** A provider that is answered by a script. */
export function setUp(settings: VodacomMpesaSettings, ...script: readonly ScriptedStep[]) {
  const transport = createScriptedTransport(...script);
  const clock = createTurnedClock();
  const logger = createRecordingLogger();
  const environment: Environment = { transport, clock, logger, random: createSeededRandom(1) };
  const provider = vodacomMpesa(settings)(environment);
  const routeFor = (type: Route['type']): Route => {
    const route = provider.routes.find((each) => each.type === type);
    if (route === undefined) throw new Error(`No ${type} route.`);
    return route;
  };
  const calls = () => transport.requests.map(({ method, url }) => `${method} ${new URL(url).pathname}`);
  const bodyOf = (index: number): unknown => JSON.parse(transport.requests[index]?.body ?? 'null');
  return { provider, transport, clock, logger, routeFor, calls, bodyOf };
}
