import { type CurrencyCode, type HttpResponse, readOperatorAmount } from '@canza/core';

import type { JsonFields } from '../wire.ts';
import { type AirtelCountryCode, COUNTRIES } from './countries.ts';
import { type Family, refuse, refuseByBus } from './replies.ts';
import type { AirtelApplication, AirtelLimits } from './settings.ts';

/** A request body after its checks: what it says, or the refusal. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: HttpResponse };

/** What a payment of any kind says about itself. */
export interface PaymentFields {
  readonly id: string;
  readonly amountMinor: bigint;
  /** E.164 digits. */
  readonly msisdn: string;
  readonly reference: string;
}

/** What the checks look at besides the body. */
export interface CheckContext {
  readonly application: AirtelApplication;
  readonly limits: AirtelLimits;
}

/** An object within a body; an empty one for anything else. */
export const objectOf = (value: unknown): JsonFields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonFields) : {};

/** Text, or a number as it was written; `undefined` for anything else and for nothing. */
export function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text !== '' ? text : undefined;
}

/** A national number as E.164 digits; `undefined` when it has not the country's length, as with the country code in front. */
export function msisdnOf(country: AirtelCountryCode, value: unknown): string | undefined {
  const { callingCode, nationalLength } = COUNTRIES[country];
  const national = textOf(value);
  if (national === undefined || !/^\d+$/.test(national) || national.length !== nationalLength) return undefined;
  return callingCode + national;
}

/** E.164 digits as a national number. */
export const nationalOf = (country: AirtelCountryCode, msisdn: string): string =>
  msisdn.slice(COUNTRIES[country].callingCode.length);

const REFERENCE = /^[A-Za-z0-9 ]{4,64}$/;
const ID = /^[A-Za-z0-9-]{1,80}$/;

/** What payments of all kinds are checked for, and how each kind spells its refusals. */
export interface PaymentChecks {
  readonly family: Family;
  readonly transaction: JsonFields;
  readonly party: JsonFields;
  readonly reference: unknown;
  /** What an id may look like; letters, digits and dashes unless said otherwise. */
  readonly idPattern?: RegExp;
}

export function readPayment(
  { family, transaction, party, reference, idPattern = ID }: PaymentChecks,
  { application: { country, currency }, limits }: CheckContext,
): Checked<PaymentFields> {
  const invalid = (message: string, resultCode: string): Checked<never> => ({
    ok: false,
    refusal:
      family === 'collection' ? refuseByBus(resultCode, message) : refuse(family, '1013', { message, resultCode }),
  });
  const id = textOf(transaction['id']);
  if (id === undefined || !idPattern.test(id)) return invalid('Invalid transaction id', 'ESB000008');
  const text = textOf(reference);
  if (text === undefined || !REFERENCE.test(text)) return invalid('Invalid reference', 'ESB000008');
  const msisdn = msisdnOf(country, party['msisdn']);
  if (msisdn === undefined) {
    const message = `Invalid Msisdn Length. Msisdn Length should be ${COUNTRIES[country].nationalLength}`;
    return invalid(message, family === 'collection' ? 'ESB000033' : '521002');
  }
  const amountMinor = amountOf(transaction['amount'], currency);
  if (amountMinor === undefined || amountMinor < limits.smallestMinor || amountMinor > limits.largestMinor) {
    const message = 'Amount is outside the allowed range, or has too many decimals';
    return { ok: false, refusal: refuse(family, '1004', { message, resultCode: 'ESB000008' }) };
  }
  return { ok: true, value: { id, amountMinor, msisdn, reference: text } };
}

/** A JSON number or text as minor units; `undefined` for anything that is no exact amount above zero. */
export function amountOf(value: unknown, currency: CurrencyCode): bigint | undefined {
  const money = readOperatorAmount(value, currency);
  return money === undefined || money.amountMinor === 0n ? undefined : money.amountMinor;
}
