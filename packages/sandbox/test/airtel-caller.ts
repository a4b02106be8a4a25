import { constants, createPublicKey, publicEncrypt } from 'node:crypto';

import type { HttpRequest, HttpResponse, Transport } from '@canza/core';
import { createSeededRandom, createTurnedClock, type TurnedClock } from '@canza/core/testing';

import { type AirtelEmulator, type AirtelEmulatorOptions, createAirtelEmulator } from '../src/airtel-money/index.ts';
import type { Json } from './daraja-caller.ts';

export const BASE_URL = 'http://airtel.test';
/** The customer, as the API wants the number and as the books keep it. */
export const NATIONAL = '752604392';
export const MSISDN = '256752604392';
export const CALLBACK_URL = 'https://shop.example/airtel';
export const CALLBACK_KEY = 'test-callback-key';

/** Somebody who calls the emulator as a merchant's server does, and receives its callbacks. */
export interface AirtelCaller {
  readonly emulator: AirtelEmulator;
  readonly clock: TurnedClock;
  /** The callbacks received, oldest first, exactly as they came. */
  readonly received: readonly HttpRequest[];
  readonly token: (changes?: Json) => Promise<HttpResponse>;
  /** Takes a new token for the calls that follow. */
  readonly renew: () => Promise<void>;
  readonly get: (path: string, headers?: Record<string, string>) => Promise<HttpResponse>;
  /** POSTs JSON with a good token. */
  readonly post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<HttpResponse>;
  readonly collect: (changes?: Json, version?: 'v1' | 'v2') => Promise<HttpResponse>;
  readonly enquire: (id?: string) => Promise<HttpResponse>;
  readonly payOut: (changes?: Json, version?: 'v1' | 'v2' | 'v3') => Promise<HttpResponse>;
  readonly enquirePayout: (id?: string) => Promise<HttpResponse>;
  /** The merchant's PIN, or another text, under PKCS#1 v1.5. */
  readonly seal: (text?: string) => string;
}

/** PEM of a key that came as base64. */
export const pemOf = (publicKey: string) =>
  createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });

export const collectionBody = ({
  id = 'ORDER0001',
  msisdn = NATIONAL,
  amount = 1000,
  ...changes
}: Json = {}): Json => ({
  reference: 'INV0001',
  subscriber: { country: 'UG', currency: 'UGX', msisdn },
  transaction: { amount, country: 'UG', currency: 'UGX', id },
  ...changes,
});

export function createAirtelCaller(options: Partial<AirtelEmulatorOptions> = {}): AirtelCaller {
  const clock = createTurnedClock();
  const received: HttpRequest[] = [];
  const deliver: Transport = async (request) => {
    received.push(request);
    return { status: 200, headers: {}, body: '' };
  };
  const { application, ...rest } = options;
  const emulator = createAirtelEmulator({
    clock,
    random: createSeededRandom(7),
    deliver,
    application: { callbackUrl: CALLBACK_URL, callbackKey: CALLBACK_KEY, ...application },
    ...rest,
  });
  const { country, currency, clientId, clientSecret, pin } = emulator.application;
  let bearer: string | undefined;

  const send = (request: HttpRequest): Promise<HttpResponse> => emulator.handle(request);
  const token: AirtelCaller['token'] = (changes) =>
    send({
      method: 'POST',
      url: `${BASE_URL}/auth/oauth2/token`,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        client_id: clientId,
        client_secret: clientSecret,
        grant_type: 'client_credentials',
        ...changes,
      }),
    });
  const renew = async (): Promise<void> => {
    bearer = (JSON.parse((await token()).body) as { access_token: string }).access_token;
  };
  const headersOf = async (more: Record<string, string>): Promise<Record<string, string>> => {
    if (bearer === undefined) await renew();
    const all = { Authorization: `Bearer ${bearer}`, 'X-Country': country, 'X-Currency': currency, ...more };
    // An empty text takes a header away.
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
  };
  const get: AirtelCaller['get'] = async (path, headers = {}) =>
    send({ method: 'GET', url: BASE_URL + path, headers: await headersOf(headers) });
  const post: AirtelCaller['post'] = async (path, body, headers = {}) =>
    send({
      method: 'POST',
      url: BASE_URL + path,
      headers: await headersOf({ 'Content-Type': 'application/json', ...headers }),
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const seal: AirtelCaller['seal'] = (text = pin) =>
    publicEncrypt({ key: pemOf(emulator.publicKey), padding: constants.RSA_PKCS1_PADDING }, Buffer.from(text)).toString(
      'base64',
    );
  return {
    emulator,
    clock,
    received,
    token,
    renew,
    get,
    post,
    seal,
    collect: (changes, version = 'v1') => post(`/merchant/${version}/payments/`, collectionBody(changes)),
    enquire: (id = 'ORDER0001') => get(`/standard/v1/payments/${id}`),
    payOut({ id = 'PAYOUT0001', msisdn = NATIONAL, amount = 1000, ...changes } = {}, version = 'v1') {
      const type = version === 'v1' ? {} : { type: 'B2C' };
      const payee = { v1: { msisdn }, v2: { msisdn, currency }, v3: { msisdn, wallet_type: 'NORMAL' } }[version];
      return post(`/standard/${version}/disbursements/`, {
        payee,
        reference: 'PAY0001',
        pin: seal(),
        transaction: { amount, id, ...type },
        ...changes,
      });
    },
    enquirePayout: (id = 'PAYOUT0001') => get(`/standard/v1/disbursements/${id}`),
  };
}

/** What an envelope says, flat: the transaction, and the status beside it. */
export function said({ status: http, body }: HttpResponse): Json {
  const { data, status } = JSON.parse(body) as { data?: { transaction?: Json }; status?: Json };
  return { http, ...data?.transaction, beside: status };
}
