import {
  type AccountBalance,
  type AccountHolder,
  type HttpRequest,
  type HttpResponse,
  isCurrencyCode,
  type Money,
  readOperatorAmount,
} from '@canza/core';
import { z } from 'zod';

import { buildCall } from './calls.ts';
import type { MtnMomoConfig, Product } from './config.ts';
import { checkMsisdn } from './input.ts';
import { parseKnownResource, parseResource } from './resource.ts';
import { withoutGaps } from './wire.ts';

/** Our own balance, and what is told of a customer's wallet. Source: docs/providers/mtn-momo.md#wallets */

export const buildBalance = (config: MtnMomoConfig, product: Product): HttpRequest =>
  buildCall(config, product, { method: 'GET', path: '/v1_0/account/balance' });

/** The path takes the kind of id in lower case, whatever the pages print. @throws InvalidRequestError for what is no number. */
export const buildHolderActive = (config: MtnMomoConfig, product: Product, msisdn: string): HttpRequest =>
  buildCall(config, product, { method: 'GET', path: `/v1_0/accountholder/msisdn/${checkMsisdn(msisdn)}/active` });

/** @throws InvalidRequestError for what is no number. */
export const buildBasicUserInfo = (config: MtnMomoConfig, product: Product, msisdn: string): HttpRequest =>
  buildCall(config, product, {
    method: 'GET',
    path: `/v1_0/accountholder/msisdn/${checkMsisdn(msisdn)}/basicuserinfo`,
  });

const BalanceSchema = z
  .object({ availableBalance: z.union([z.string(), z.number()]), currency: z.string() })
  .transform((balance, context) => balanceOf(balance) ?? fail(context, 'an exact amount in a known currency'));

/** Some old releases answer with the bare word. */
const ActiveSchema = z.union([z.boolean(), z.object({ result: z.boolean() }).transform(({ result }) => result)]);

/** What MTN tells of a wallet's holder, as it spells it. Personal data: keep it out of logs. */
export interface BasicUserInfo {
  readonly name?: string;
  readonly givenName?: string;
  readonly familyName?: string;
  /** `1976-08-13`. */
  readonly birthdate?: string;
  readonly locale?: string;
  readonly gender?: string;
  readonly status?: string;
}

const BasicUserInfoSchema = z
  .object({
    name: z.string().nullish(),
    given_name: z.string().nullish(),
    family_name: z.string().nullish(),
    birthdate: z.string().nullish(),
    locale: z.string().nullish(),
    gender: z.string().nullish(),
    status: z.string().nullish(),
  })
  .transform(({ given_name, family_name, ...told }): BasicUserInfo => {
    const name = told.name ?? [given_name, family_name].filter(Boolean).join(' ');
    return withoutGaps({ ...told, name: name === '' ? null : name, givenName: given_name, familyName: family_name });
  });

/**
 * Our balance at one product.
 * @throws UnexpectedResponseError and its kin, all with `moneyMoved: 'no'`: a question moves nothing.
 */
export function parseBalance(response: HttpResponse, product: Product, provider: string): AccountBalance {
  return { account: product, available: parseKnownResource(response, BalanceSchema, provider) };
}

/** Whether a wallet exists and is active. @throws as {@link parseBalance} does. */
export function parseHolderActive(response: HttpResponse, provider: string): AccountHolder['status'] {
  const isActive = parseResource(response, ActiveSchema, provider);
  if (isActive === undefined) return 'not-found';
  return isActive ? 'active' : 'inactive';
}

/** Returns `undefined` where nobody holds that wallet. @throws as {@link parseBalance} does. */
export const parseBasicUserInfo = (response: HttpResponse, provider: string): BasicUserInfo | undefined =>
  parseResource(response, BasicUserInfoSchema, provider);

function fail(context: z.RefinementCtx, message: string): never {
  context.addIssue(message);
  return z.NEVER;
}

/** A balance, unlike a payment, may be below zero. */
function balanceOf({
  availableBalance,
  currency,
}: {
  availableBalance: string | number;
  currency: string;
}): Money | undefined {
  if (!isCurrencyCode(currency)) return undefined;
  const text = String(availableBalance).trim();
  const isOverdrawn = text.startsWith('-');
  const money = readOperatorAmount(isOverdrawn ? text.slice(1) : text, currency);
  return money !== undefined && isOverdrawn ? { ...money, amountMinor: -money.amountMinor } : money;
}
