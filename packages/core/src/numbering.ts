import { getCountries, getCountryCallingCode, type PhoneNumber } from 'libphonenumber-js/mobile';

/**
 * The numbering plans of the world, from libphonenumber's metadata for mobiles.
 * The library is built into this one file of the published package: as a dependency its hundred modules would double the
 * time that importing core takes.
 */
export {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString as parsePhone,
} from 'libphonenumber-js/mobile';

/** Digits of a mobile number behind the country code, for the countries that this package serves. */
const COUNTRIES_BY_LENGTH: readonly (readonly [lengths: readonly number[], countries: string])[] = [
  [[7], 'GM KM SC'],
  [[8], 'BF BI BW CF DJ GA LS ML MR NE SL SZ TD TG TN'],
  [[9], 'AO CD CG CM DZ ET GH GN GW KE LY MA MG MW MZ NA RW SD SN SS TZ UG ZA ZM ZW'],
  [[10], 'BJ CI EG NG'],
  [[7, 9], 'LR'],
  [[7, 8, 9], 'SO'],
];
const LENGTHS: ReadonlyMap<string, readonly number[]> = new Map(
  COUNTRIES_BY_LENGTH.flatMap(([lengths, countries]) => countries.split(' ').map((country) => [country, lengths])),
);

/** Where mobile numbers may begin with a zero, which then belongs to them. */
const KEPT_ZERO: ReadonlySet<string> = new Set(['BF', 'BJ', 'CG', 'CI']);

/** Where numbers of an earlier plan have to be told from those of today. */
const OLD_PLANS: ReadonlySet<string> = new Set(['BJ', 'CI', 'GA']);

/** Digits behind the code that a mobile number of a served country has. */
export const mobileLengthsOf = (country: string): readonly number[] | undefined => LENGTHS.get(country);

/** Countries whose numbering is kept here; of the others the library alone is asked. */
export const isServedCountry = (country: string): boolean => LENGTHS.has(country);

/**
 * Whether a national number has the form of a mobile one. The library's own check takes in fixed lines and short codes, and so
 * lets a mobile number pass that lacks a digit. Source: docs/msisdn.md#lengths
 */
export function hasMobileForm(phone: PhoneNumber): boolean {
  const { country = '', nationalNumber } = phone;
  const lengths = mobileLengthsOf(country);
  if (lengths === undefined) return phone.isPossible();
  return lengths.includes(nationalNumber.length) && (!nationalNumber.startsWith('0') || KEPT_ZERO.has(country));
}

/** Served countries by calling code, without the codes that several countries share and those whose old plans are still dialled. */
const COUNTRY_BY_CODE: ReadonlyMap<string, string> = new Map<string, string>(
  [...Map.groupBy(getCountries(), (country) => getCountryCallingCode(country))].flatMap(([code, countries]) => {
    const [country = '', another] = countries;
    return another === undefined && isServedCountry(country) && !OLD_PLANS.has(country)
      ? [[code, country] as const]
      : [];
  }),
);

/**
 * The country of `+` and digits that are surely a mobile number's whole international form, as far as lengths tell; `undefined`
 * where the library has to read it.
 */
export function countryOfWholeNumber(text: string): string | undefined {
  const code = text.slice(1, 4);
  const country = COUNTRY_BY_CODE.get(code);
  if (country === undefined) return undefined;
  const isWhole =
    LENGTHS.get(country)?.includes(text.length - 4) === true && (text[4] !== '0' || KEPT_ZERO.has(country));
  return isWhole ? country : undefined;
}
