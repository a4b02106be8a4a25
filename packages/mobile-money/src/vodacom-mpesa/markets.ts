import type { CurrencyCode } from '@canza/core';

import { operatorId } from '../directory/operators.ts';

/** One country's M-Pesa, as the Open API spells it. */
export interface Market {
  /** The segment of every path. */
  readonly context: string;
  readonly country: string;
  /** Currencies of its wallets; an application is set up for one of them. */
  readonly currencies: readonly [CurrencyCode, ...CurrencyCode[]];
  readonly operator: string;
  /** E.164 digits. Lesotho's eleven are fewer than the twelve that the published pattern asks for, and right all the same. */
  readonly msisdn: RegExp;
}

/**
 * Where Vodacom's M-Pesa is reached over the Open API, by `input_Country`.
 * Source: docs/providers/vodacom-mpesa.md#markets
 */
export const MARKETS = {
  TZN: {
    context: 'vodacomTZN',
    country: 'TZ',
    currencies: ['TZS'],
    operator: operatorId('TZ', 'M-Pesa'),
    msisdn: /^255\d{9}$/,
  },
  MOZ: {
    context: 'vodacomMOZ',
    country: 'MZ',
    currencies: ['MZN'],
    operator: operatorId('MZ', 'M-Pesa'),
    msisdn: /^258\d{9}$/,
  },
  DRC: {
    context: 'vodacomDRC',
    country: 'CD',
    currencies: ['USD', 'CDF'],
    operator: operatorId('CD', 'M-Pesa'),
    msisdn: /^243\d{9}$/,
  },
  LES: {
    context: 'vodacomLES',
    country: 'LS',
    currencies: ['LSL'],
    operator: operatorId('LS', 'M-Pesa'),
    msisdn: /^266\d{8}$/,
  },
} as const satisfies Record<string, Market>;

/** The Open API's word for a country. */
export type MarketCode = keyof typeof MARKETS;

export const MARKET_CODES = Object.keys(MARKETS) as readonly MarketCode[];
