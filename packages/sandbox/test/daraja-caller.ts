import type { HttpRequest, HttpResponse, Transport } from '@canza/core';
import { createSeededRandom, createTurnedClock, type TurnedClock } from '@canza/core/testing';

import {
  createDarajaEmulator,
  type DarajaEmulator,
  type DarajaEmulatorOptions,
  TEST_SHORTCODE,
} from '../src/mpesa/index.ts';

export const BASE_URL = 'http://daraja.test';
export const PAYER = '254712345678';
export const CALLBACK_URL = 'https://shop.example/callbacks/0f3a';
const STAMP = '20260101030000';

/** A body without types: what is asserted on is spelled out in each test. */
export type Json = Record<string, unknown>;

/** Somebody who calls the emulator as a merchant's server does, and receives its callbacks. */
export interface DarajaCaller {
  readonly emulator: DarajaEmulator;
  readonly clock: TurnedClock;
  /** Bodies of the callbacks received, oldest first, exactly as they came. */
  readonly received: readonly HttpRequest[];
  readonly token: () => Promise<string>;
  /** Takes a new token for the calls that follow. */
  readonly renew: () => Promise<void>;
  /** POSTs JSON with a good token. */
  readonly post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<HttpResponse>;
  readonly push: (changes?: Json) => Promise<HttpResponse>;
  /** Pushes, and returns the CheckoutRequestID. */
  readonly pushed: (changes?: Json) => Promise<string>;
  readonly query: (checkoutRequestId: string, changes?: Json) => Promise<HttpResponse>;
}

export const passwordOf = (stamp: string, { shortcode, passkey } = TEST_SHORTCODE): string =>
  Buffer.from(shortcode + passkey + stamp).toString('base64');

export const jsonOf = ({ body }: { readonly body?: string }): Json => JSON.parse(body ?? '') as Json;

export const pushBody = (changes: Json = {}): Json => ({
  BusinessShortCode: '174379',
  Password: passwordOf(STAMP),
  Timestamp: STAMP,
  TransactionType: 'CustomerPayBillOnline',
  Amount: '100',
  PartyA: PAYER,
  PartyB: '174379',
  PhoneNumber: PAYER,
  CallBackURL: CALLBACK_URL,
  AccountReference: 'order 1',
  TransactionDesc: 'a book',
  ...changes,
});

export function createDarajaCaller(options: Partial<DarajaEmulatorOptions> = {}): DarajaCaller {
  const clock = createTurnedClock();
  const received: HttpRequest[] = [];
  const deliver: Transport = async (request) => {
    received.push(request);
    return { status: 200, headers: {}, body: '{"ResultCode":0,"ResultDesc":"Accepted"}' };
  };
  const emulator = createDarajaEmulator({ clock, random: createSeededRandom(7), deliver, ...options });
  let bearer: string | undefined;

  const token = async (): Promise<string> => {
    const { consumerKey, consumerSecret } = emulator.credentials;
    const response = await emulator.handle({
      method: 'GET',
      url: `${BASE_URL}/oauth/v1/generate?grant_type=client_credentials`,
      headers: { authorization: `Basic ${Buffer.from(`${consumerKey}:${consumerSecret}`).toString('base64')}` },
    });
    return String(jsonOf(response)['access_token']);
  };
  const post: DarajaCaller['post'] = async (path, body, headers = {}) => {
    bearer ??= await token();
    return emulator.handle({
      method: 'POST',
      url: BASE_URL + path,
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  };
  const push: DarajaCaller['push'] = (changes) => post('/mpesa/stkpush/v1/processrequest', pushBody(changes));
  return {
    emulator,
    clock,
    received,
    token,
    async renew() {
      bearer = await token();
    },
    post,
    push,
    pushed: async (changes) => String(jsonOf(await push(changes))['CheckoutRequestID']),
    query: (checkoutRequestId, changes) =>
      post('/mpesa/stkpushquery/v1/query', {
        BusinessShortCode: '174379',
        Password: passwordOf(STAMP),
        Timestamp: STAMP,
        CheckoutRequestID: checkoutRequestId,
        ...changes,
      }),
  };
}
