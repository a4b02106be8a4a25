import type { HttpRequest, HttpResponse, Transport } from '@canza/core';
import { createSeededRandom, createTurnedClock, type TurnedClock } from '@canza/core/testing';

import { createMomoEmulator, type MomoEmulator, type MomoEmulatorOptions } from '../src/mtn-momo/index.ts';
import type { Product } from '../src/mtn-momo/settings.ts';

export const BASE_URL = 'http://momo.test';
export const PAYER = '256772123456';
export const CALLBACK_URL = 'https://sdk.example.org/callbacks/0f3a';

/** A body without types: what is asserted on is spelled out in each test. */
export type Json = Record<string, unknown>;

export const jsonOf = ({ body }: { readonly body?: string }): Json => JSON.parse(body ?? '') as Json;

/** The n-th reference, a UUID of version 4. */
export const reference = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

const msisdn = (partyId: string): Json => ({ partyIdType: 'MSISDN', partyId });

/** What is sent where, for each kind of payment. */
export const KINDS = {
  'request-to-pay': { product: 'collection', path: '/v1_0/requesttopay', status: '/v1_0/requesttopay' },
  'request-to-withdraw': { product: 'collection', path: '/v2_0/requesttowithdraw', status: '/v1_0/requesttowithdraw' },
  transfer: { product: 'disbursement', path: '/v1_0/transfer', status: '/v1_0/transfer' },
  deposit: { product: 'disbursement', path: '/v2_0/deposit', status: '/v1_0/deposit' },
  refund: { product: 'disbursement', path: '/v2_0/refund', status: '/v1_0/refund' },
  remittance: { product: 'remittance', path: '/v1_0/transfer', status: '/v1_0/transfer' },
  'cash-transfer': { product: 'remittance', path: '/v2_0/cashtransfer', status: '/v2_0/cashtransfer' },
} as const;
export type Kind = keyof typeof KINDS;

export function bodyOf(kind: Kind, party = PAYER, changes: Json = {}): Json {
  const base = { amount: '12.50', currency: 'EUR', externalId: 'ORD-1001', payerMessage: 'Order', payeeNote: 'Shop' };
  if (kind === 'refund') return { ...base, referenceIdToRefund: party, ...changes };
  const side = KINDS[kind].product === 'collection' ? 'payer' : 'payee';
  return { ...base, [side]: msisdn(party), ...changes };
}

/** Somebody who calls the emulator as a merchant's server does, and receives its callbacks. */
export interface MomoCaller {
  readonly emulator: MomoEmulator;
  readonly clock: TurnedClock;
  /** The callbacks received, oldest first, exactly as they came. */
  readonly received: readonly HttpRequest[];
  readonly tokenReply: (product: Product, headers?: Record<string, string>) => Promise<HttpResponse>;
  /** Calls with a good token, and with whatever headers are given in the place of the usual ones. */
  readonly call: (
    product: Product,
    method: HttpRequest['method'],
    path: string,
    extra?: { readonly headers?: Record<string, string | undefined>; readonly body?: unknown },
  ) => Promise<HttpResponse>;
  /** Makes a payment under the n-th reference, with a callback address. */
  readonly pay: (
    kind: Kind,
    n: number,
    party?: string,
    changes?: Json,
    headers?: Record<string, string | undefined>,
  ) => Promise<HttpResponse>;
  readonly statusOf: (kind: Kind, n: number) => Promise<Json>;
}

export function createMomoCaller(options: Partial<MomoEmulatorOptions> = {}): MomoCaller {
  const clock = createTurnedClock();
  const received: HttpRequest[] = [];
  const deliver: Transport = async (request) => {
    received.push(request);
    return { status: 200, headers: {}, body: '' };
  };
  const emulator = createMomoEmulator({
    clock,
    random: createSeededRandom(7),
    deliver,
    callbackHost: 'sdk.example.org',
    ...options,
  });
  const bearers = new Map<Product, string>();

  const tokenReply: MomoCaller['tokenReply'] = async (product, headers = {}) => {
    const { apiUser, apiKey, subscriptionKey } = emulator.credentials[product];
    return emulator.handle({
      method: 'POST',
      url: `${BASE_URL}/${product}/token/`,
      headers: {
        authorization: `Basic ${Buffer.from(`${apiUser}:${apiKey}`).toString('base64')}`,
        'ocp-apim-subscription-key': subscriptionKey,
        ...headers,
      },
    });
  };
  const call: MomoCaller['call'] = async (product, method, path, { headers = {}, body } = {}) => {
    const known = bearers.get(product) ?? String(jsonOf(await tokenReply(product))['access_token']);
    bearers.set(product, known);
    const all = {
      authorization: `Bearer ${known}`,
      'ocp-apim-subscription-key': emulator.credentials[product].subscriptionKey,
      'x-target-environment': emulator.environment.targetEnvironment,
      ...headers,
    };
    return emulator.handle({
      method,
      url: `${BASE_URL}/${product}${path}`,
      headers: Object.fromEntries(
        Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  };
  return {
    emulator,
    clock,
    received,
    tokenReply,
    call,
    pay: (kind, n, party, changes, headers = {}) =>
      call(KINDS[kind].product, 'POST', KINDS[kind].path, {
        headers: {
          'x-reference-id': reference(n),
          'x-callback-url': CALLBACK_URL,
          'content-type': 'application/json',
          ...headers,
        },
        body: bodyOf(kind, party, changes),
      }),
    statusOf: async (kind, n) =>
      jsonOf(await call(KINDS[kind].product, 'GET', `${KINDS[kind].status}/${reference(n)}`)),
  };
}
