import type { CurrencyCode } from '@canza/core';

/** One country of the platform, as its addresses and fields name it. */
export interface Market {
  /** `input_Country`. */
  readonly country: string;
  readonly currencies: readonly [CurrencyCode, ...CurrencyCode[]];
  readonly callingCode: string;
  /** Digits of a number, country code included. */
  readonly msisdnLength: number;
}

/** By the part of the address that names them. Source: docs/sandbox/vodacom-mpesa.md#markets */
export const MARKETS = {
  vodacomTZN: { country: 'TZN', currencies: ['TZS'], callingCode: '255', msisdnLength: 12 },
  vodacomMOZ: { country: 'MOZ', currencies: ['MZN'], callingCode: '258', msisdnLength: 12 },
  vodacomDRC: { country: 'DRC', currencies: ['USD', 'CDF'], callingCode: '243', msisdnLength: 12 },
  vodacomLES: { country: 'LES', currencies: ['LSL'], callingCode: '266', msisdnLength: 11 },
  vodafoneGHA: { country: 'GHA', currencies: ['GHS'], callingCode: '233', msisdnLength: 12 },
} as const satisfies Readonly<Record<string, Market>>;

/** A market that can be played, as paths spell it. */
export type MarketName = keyof typeof MARKETS;

export const isMarketName = (name: string): name is MarketName => Object.hasOwn(MARKETS, name);
