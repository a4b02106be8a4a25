import { type CurrencyCode, readOperatorAmount } from '@canza/core';

import type { JsonFields } from '../wire.ts';
import type { KnownCode } from './codes.ts';
import { MARKETS, type MarketName } from './markets.ts';

interface Rule {
  readonly pattern: RegExp;
  /** What refuses a text that does not fit. */
  readonly code: KnownCode;
}

const rule = (pattern: RegExp, code: KnownCode): Rule => ({ pattern, code });
const SHORTCODE = rule(/^[0-9A-Za-z]{4,12}$/, 'INS-13');
const description = (code: KnownCode): Rule => rule(/^[0-9a-zA-Z \w+]{1,256}$/, code);

/** Source: docs/sandbox/vodacom-mpesa.md#fields */
const RULES = {
  input_Amount: rule(/^\d*\.?\d+$/, 'INS-15'),
  input_Country: rule(/^[A-Z]{3}$/, 'INS-998'),
  input_Currency: rule(/^[a-zA-Z]{1,3}$/, 'INS-26'),
  input_CustomerMSISDN: rule(/^[0-9]{11,14}$/, 'INS-2051'),
  input_KycQueryType: rule(/^Name$/, 'INS-21'),
  input_PaymentItemsDesc: description('INS-31'),
  input_PrimaryPartyCode: SHORTCODE,
  input_PurchasedItemsDesc: description('INS-30'),
  input_QueryReference: rule(/^[0-9a-zA-Z \w+]{1,40}$/, 'INS-21'),
  input_ReceiverPartyCode: SHORTCODE,
  input_ReversalAmount: rule(/^\d*\.?\d+$/, 'INS-15'),
  input_ServiceProviderCode: SHORTCODE,
  input_ThirdPartyConversationID: rule(/^[0-9a-zA-Z \w+]{1,40}$/, 'INS-28'),
  input_TransactionID: rule(/^[0-9a-zA-Z]{1,40}$/, 'INS-18'),
  input_TransactionReference: rule(/^[0-9a-zA-Z \w+]{1,20}$/, 'INS-17'),
} as const satisfies Readonly<Record<string, Rule>>;

export type FieldName = keyof typeof RULES;

/** Texts by their fields, or the code that refuses them: what is missing first, then what does not fit. */
export function readTexts<Name extends FieldName>(
  fields: JsonFields,
  names: readonly Name[],
): Readonly<Record<Name, string>> | KnownCode {
  const texts: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = fields[name];
    if (value === undefined || value === null || value === '') return 'INS-20';
  }
  for (const name of names) {
    const value = fields[name];
    if (typeof value !== 'string') return 'INS-21';
    const { pattern, code } = RULES[name];
    if (!pattern.test(value)) return code;
    texts[name] = value;
  }
  return texts as Readonly<Record<Name, string>>;
}

/** One of the market's currencies; nothing for any other. */
export const currencyOf = (market: MarketName, text: string): CurrencyCode | undefined =>
  MARKETS[market].currencies.find((currency) => currency === text);

/** Minor units, or nothing for what is no exact amount above zero. */
export function amountOf(text: string, currency: CurrencyCode): bigint | undefined {
  const money = readOperatorAmount(text, currency);
  return money === undefined || money.amountMinor === 0n ? undefined : money.amountMinor;
}

/** Whether these E.164 digits are a number of the market. */
export function isMsisdnOf(market: MarketName, digits: string): boolean {
  const { callingCode, msisdnLength } = MARKETS[market];
  return digits.length === msisdnLength && digits.startsWith(callingCode);
}
