/**
 * ISO 4217 exponents of the currencies that wallets and rails here use.
 * A table of our own: the JavaScript runtime follows CLDR, which says 0 for MGA and SOS where ISO 4217 says 2.
 * What an operator accepts is another fact, kept per operator and direction.
 */
const EXPONENTS = {
  XOF: 0,
  XAF: 0,
  UGX: 0,
  RWF: 0,
  GNF: 0,
  BIF: 0,
  DJF: 0,
  KMF: 0,
  KES: 2,
  TZS: 2,
  ZMW: 2,
  MWK: 2,
  GHS: 2,
  NGN: 2,
  CDF: 2,
  MZN: 2,
  ETB: 2,
  LSL: 2,
  SZL: 2,
  SLE: 2,
  LRD: 2,
  GMD: 2,
  ZWG: 2,
  BWP: 2,
  NAD: 2,
  SSP: 2,
  SOS: 2,
  MGA: 2,
  MRU: 2,
  SCR: 2,
  EGP: 2,
  ZAR: 2,
  MAD: 2,
  DZD: 2,
  AOA: 2,
  SDG: 2,
  USD: 2,
  EUR: 2,
  GBP: 2,
  TND: 3,
  LYD: 3,
} as const;

/** An ISO 4217 code that this package knows the exponent of. */
export type CurrencyCode = keyof typeof EXPONENTS;

/** Every known code. */
export const CURRENCY_CODES = Object.keys(EXPONENTS) as readonly CurrencyCode[];

/** Codes that older code still meets, and what replaced them. They are refused by name. */
export const WITHDRAWN_CURRENCIES: Readonly<Record<string, string>> = {
  SLL: 'SLE (1 SLE = 1,000 SLL, since 2022)',
  ZWL: 'ZWG (since 2024)',
  MRO: 'MRU (1 MRU = 10 MRO, since 2018)',
  STD: 'STN (since 2018), which no operator here uses',
};

/** What replaced a withdrawn code, in words; `undefined` for any other code. */
export const successorOf = (code: string): string | undefined =>
  Object.hasOwn(WITHDRAWN_CURRENCIES, code) ? WITHDRAWN_CURRENCIES[code] : undefined;

/** Whether this package knows the code: ISO 4217, in upper case. */
export const isCurrencyCode = (code: unknown): code is CurrencyCode =>
  typeof code === 'string' && Object.hasOwn(EXPONENTS, code);

/** Digits behind the point in ISO 4217: `KES` 2, `UGX` 0, `TND` 3. */
export const exponentOf = (currency: CurrencyCode): number => EXPONENTS[currency];
