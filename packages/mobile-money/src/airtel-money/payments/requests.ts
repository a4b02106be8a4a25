import { type HttpRequest, InvalidRequestError, type SubmitRequest, sameMoney } from '@canza/core';

import { buildCall } from '../calls.ts';
import type { AirtelMoneyConfig, PayoutApi } from '../config.ts';
import { amountNumber, nationalNumber, noteOf } from '../fields.ts';
import type { Api } from './ways.ts';

/** Under this name an attempt keeps Airtel's id of the payment, which is what a refund is asked for with. */
export const AIRTEL_MONEY_ID = 'airtel_money_id';

/** Whether a message to this API is signed, where signing is switched on. Source: docs/providers/airtel-money.md#signing */
export function isSigned(api: Api, { collection }: Pick<AirtelMoneyConfig, 'collection'>): boolean {
  if (api === 'collection' || api === 'refund') return collection === 'v2';
  return api === 'v2' || api === 'v3' || api === 'cash-in-v2';
}

/**
 * Builds the prompt that asks a customer to pay.
 * @throws InvalidRequestError naming the field: another currency, decimals that are not taken, a number of another country.
 * Source: docs/providers/airtel-money.md#collection
 */
export function buildCollection(config: AirtelMoneyConfig, request: SubmitRequest): HttpRequest {
  const { country, currency, collection = 'v1' } = config;
  return buildCall(config, {
    method: 'POST',
    path: `/merchant/${collection}/payments/`,
    body: {
      reference: noteOf(request),
      subscriber: { country, currency, msisdn: nationalNumber(request.msisdn, config) },
      transaction: {
        amount: amountNumber(request.money, config, request.route.decimals),
        country,
        currency,
        id: request.reference,
      },
    },
  });
}

/**
 * Builds the request that gives a collection back, whole: it has no amount.
 * @throws InvalidRequestError naming the field: no original, one that Airtel gave us no id of, or less than all of it.
 * Source: docs/providers/airtel-money.md#refund
 */
export function buildRefund(config: AirtelMoneyConfig, { original, money }: SubmitRequest): HttpRequest {
  if (original === undefined) {
    throw new InvalidRequestError({ field: 'original', expected: 'the collection that is given back' });
  }
  if (!sameMoney(money, original.money)) {
    throw new InvalidRequestError({ field: 'amount', expected: 'the whole amount: Airtel Money gives back no part' });
  }
  const airtelMoneyId = original.references[AIRTEL_MONEY_ID];
  if (airtelMoneyId === undefined) {
    throw new InvalidRequestError({ field: 'original', expected: 'a collection that Airtel Money told its id of' });
  }
  return buildCall(config, {
    method: 'POST',
    path: `/standard/${config.collection ?? 'v1'}/payments/refund`,
    body: { transaction: { airtel_money_id: airtelMoneyId } },
  });
}

/** Where the payouts of each API are made, and asked about. Source: docs/providers/airtel-money.md#disbursement */
const PAYOUT_PATHS: Readonly<Record<PayoutApi, { readonly create: string; readonly status: (id: string) => string }>> =
  {
    v1: { create: '/standard/v1/disbursements/', status: (id) => `/standard/v1/disbursements/${id}` },
    v2: {
      create: '/standard/v2/disbursements/',
      status: (id) => `/standard/v2/disbursements/${id}?transactionType=B2C`,
    },
    v3: { create: '/standard/v3/disbursements', status: (id) => `/standard/v3/disbursements/${id}` },
    'cash-in-v1': { create: '/standard/v1/cashin/', status: (id) => `/standard/v1/cashin/${id}` },
    // Its second version has an address to be made at, and none of its own to be asked at.
    'cash-in-v2': { create: '/standard/v2/cashin/', status: (id) => `/standard/v1/cashin/${id}` },
  };

/**
 * Builds a payout to a customer.
 * @param pin Its ciphertext, never the PIN.
 * @throws InvalidRequestError naming the field: another currency, decimals that are not taken, a number of another country.
 * Source: docs/providers/airtel-money.md#disbursement
 */
export function buildPayout(
  config: AirtelMoneyConfig,
  api: PayoutApi,
  request: SubmitRequest,
  pin: string,
): HttpRequest {
  return buildCall(config, {
    method: 'POST',
    path: PAYOUT_PATHS[api].create,
    body: payoutBody(config, api, request, pin),
  });
}

function payoutBody(config: AirtelMoneyConfig, api: PayoutApi, request: SubmitRequest, pin: string): object {
  const { type = 'B2C', walletType = 'NORMAL' } = config.disbursement ?? {};
  const msisdn = nationalNumber(request.msisdn, config);
  const reference = noteOf(request);
  const transaction = { amount: amountNumber(request.money, config, request.route.decimals), id: request.reference };
  switch (api) {
    case 'v1':
      return { payee: { msisdn }, reference, pin, transaction };
    case 'v2':
      return { payee: { currency: config.currency, msisdn }, reference, pin, transaction: { ...transaction, type } };
    case 'v3':
      return { payee: { msisdn, wallet_type: walletType }, reference, pin, transaction: { ...transaction, type } };
    case 'cash-in-v1':
    case 'cash-in-v2':
      return {
        subscriber: { msisdn },
        transaction,
        additional_info: [{ key: 'remark', value: request.description ?? reference }],
        reference,
        pin,
      };
  }
}

/** Builds the question what became of a collection or a payout, by our id. */
export function buildEnquiry(config: AirtelMoneyConfig, api: 'collection' | PayoutApi, reference: string): HttpRequest {
  const path =
    api === 'collection'
      ? `/standard/${config.collection ?? 'v1'}/payments/${reference}`
      : PAYOUT_PATHS[api].status(reference);
  return buildCall(config, { method: 'GET', path });
}
