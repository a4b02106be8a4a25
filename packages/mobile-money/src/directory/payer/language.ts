import { type Country, findCountry } from '../countries.ts';

/** In which payers are addressed. */
export type PayerLanguage = Country['language'];

/** The languages that sentences for payers are written in. */
export const PAYER_LANGUAGES = ['en', 'fr', 'sw', 'pt'] as const satisfies readonly PayerLanguage[];

/**
 * The language to use: the wish where we speak it (`fr-CI` and `FR` are French), else that of the country, else English.
 * @param tag A language tag (BCP 47), as an app or a profile holds it.
 * @param country ISO 3166 alpha-2.
 */
export function payerLanguage(tag?: string, country?: string): PayerLanguage {
  const wish = tag?.toLowerCase().split(/[-_]/)[0];
  const spoken = PAYER_LANGUAGES.find((language) => language === wish);
  return spoken ?? findCountry(country ?? '')?.language ?? 'en';
}
