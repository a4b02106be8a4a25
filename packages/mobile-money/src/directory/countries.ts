import type { CurrencyCode } from '@canza/core';

import { COUNTRY_DATA } from './generated/countries.ts';

/** A country whose wallets the directory knows: how its numbers are built, its money, and whether numbers move. */
export interface Country {
  /** ISO 3166 alpha-2. */
  readonly country: DirectoryCountry;
  /** In English. */
  readonly name: string;
  /** ISO 3166 alpha-3, as some operators want it. */
  readonly iso3: string;
  /** The telephone network's country code: `254`. */
  readonly callingCode: string;
  /** Lengths of a mobile number behind the country code. */
  readonly digits: readonly number[];
  /** A zero in front: `trunk` is dialled at home only, `kept` belongs to the number, `none` where there is none. */
  readonly zero: 'trunk' | 'kept' | 'none';
  /** Currencies of wallets; the first is the usual one. */
  readonly currencies: readonly CurrencyCode[];
  /** Whether numbers move between networks: `rare` where they may and hardly do, `building` where it is being prepared. */
  readonly ports: 'yes' | 'rare' | 'building' | 'no';
  /** Month or year in which they began to. */
  readonly portsSince?: string;
  /** Whether libphonenumber marks the country as one with portability; `missing` where it should and does not. */
  readonly libraryFlag?: 'yes' | 'missing';
  /** How many people hold a wallet that no number range tells; an estimate of ours. */
  readonly elsewhere: 'few' | 'some' | 'many';
  /** In which a customer is addressed when nothing else is known. */
  readonly language: 'en' | 'fr' | 'sw' | 'pt';
  /** Month in which the upstream list of ranges last changed; left out where we keep no ranges. */
  readonly rangesChanged?: string;
}

/** ISO 3166 alpha-2 of a country in the directory. */
export type DirectoryCountry = keyof typeof COUNTRY_DATA;

/** Every country, by its code. */
export const COUNTRIES: Readonly<Record<DirectoryCountry, Country>> = COUNTRY_DATA;

/** A country by its code; `undefined` for one that is not in the directory. */
export const findCountry = (code: string): Country | undefined =>
  Object.hasOwn(COUNTRY_DATA, code) ? COUNTRIES[code as DirectoryCountry] : undefined;
