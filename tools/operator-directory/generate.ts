import { constant, HEAD } from './code.ts';
import { readCountries, type SourceCountry } from './countries.ts';
import { readLimits, type SourceLimits } from './limits.ts';
import { readOperators, type SourceOperator } from './operators.ts';
import { readRanges, type SourceRange } from './prefixes.ts';
import { readPrompts, type SourcePrompt } from './prompts.ts';
import { readSources, type Source } from './sources.ts';

/** The source tables under packages/mobile-money/data, by file name. */
export const TABLES = ['sources.md', 'countries.md', 'operators.md', 'prefixes.md', 'limits.md', 'prompts.md'] as const;

/** What the tables say, checked against one another. */
export interface Directory {
  readonly sources: readonly Source[];
  readonly countries: readonly SourceCountry[];
  readonly operators: readonly SourceOperator[];
  readonly ranges: readonly SourceRange[];
  readonly limits: readonly SourceLimits[];
  readonly prompts: readonly SourcePrompt[];
}

/** @throws TableError naming the file and the line of the first thing that is wrong. */
export function readDirectory(tables: Readonly<Record<(typeof TABLES)[number], string>>): Directory {
  const sources = readSources(tables['sources.md']);
  const countries = readCountries(tables['countries.md'], sources);
  const operators = readOperators(tables['operators.md'], sources);
  return {
    sources,
    countries,
    operators,
    ranges: readRanges(tables['prefixes.md'], operators, countries, sources),
    limits: readLimits(tables['limits.md'], operators, countries, sources),
    prompts: readPrompts(tables['prompts.md'], operators, sources),
  };
}

/** The modules that are made from the tables, by file name. */
export function writeModules(directory: Directory): ReadonlyMap<string, string> {
  return new Map([
    ['countries.ts', countriesModule(directory)],
    ['operators.ts', operatorsModule(directory)],
    ['ranges.ts', rangesModule(directory)],
    ['limits.ts', limitsModule(directory)],
    ['prompts.ts', promptsModule(directory)],
  ]);
}

const unlessEmpty = (text: string): string | undefined => (text === '' ? undefined : text);

function countriesModule({ countries, ranges }: Directory): string {
  const records = countries.map((entry) => {
    const { portsSince, libraryFlag, ...rest } = entry;
    const changed = ranges.filter(({ operator }) => operator.country === entry.country).map((range) => range.changed);
    const record = {
      ...rest,
      portsSince: unlessEmpty(portsSince),
      libraryFlag: unlessEmpty(libraryFlag),
      rangesChanged: changed.toSorted().at(-1),
    };
    return [entry.country, record] as const;
  });
  return HEAD + constant('COUNTRY_DATA', 'Every country, by its code.', Object.fromEntries(records), ' as const');
}

function operatorsModule({ operators }: Directory): string {
  const records: Record<string, unknown> = {};
  const names: Record<string, Record<string, string>> = {};
  for (const { id, country, wallet, network, otherNames, networkCodes, ranges, seen } of operators) {
    records[id] = {
      id,
      country,
      wallet: unlessEmpty(wallet),
      network: unlessEmpty(network),
      otherNames,
      networkCodes,
      ranges,
      seen,
    };
    names[country] ??= {};
    for (const name of [wallet, network, ...otherNames]) if (name !== '') names[country][name] = id;
  }
  return [
    HEAD,
    constant('OPERATOR_DATA', 'Every operator, by its id.', records, ' as const'),
    constant(
      'OPERATOR_NAMES',
      'Ids by country and name: wallets, networks, and what both were called.',
      names,
      ' as const',
    ),
  ].join('');
}

function rangesModule({ ranges, sources }: Directory): string {
  const texts: Record<string, string> = {};
  for (const { operator, written, until } of ranges) if (until === '') texts[operator.id] = written;
  const read = sources.find(({ name }) => name === 'carriers')?.read ?? '';
  return [
    HEAD,
    `\n/** The day on which the ranges were read. */\nexport const RANGES_READ = '${read}';\n`,
    constant(
      'RANGE_DATA',
      'What numbers begin with behind the country code; 70-72 is 70, 71 and 72.',
      texts,
      ' as const',
    ),
  ].join('');
}

function limitsModule({ limits }: Directory): string {
  const records = limits.map(({ operator, currency, ...rest }) => [`${operator} ${currency}`, rest] as const);
  return (
    HEAD + constant('LIMIT_DATA', 'Bounds by operator and currency, in minor units.', Object.fromEntries(records), '')
  );
}

function promptsModule({ prompts }: Directory): string {
  const records = prompts.map(({ operator, appears, revive, dial, choices, livesSeconds, againSeconds, asOf }) => {
    const record = {
      appears: unlessEmpty(appears),
      revivable: revive === '' ? undefined : revive === 'yes',
      dial: dial === '' ? undefined : { code: dial, choices },
      livesMs: livesSeconds === undefined ? undefined : livesSeconds * 1_000,
      againMs: againSeconds === undefined ? undefined : againSeconds * 1_000,
      asOf,
    };
    return [operator, record] as const;
  });
  return (
    HEAD +
    constant('PROMPT_DATA', 'How a collection is approved, by operator.', Object.fromEntries(records), ' as const')
  );
}
