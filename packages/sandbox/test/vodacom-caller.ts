import { constants, createPublicKey, publicEncrypt } from 'node:crypto';

import type { HttpRequest, HttpResponse, Transport } from '@canza/core';
import { createSeededRandom, createTurnedClock, type TurnedClock } from '@canza/core/testing';

import {
  createVodacomEmulator,
  type VodacomEmulator,
  type VodacomEmulatorOptions,
} from '../src/vodacom-mpesa/index.ts';
import { type Json, jsonOf } from './daraja-caller.ts';

export const BASE_URL = 'http://openapi.test';
export const PAYER = '255754123456';
export const RESPONSE_URL = 'https://shop.example/openapi';
export const TZS = { market: 'vodacomTZN', currency: 'TZS' } as const;

/** Somebody who calls the emulator as a merchant's server does, and receives its results. */
export interface VodacomCaller {
  readonly emulator: VodacomEmulator;
  readonly clock: TurnedClock;
  /** The asynchronous results received, oldest first, exactly as they came. */
  readonly received: readonly HttpRequest[];
  /** A text under the public key, as a bearer holds it. */
  readonly seal: (text: string) => string;
  /** Asks for a session with the API key, or with another text. */
  readonly getSession: (apiKey?: string, headers?: Record<string, string>) => Promise<HttpResponse>;
  /** Takes a new session for the calls that follow, and waits until it is live. */
  readonly renew: () => Promise<void>;
  /** Calls an operation of the market; for GET the fields become the query string. */
  readonly call: (
    method: HttpRequest['method'],
    operation: string,
    fields: Json | string,
    headers?: Record<string, string>,
  ) => Promise<HttpResponse>;
  readonly collect: (changes?: Json) => Promise<HttpResponse>;
  readonly payOut: (changes?: Json) => Promise<HttpResponse>;
  readonly transfer: (changes?: Json) => Promise<HttpResponse>;
  readonly reverse: (transactionId: unknown, changes?: Json) => Promise<HttpResponse>;
  readonly query: (reference: string, changes?: Json) => Promise<HttpResponse>;
  readonly nameOf: (msisdn: string, changes?: Json) => Promise<HttpResponse>;
  /** Lets time go by until a call that stays open has been answered, and reads the answer. */
  readonly settled: (call: Promise<HttpResponse>, ms?: number) => Promise<Json>;
}

/** What a reply says, and its HTTP status. */
export const said = (response: HttpResponse): Json => ({ http: response.status, ...jsonOf(response) });

export interface VodacomCallerOptions extends Partial<VodacomEmulatorOptions> {
  /** `/sandbox` or `/openapi`, and the market. */
  readonly prefix?: string;
}

export async function createVodacomCaller(options: VodacomCallerOptions = {}): Promise<VodacomCaller> {
  const { prefix = '/sandbox/ipg/v2/vodacomTZN', ...rest } = options;
  const clock = createTurnedClock();
  const received: HttpRequest[] = [];
  const deliver: Transport = async (request) => {
    received.push(request);
    return { status: 200, headers: {}, body: '' };
  };
  const emulator = createVodacomEmulator({ clock, random: createSeededRandom(7), deliver, ...rest });
  const key = createPublicKey({ key: Buffer.from(emulator.publicKey, 'base64'), format: 'der', type: 'spki' });
  let bearer = '';
  let questions = 0;

  const seal = (text: string): string =>
    publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(text)).toString('base64');
  const headersOf = (token: string, more: Record<string, string>): Record<string, string> => {
    const all = { Authorization: `Bearer ${token}`, Origin: '*', 'Content-Type': 'application/json', ...more };
    // An empty text takes a header away.
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
  };
  const getSession: VodacomCaller['getSession'] = (apiKey = emulator.application.apiKey, headers = {}) =>
    emulator.handle({
      method: 'GET',
      url: `${BASE_URL}${prefix}/getSession/`,
      headers: headersOf(seal(apiKey), headers),
    });
  const renew = async (): Promise<void> => {
    bearer = seal(String(jsonOf(await getSession())['output_SessionID']));
    await clock.advance(30_000);
  };
  const call: VodacomCaller['call'] = (method, operation, fields, headers = {}) => {
    const url = `${BASE_URL}${prefix}/${operation}/`;
    const isQuestion = method === 'GET';
    const search = isQuestion ? `?${new URLSearchParams(fields as Record<string, string>).toString()}` : '';
    const body = typeof fields === 'string' ? fields : JSON.stringify(fields);
    return emulator.handle({
      method,
      url: url + search,
      headers: headersOf(bearer, headers),
      ...(isQuestion ? {} : { body }),
    });
  };
  const common = (id: string): Json => ({
    input_Country: 'TZN',
    input_ServiceProviderCode: '000000',
    input_ThirdPartyConversationID: id,
  });
  const sum: Json = { input_Amount: '1000', input_Currency: 'TZS', input_TransactionReference: 'T1234C' };
  const questionId = (): string => {
    questions += 1;
    return `question ${questions}`;
  };
  await renew();
  return {
    emulator,
    clock,
    received,
    seal,
    getSession,
    renew,
    call,
    collect: (changes) =>
      call('POST', 'c2bPayment/singleStage', {
        ...common('collect1'),
        ...sum,
        input_CustomerMSISDN: PAYER,
        input_PurchasedItemsDesc: 'Shoes',
        ...changes,
      }),
    payOut: (changes) =>
      call('POST', 'b2cPayment', {
        ...common('payout1'),
        ...sum,
        input_CustomerMSISDN: PAYER,
        input_PaymentItemsDesc: 'Salary',
        ...changes,
      }),
    transfer: (changes) =>
      call('POST', 'b2bPayment', {
        input_Country: 'TZN',
        input_ThirdPartyConversationID: 'transfer1',
        ...sum,
        input_PrimaryPartyCode: '000000',
        input_ReceiverPartyCode: '979797',
        input_PurchasedItemsDesc: 'Shoes',
        ...changes,
      }),
    reverse: (transactionId, changes) =>
      call('PUT', 'reversal', { ...common('reversal1'), input_TransactionID: transactionId, ...changes }),
    query: (reference, changes) =>
      call('GET', 'queryTransactionStatus', {
        ...common(questionId()),
        input_QueryReference: reference,
        ...changes,
      }),
    nameOf: (msisdn, changes) =>
      call('GET', 'queryBeneficiaryName', {
        ...common(questionId()),
        input_CustomerMSISDN: msisdn,
        input_KycQueryType: 'Name',
        ...changes,
      }),
    async settled(sent, ms = 60_000) {
      await clock.advance(ms);
      return said(await sent);
    },
  };
}
