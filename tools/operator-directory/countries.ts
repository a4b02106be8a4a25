import { isCurrencyCode } from '../../packages/core/src/currencies.ts';
import { checkMonth, checkOrigin, type Source } from './sources.ts';
import { listOf, oneOf, readTable, TableError } from './table.ts';

const COLUMNS = [
  'country',
  'name',
  'iso3',
  'code',
  'digits',
  'zero',
  'currencies',
  'ports',
  'since',
  'flag',
  'elsewhere',
  'language',
  'source',
  'date',
] as const;

export interface SourceCountry {
  readonly country: string;
  readonly name: string;
  readonly iso3: string;
  readonly callingCode: string;
  readonly digits: readonly number[];
  readonly zero: string;
  readonly currencies: readonly string[];
  readonly ports: string;
  readonly portsSince: string;
  readonly libraryFlag: string;
  readonly elsewhere: string;
  readonly language: string;
}

export function readCountries(text: string, sources: readonly Source[]): SourceCountry[] {
  return readTable('countries.md', text, COLUMNS).map((row) => {
    const { at, country, name, iso3, code, since } = row;
    checkOrigin(row, sources);
    if (since !== '') checkMonth(since, at);
    if (!/^[A-Z]{2}$/.test(country)) throw new TableError(at, `"${country}" is no country code`);
    if (!/^[A-Z]{3}$/.test(iso3)) throw new TableError(at, `"${iso3}" is no country code of three letters`);
    const currencies = listOf(row.currencies);
    for (const currency of currencies) {
      if (!isCurrencyCode(currency)) throw new TableError(at, `core knows no currency "${currency}"`);
    }
    return {
      country,
      name,
      iso3,
      callingCode: code,
      digits: listOf(row.digits).map(Number),
      zero: oneOf(row.zero, ['trunk', 'kept', 'none'], at),
      currencies,
      ports: oneOf(row.ports, ['yes', 'rare', 'building', 'no'], at),
      portsSince: since,
      libraryFlag: oneOf(row.flag, ['yes', 'missing', ''], at),
      elsewhere: oneOf(row.elsewhere, ['few', 'some', 'many'], at),
      language: oneOf(row.language, ['en', 'fr', 'sw', 'pt'], at),
    };
  });
}
