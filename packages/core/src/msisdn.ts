import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/mobile';

import { InvalidRequestError } from './errors/request.ts';
import { maskDigits } from './redact.ts';

/** A phone number, normalised, with a note of everything that was assumed on the way. */
export interface ParsedMsisdn {
  /** E.164 digits without a plus: `254712345678`. */
  readonly msisdn: string;
  /** ISO 3166 alpha-2. */
  readonly country: string;
  /** The part after the country code, as operators' prefix tables spell it; keeps a zero that belongs to the number. */
  readonly national: string;
  /**
   * Whether the number lies in a known mobile range. A warning, not a verdict: new ranges reach every table months late, so
   * an unknown range is not an invalid number.
   */
  readonly knownRange: boolean;
  /** What was assumed, in words; empty when the number came whole. */
  readonly assumptions: readonly string[];
}

export interface ParseMsisdnOptions {
  /** ISO 3166 alpha-2 of the country in which a national form is meant. */
  readonly country?: string;
  /** Name of the field, for the error. */
  readonly field?: string;
}

const LONGEST_INPUT = 32;
const SEPARATORS = /[\s().\-/\u00a0\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;
const ACCEPTED = /^\+?\d{6,18}$/;

/** Countries whose old, shorter numbers can be rewritten without doubt, and those whose cannot. */
const OLD_PLANS: Readonly<Record<string, { readonly length: number; readonly prefix: string | undefined }>> = {
  /** Ten digits since November 2024: "01" in front of the old eight. Source: docs/msisdn.md#old-plans */
  BJ: { length: 8, prefix: '01' },
  /** Ten digits since January 2021: the operator's two digits in front, which the old eight do not tell. */
  CI: { length: 8, prefix: undefined },
};

const CALLING_CODES: Readonly<Record<string, string>> = { BJ: '229', CI: '225' };

/**
 * Normalises a phone number to E.164 digits.
 * Takes international forms (`+254…`, `00254…`, `254…`) and, where `country` is given, national ones. A zero is stripped only
 * where it is a trunk digit: in Benin, Côte d'Ivoire and Congo it belongs to the number. Arabic-Indic digits are read.
 * @throws InvalidRequestError naming the field, never the number.
 */
export function parseMsisdn(value: unknown, { country, field = 'phoneNumber' }: ParseMsisdnOptions = {}): ParsedMsisdn {
  const refuse = (expected: string): never => {
    throw new InvalidRequestError({ field, expected });
  };
  if (typeof value !== 'string') return refuse('a phone number as text, such as "+254712345678"');
  if (country !== undefined && !isSupportedCountry(country)) {
    throw new InvalidRequestError({ field: 'country', expected: 'an ISO 3166 alpha-2 country code, such as "KE"' });
  }
  const text = value.length > LONGEST_INPUT ? '' : foldDigits(value.trim()).replace(SEPARATORS, '');
  if (!ACCEPTED.test(text)) return refuse('a phone number of digits, with or without "+", such as "+254712345678"');

  const assumptions: string[] = [];
  const rewritten = rewriteOldPlan(text, country, assumptions, refuse);
  const parsed = readInternational(rewritten, country, assumptions) ?? readNational(rewritten, country);
  if (parsed?.country === undefined || !parsed.isPossible()) {
    return refuse(
      country === undefined
        ? 'a phone number in international form, such as "+254712345678"'
        : `a phone number of ${country}, or one in international form`,
    );
  }
  if (hasDroppedTrunkZero(rewritten, parsed.number)) assumptions.push('a zero behind the country code was removed');
  return {
    msisdn: parsed.number.slice(1),
    country: parsed.country,
    national: parsed.nationalNumber,
    knownRange: parsed.isValid(),
    assumptions,
  };
}

/** Masks a number for people and logs: `254••••••678`. */
export const maskMsisdn = (msisdn: string): string => maskDigits(msisdn).replaceAll('*', '•');

function readInternational(text: string, country: string | undefined, assumptions: string[]) {
  if (text.startsWith('+')) return parsePhoneNumberFromString(text);
  const dialled = country as CountryCode | undefined;
  if (text.startsWith('00')) {
    return parsePhoneNumberFromString(`+${text.replace(/^0{2,3}/, '')}`) ?? parsePhoneNumberFromString(text, dialled);
  }
  if (text.startsWith('0')) return undefined;
  const international = parsePhoneNumberFromString(`+${text}`);
  if (international?.isValid() !== true) return undefined;
  const home = country === undefined ? undefined : parsePhoneNumberFromString(text, dialled);
  if (home?.isValid() === true && home.number !== international.number) return home;
  assumptions.push('the country code was read without a plus');
  return international;
}

function readNational(text: string, country: string | undefined) {
  if (country !== undefined) return parsePhoneNumberFromString(text, country as CountryCode);
  return text.startsWith('0') ? undefined : parsePhoneNumberFromString(`+${text}`);
}

function rewriteOldPlan(
  text: string,
  country: string | undefined,
  assumptions: string[],
  refuse: (expected: string) => never,
): string {
  const digits = text.replace(/^\+|^00/, '');
  for (const [planCountry, { length, prefix }] of Object.entries(OLD_PLANS)) {
    const code = CALLING_CODES[planCountry] ?? '';
    const isWhole = digits.startsWith(code) && digits.length === code.length + length;
    const isNational = country === planCountry && digits.length === length && digits === text;
    if (!isWhole && !isNational) continue;
    if (prefix === undefined) {
      return refuse(
        `a ten-digit number: ${planCountry} numbers of ${length} digits do not tell the operator since 2021`,
      );
    }
    assumptions.push(`the old number of ${length} digits was given "${prefix}" in front`);
    return `+${code}${prefix}${isWhole ? digits.slice(code.length) : digits}`;
  }
  return text;
}

const hasDroppedTrunkZero = (text: string, e164: string): boolean => {
  const digits = text.replace(/^\+|^0{2,3}/, '');
  return !text.startsWith('0') && digits.length === e164.length && digits !== e164.slice(1);
};

/** Arabic-Indic and Extended Arabic-Indic digits to ASCII. */
function foldDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf));
}
