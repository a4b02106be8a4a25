import type { CurrencyCode } from '@canza/core';

import { type OperatorId, operatorId } from '../directory/operators.ts';

/** One country in which Airtel runs the Open API. */
export interface Market {
  readonly operator: OperatorId;
  /** Currencies that an application can be made for; the first is the usual one. */
  readonly currencies: readonly [CurrencyCode, ...CurrencyCode[]];
  /** Behind `openapi.` and `openapiuat.`; left out where it is not known, and the address has to be configured. */
  readonly domain?: string;
}

/**
 * The countries, by ISO 3166 alpha-2. One application opens one of them.
 * Source: docs/providers/airtel-money.md#markets
 */
export const MARKETS = {
  CD: { operator: operatorId('CD', 'Airtel Money'), currencies: ['CDF', 'USD'], domain: 'airtel.cd' },
  CG: { operator: operatorId('CG', 'Airtel Money'), currencies: ['XAF'], domain: 'airtel.cg' },
  GA: { operator: operatorId('GA', 'Airtel Money'), currencies: ['XAF'], domain: 'airtel.ga' },
  KE: { operator: operatorId('KE', 'Airtel Money'), currencies: ['KES'], domain: 'airtelkenya.com' },
  MG: { operator: operatorId('MG', 'Airtel Money'), currencies: ['MGA'], domain: 'airtel.mg' },
  MW: { operator: operatorId('MW', 'Airtel Money'), currencies: ['MWK'], domain: 'airtel.mw' },
  NE: { operator: operatorId('NE', 'Airtel Money'), currencies: ['XOF'] },
  NG: { operator: operatorId('NG', 'Airtel Money'), currencies: ['NGN'] },
  RW: { operator: operatorId('RW', 'Airtel Money'), currencies: ['RWF'], domain: 'airtel.co.rw' },
  SC: { operator: operatorId('SC', 'Airtel Money'), currencies: ['SCR'] },
  TD: { operator: operatorId('TD', 'Airtel Money'), currencies: ['XAF'], domain: 'airtel.td' },
  TZ: { operator: operatorId('TZ', 'Airtel Money'), currencies: ['TZS'], domain: 'airtel.co.tz' },
  UG: { operator: operatorId('UG', 'Airtel Money'), currencies: ['UGX'], domain: 'airtel.ug' },
  ZM: { operator: operatorId('ZM', 'Airtel Money'), currencies: ['ZMW'], domain: 'airtel.co.zm' },
} as const satisfies Record<string, Market>;

/** A country in which Airtel runs the Open API: ISO 3166 alpha-2. */
export type AirtelCountry = keyof typeof MARKETS;

/** Every country in which Airtel runs the Open API. */
export const AIRTEL_COUNTRIES = Object.keys(MARKETS) as readonly AirtelCountry[];

/** The address of a country's gateway; `undefined` where it is not known. */
export function hostOf(country: AirtelCountry, environment: 'sandbox' | 'production'): string | undefined {
  const { domain }: Market = MARKETS[country];
  if (domain === undefined) return undefined;
  return `https://${environment === 'production' ? 'openapi' : 'openapiuat'}.${domain}`;
}
