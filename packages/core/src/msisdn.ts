import { InvalidRequestError } from './errors/request.ts';
import {
  type CountryCode,
  countryOfWholeNumber,
  getCountryCallingCode,
  hasMobileForm,
  isServedCountry,
  isSupportedCountry,
  type PhoneNumber,
  parsePhone,
} from './numbering.ts';
import { maskWith } from './redact.ts';

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

/** How a phone number is to be read. */
export interface ParseMsisdnOptions {
  /** ISO 3166 alpha-2 of the country in which a national form is meant. */
  readonly country?: string | undefined;
  /** Name of the field, for the error. */
  readonly field?: string | undefined;
}

const LONGEST_INPUT = 40;
/** White space, brackets, dots, slashes, dashes of all lengths, and the invisible marks that copied numbers carry. */
const SEPARATORS = /[\s().\-/\u00ad\u200b-\u2015\u202a-\u202e\u2060-\u2069\u2212]+/g;
const ACCEPTED = /^\+?\d{6,18}$/;
/** Arabic-Indic, Extended Arabic-Indic and full-width digits, and the full-width plus. */
const FOREIGN_DIGITS = /[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19\uff0b]/g;

/** `+` and digits, as most callers write it. */
const PLAIN = /^\+[1-9]\d{7,14}$/;

type MobileNumber = PhoneNumber & { readonly country: CountryCode };

/** One way to read what was typed; `refusal` says in words what was expected instead. */
type Reading =
  | { readonly phone: MobileNumber; readonly assumptions: readonly string[]; readonly refusal?: undefined }
  | { readonly phone?: undefined; readonly refusal: string };

/**
 * Normalises a phone number to E.164 digits.
 * Takes international forms (`+254…`, `00254…`, `254…`, and behind the prefix that callers of `country` dial) and, where
 * `country` is given, national ones. A zero is stripped only where it is a trunk digit: in Benin, Côte d'Ivoire and Congo it
 * belongs to the number. A number that reads in two ways is refused, not guessed at.
 * @throws InvalidRequestError naming the field, never the number.
 * Source: docs/msisdn.md
 */
export function parseMsisdn(value: unknown, { country, field = 'phoneNumber' }: ParseMsisdnOptions = {}): ParsedMsisdn {
  if (typeof value !== 'string') {
    throw new InvalidRequestError({ field, expected: 'a phone number as text, such as "+254712345678"' });
  }
  if (country !== undefined && !isSupportedCountry(country)) {
    throw new InvalidRequestError({ field: 'country', expected: 'an ISO 3166 alpha-2 country code, such as "KE"' });
  }
  const known = PLAIN.test(value) ? countryOfWholeNumber(value) : undefined;
  if (known !== undefined) return wholeNumber(value, known);
  const text = value.length > LONGEST_INPUT ? '' : value.replace(FOREIGN_DIGITS, toAscii).replace(SEPARATORS, '');
  if (!ACCEPTED.test(text)) {
    throw new InvalidRequestError({
      field,
      expected: 'a phone number of digits, with or without "+", such as "+254712345678"',
    });
  }
  const reading = best(readingsOf(text, country));
  if (reading?.phone === undefined) {
    throw new InvalidRequestError({ field, expected: reading?.refusal ?? expectedOf(country) });
  }
  const { phone, assumptions } = reading;
  return {
    msisdn: phone.number.slice(1),
    country: phone.country,
    national: phone.nationalNumber,
    knownRange: phone.isValid(),
    assumptions,
  };
}

/** A number that needs no reading. Whether its range is known takes longer than all the rest, and few ask. */
const wholeNumber = (text: string, country: string): ParsedMsisdn => ({
  msisdn: text.slice(1),
  country,
  national: text.slice(4),
  get knownRange() {
    return parsePhone(text)?.isValid() === true;
  },
  assumptions: NOTHING_ASSUMED,
});

const NOTHING_ASSUMED: readonly string[] = Object.freeze([]);

/** Masks a number for people and logs: `254••••••678`. */
export const maskMsisdn = (msisdn: string): string => maskWith('•', msisdn);

const expectedOf = (country: string | undefined): string =>
  country === undefined
    ? 'a phone number in international form, such as "+254712345678"'
    : `a phone number of ${country}, or one in international form`;

