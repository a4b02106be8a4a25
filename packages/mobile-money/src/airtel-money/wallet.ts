import {
  type AccountBalance,
  type AccountHolder,
  type CurrencyCode,
  type HttpRequest,
  type HttpResponse,
  isCurrencyCode,
  type Money,
  readOperatorAmount,
} from '@canza/core';
import { z } from 'zod';

import { readJson } from '../shared/reply.ts';
import { buildCall } from './calls.ts';
import type { AirtelMoneyConfig } from './config.ts';
import { nationalNumber } from './fields.ts';
import { readReply, refusalError } from './refusals.ts';

/** Our own balance, and what is told of a customer's wallet. Source: docs/providers/airtel-money.md#wallets */

/** Our wallets, in Airtel's words. */
export type WalletKind = 'COLL' | 'DISB' | 'CASHIN';

/** The wallets that the application uses; v1 of the API tells one and does not ask which. */
export function walletsOf({ balance, collection, disbursement, remittance }: AirtelMoneyConfig): readonly WalletKind[] {
  if (balance === 'v1') return ['COLL'];
  const cashIn = disbursement?.api === 'cash-in-v1' || disbursement?.api === 'cash-in-v2';
  const pays = (disbursement !== undefined && !cashIn) || remittance !== undefined;
  return [
    ...(collection === undefined ? [] : (['COLL'] as const)),
    ...(pays ? (['DISB'] as const) : []),
    ...(cashIn ? (['CASHIN'] as const) : []),
  ];
}

export const buildBalance = (config: AirtelMoneyConfig, wallet: WalletKind): HttpRequest =>
  buildCall(config, {
    method: 'GET',
    path: config.balance === 'v1' ? '/standard/v1/users/balance' : `/standard/v2/users/balance?type=${wallet}`,
  });

/** @throws InvalidRequestError for a number of another country. */
export function buildUserLookup(config: AirtelMoneyConfig, msisdn: string): HttpRequest {
  const national = nationalNumber(msisdn, config);
  const number = config.lookupNumbers === 'national' ? national : msisdn;
  return buildCall(config, { method: 'GET', path: `/standard/v1/users/${number}` });
}

const BalanceSchema = z.object({
  data: z.object({ balance: z.union([z.string(), z.number()]), currency: z.string().nullish() }),
});

/**
 * Reads a balance, which is text with commas. `success: false` beside it says nothing: an official sample has it.
 * @throws UnexpectedResponseError and its kin, all with `moneyMoved: 'no'`: a question moves nothing.
 */
export function parseBalance(
  response: HttpResponse,
  wallet: WalletKind,
  { currency, name: provider }: Pick<AirtelMoneyConfig, 'currency' | 'name'>,
): AccountBalance {
  const json = readJson(response);
  const read = BalanceSchema.safeParse(json);
  if (response.status === 200 && read.success) {
    const { balance, currency: told } = read.data.data;
    const available = balanceOf(balance, currencyOf(told, currency));
    if (available !== undefined) return { account: wallet, available };
  }
  throw refusalError({ kind: 'other' }, readReply(response, json), response, provider);
}

/** Old pages print `CFA`, which no list of currencies has. */
const currencyOf = (told: string | null | undefined, ours: CurrencyCode): CurrencyCode =>
  told != null && isCurrencyCode(told) ? told : ours;

const WITH_COMMAS = /^-?\d{1,3}(?:,\d{3})*(?:\.\d+)?$/;

/** A balance, unlike a payment, may be below zero. */
function balanceOf(balance: string | number, currency: CurrencyCode): Money | undefined {
  const text = String(balance).trim();
  const plain = WITH_COMMAS.test(text) ? text.replaceAll(',', '') : text;
  const isOverdrawn = plain.startsWith('-');
  const money = readOperatorAmount(isOverdrawn ? plain.slice(1) : plain, currency);
  return money !== undefined && isOverdrawn ? { ...money, amountMinor: -money.amountMinor } : money;
}

const UserSchema = z.object({
  data: z.object({
    first_name: z.string().nullish(),
    last_name: z.string().nullish(),
    is_barred: z.boolean().nullish(),
    msisdn: z.unknown(),
  }),
});

const NOBODY = /\bnot found\b/i;

/**
 * Reads what Airtel tells of a wallet's holder.
 * @throws as {@link parseBalance} does, where the question was not answered.
 */
export function parseUser(response: HttpResponse, provider: string): AccountHolder {
  const json = readJson(response);
  const read = UserSchema.safeParse(json);
  if (response.status === 200 && read.success) {
    const { first_name: first, last_name: last, is_barred: isBarred } = read.data.data;
    const name = [first, last].filter(Boolean).join(' ');
    const status = isBarred === true ? 'inactive' : 'active';
    return name === '' ? { status } : { status, name };
  }
  const reply = readReply(response, json);
  const isNobody = reply.meaning.kind === 'refused' && reply.meaning.reason === 'payer-not-found';
  if (isNobody || (LOOKUP_FAILED.has(reply.code) && NOBODY.test(reply.message))) return { status: 'not-found' };
  if (LOOKUP_FAILED.has(reply.code)) return { status: 'unknown' };
  throw refusalError({ kind: 'other' }, reply, response, provider);
}

const LOOKUP_FAILED: ReadonlySet<string> = new Set(['DP02200000000', 'DP02200000002']);
