import type { CurrencyCode } from '@canza/core';

/** One country as Airtel's API knows it. */
export interface AirtelCountry {
  /** In capitals, as the remittance API wants it. */
  readonly name: string;
  /** The first is the application's own unless it says otherwise. */
  readonly currencies: readonly [CurrencyCode, ...CurrencyCode[]];
  readonly callingCode: string;
  /** Digits of a number without the country code; a zero that belongs to it counts. */
  readonly nationalLength: number;
}

/** Source: docs/sandbox/airtel-money.md#countries */
export const COUNTRIES = {
  CD: { name: 'DEMOCRATIC REPUBLIC OF THE CONGO', currencies: ['CDF', 'USD'], callingCode: '243', nationalLength: 9 },
  CG: { name: 'CONGO', currencies: ['XAF'], callingCode: '242', nationalLength: 9 },
  GA: { name: 'GABON', currencies: ['XAF'], callingCode: '241', nationalLength: 8 },
  KE: { name: 'KENYA', currencies: ['KES'], callingCode: '254', nationalLength: 9 },
  MG: { name: 'MADAGASCAR', currencies: ['MGA'], callingCode: '261', nationalLength: 9 },
  MW: { name: 'MALAWI', currencies: ['MWK'], callingCode: '265', nationalLength: 9 },
  NE: { name: 'NIGER', currencies: ['XOF'], callingCode: '227', nationalLength: 8 },
  NG: { name: 'NIGERIA', currencies: ['NGN'], callingCode: '234', nationalLength: 10 },
  RW: { name: 'RWANDA', currencies: ['RWF'], callingCode: '250', nationalLength: 9 },
  SC: { name: 'SEYCHELLES', currencies: ['SCR'], callingCode: '248', nationalLength: 7 },
  TD: { name: 'CHAD', currencies: ['XAF'], callingCode: '235', nationalLength: 8 },
  TZ: { name: 'TANZANIA', currencies: ['TZS'], callingCode: '255', nationalLength: 9 },
  UG: { name: 'UGANDA', currencies: ['UGX'], callingCode: '256', nationalLength: 9 },
  ZM: { name: 'ZAMBIA', currencies: ['ZMW'], callingCode: '260', nationalLength: 9 },
} as const satisfies Readonly<Record<string, AirtelCountry>>;

/** A country that can be played: ISO 3166 alpha-2. */
export type AirtelCountryCode = keyof typeof COUNTRIES;

export const isCountryCode = (code: string): code is AirtelCountryCode => Object.hasOwn(COUNTRIES, code);
