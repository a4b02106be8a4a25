import { type CurrencyCode, formatMoney, type Money, readOperatorAmount } from '@canza/core';

import type { JsonFields } from '../wire.ts';

/** What MTN takes in a field. Source: docs/providers/mtn-momo.md#payments */

const REFERENCE = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const PARTY_TYPES = ['MSISDN', 'EMAIL', 'PARTY_CODE', 'ALIAS'] as const;
const MSISDN = /^[1-9]\d{6,14}$/;
const LONGEST_NOTE = 160;
const REFUSED_IN_NOTES = /['"<>&;]/;

/** A UUID of version 4, in lower case. */
export const isReference = (value: string): boolean => REFERENCE.test(value);

/** One side of a payment. */
export interface Party {
  readonly partyIdType: (typeof PARTY_TYPES)[number];
  readonly partyId: string;
}

export function readParty(value: unknown): Party | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { partyIdType, partyId } = value as JsonFields;
  const type = PARTY_TYPES.find((each) => each === partyIdType);
  if (type === undefined || typeof partyId !== 'string' || partyId === '') return undefined;
  return type === 'MSISDN' && !MSISDN.test(partyId) ? undefined : { partyIdType: type, partyId };
}

/** An amount as text, above zero, with no more decimals than the currency has; numbers are no amounts here. */
export function readAmount(value: unknown, currency: CurrencyCode): Money | undefined {
  if (typeof value !== 'string') return undefined;
  const money = readOperatorAmount(value, currency);
  return money === undefined || money.amountMinor <= 0n ? undefined : money;
}

/** `12.5` for 12.50: MTN writes amounts without the zeros that say nothing. */
export function writeAmount(money: Money): string {
  const text = formatMoney(money);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** A note, or nothing at all; one character too many or out of place is a bad request. */
export const isNote = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'string' && value.length <= LONGEST_NOTE && !REFUSED_IN_NOTES.test(value));

export const noteText = (value: unknown): string => (typeof value === 'string' ? value : '');