/** Every reading of a text that gives a number, the likeliest first. */
function readingsOf(text: string, country: CountryCode | undefined): readonly Reading[] {
  if (text.startsWith('+')) return readInternational(text);
  // Given a country, the library also takes off the prefix dialled there: 000, 005, 006, 007 or 009 in some countries.
  const home = country === undefined ? [] : read(text, parsePhone(text, country));
  if (text.startsWith('00')) {
    const anywhere = readInternational(`+${text.replace(/^0{2,3}/, '')}`);
    // 009… is Nigeria's prefix and, behind 00, the beginning of a number in Asia: an unknown range there is no number.
    return [...home, ...anywhere].filter(({ phone }) => phone === undefined || isPlausible(phone));
  }
  if (text.startsWith('0')) return home;
  const abroad = readInternational(`+${text}`, ['the country code was read without a plus']);
  if (country === undefined) return abroad;
  const code = getCountryCallingCode(country);
  return readBare(
    home.find(({ phone }) => phone === undefined || phone.countryCallingCode === code),
    abroad[0],
  );
}

/**
 * Digits with neither plus nor zero in front, where a country is given: national, unless they are a known number behind the
 * code of a country that this package serves. A national number with a slip in it must not become one in Denmark.
 */
function readBare(home: Reading | undefined, abroad: Reading | undefined): readonly Reading[] {
  if (abroad === undefined) return home === undefined ? [] : [home];
  const { phone } = abroad;
  if (phone !== undefined && phone.number !== home?.phone?.number) {
    if (!isServedCountry(phone.country) || !phone.isValid()) return home === undefined ? [] : [home];
    if (home?.phone?.isValid() === true) {
      return [{ refusal: 'a phone number that can be read in one way only: write it with "+" and the country code' }];
    }
  }
  return [abroad];
}

function readInternational(text: string, assumptions: readonly string[] = []): readonly Reading[] {
  const phone = parsePhone(text);
  const hasDroppedZero = phone !== undefined && phone.number.length < text.length;
  // Behind a country code a trunk zero is a slip of the pen, forgiven only where the rest is surely a number.
  if (hasDroppedZero && !phone.isValid()) return [];
  return read(
    text,
    phone,
    hasDroppedZero ? [...assumptions, 'a zero behind the country code was removed'] : assumptions,
  );
}

/** A parsed number, brought to today's plan and checked for its length. */
function read(text: string, phone: PhoneNumber | undefined, assumptions: readonly string[] = []): readonly Reading[] {
  // Some countries' rules put digits in front of a short number: a guess that is not ours to make.
  if (phone === undefined || !hasCountry(phone) || !text.endsWith(phone.nationalNumber)) return [];
  const old = readOldPlan(phone, assumptions);
  if (old !== undefined) return [old];
  return hasMobileForm(phone) ? [{ phone, assumptions }] : [];
}

/**
 * Numbers of plans that have ended. Benin's are rewritten without doubt; Côte d'Ivoire's do not tell the operator, whose
 * digits stand in front today; Gabon's look like today's with a digit missing. Source: docs/msisdn.md#old-plans
 */
function readOldPlan({ country, nationalNumber }: MobileNumber, assumptions: readonly string[]): Reading | undefined {
  if (nationalNumber.length !== 8) return undefined;
  if (country === 'BJ') {
    const phone = parsePhone(`+22901${nationalNumber}`);
    if (phone === undefined || !hasCountry(phone) || !phone.isValid()) return undefined;
    return { phone, assumptions: [...assumptions, 'the old number of 8 digits was given "01" in front'] };
  }
  if (country === 'CI') {
    return { refusal: 'a ten-digit number: CI numbers of 8 digits do not tell the operator since 2021' };
  }
  if (country === 'GA' && nationalNumber.startsWith('0')) {
    return { refusal: 'a number of the plan of 2019, such as "077 12 34 56" or "+241 77 12 34 56"' };
  }
  return undefined;
}

const isPlausible = (phone: MobileNumber): boolean => isServedCountry(phone.country) || phone.isValid();

const hasCountry = (phone: PhoneNumber): phone is MobileNumber => phone.country !== undefined;

/** A known number first, then a refusal that says why, then a number of an unknown range. */
const best = (readings: readonly Reading[]): Reading | undefined =>
  readings.find(({ phone }) => phone?.isValid() === true) ??
  readings.find(({ phone }) => phone === undefined) ??
  readings[0];

const toAscii = (sign: string): string =>
  sign === '\uff0b' ? '+' : String.fromCodePoint(0x30 + ((sign.codePointAt(0) ?? 0) & 0xf));
