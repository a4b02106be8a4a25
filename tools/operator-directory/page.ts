import { formatMoney } from '../../packages/core/src/money.ts';
import type { SourceCountry } from './countries.ts';
import type { Directory } from './generate.ts';
import type { SourceLimits } from './limits.ts';
import type { SourceOperator } from './operators.ts';

/** Puts fresh tables between the marks of docs/operators.md; what stands around them is written by hand. */
export function fillPage(page: string, directory: Directory): string {
  const tables: Readonly<Record<string, string>> = {
    sources: table(
      ['source', 'what it is', 'read'],
      directory.sources.map(({ name, what, read }) => [name, what, read]),
    ),
    countries: countriesTable(directory),
    operators: operatorsTable(directory),
    prompts: promptsTable(directory),
  };
  let filled = page;
  for (const [name, text] of Object.entries(tables)) {
    const begin = `<!-- generated: ${name} -->\n`;
    const end = `<!-- end: ${name} -->`;
    const from = filled.indexOf(begin);
    const to = filled.indexOf(end);
    if (from < 0 || to < from) throw new Error(`docs/operators.md has no place for the table "${name}"`);
    filled = filled.slice(0, from + begin.length) + text + filled.slice(to);
  }
  return filled;
}

const DASH = '–';

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => (cell === '' ? DASH : cell)).join(' | ')} |\n`)
    .join('');

const ZERO: Readonly<Record<string, string>> = { trunk: 'dialled at home only', kept: 'part of the number', none: '' };

function countriesTable({ countries, ranges }: Directory): string {
  const rows = countries.map((country) => {
    const changed = ranges.filter(({ operator }) => operator.country === country.country).map((range) => range.changed);
    return [
      `${country.name} ${country.country}`,
      country.callingCode,
      country.digits.join(' or '),
      ZERO[country.zero] ?? '',
      country.currencies.join(', '),
      movesInWords(country),
      country.elsewhere,
      changed.toSorted().at(-1) ?? '',
    ];
  });
  const head = [
    'country',
    'code',
    'digits',
    'zero in front',
    'money',
    'numbers move',
    'wallets elsewhere',
    'ranges changed',
  ];
  return table(head, rows);
}

const MOVES: Readonly<Record<string, string>> = {
  yes: 'yes',
  rare: 'rarely',
  building: 'being prepared',
  no: 'nothing found',
};

function movesInWords({ ports, portsSince, libraryFlag }: SourceCountry): string {
  const since = portsSince === '' ? '' : ` since ${portsSince}`;
  return `${MOVES[ports]}${since}${libraryFlag === 'missing' ? '; libphonenumber does not say so' : ''}`;
}

function operatorsTable({ operators, ranges, limits }: Directory): string {
  const rows = operators.map((operator) => {
    const own = ranges.filter((range) => range.operator === operator && range.until === '');
    const known = limits.filter((entry) => entry.operator === operator.id);
    return [
      `\`${operator.id}\``,
      walletInWords(operator),
      [operator.network, ...operator.otherNames].filter((name) => name !== '').join('; '),
      own.map(({ written }) => written).join(' '),
      known.map((entry) => boundsInWords(entry, 'collect')).join('; '),
      known.map((entry) => boundsInWords(entry, 'payOut')).join('; '),
    ];
  });
  return table(['id', 'wallet', 'network, and other names', 'numbers begin with', 'collect', 'pay out'], rows);
}

const SEEN: Readonly<Record<string, string>> = { secondary: '', unconfirmed: ' (not confirmed)' };
const RANGES: Readonly<Record<string, string>> = {
  any: ', with any number of the country',
  none: ', without numbers of its own',
};

const walletInWords = ({ wallet, seen, ranges }: SourceOperator): string =>
  wallet === '' ? '' : `${wallet}${SEEN[seen] ?? ''}${RANGES[ranges] ?? ''}`;

function boundsInWords({ currency, ...entry }: SourceLimits, direction: 'collect' | 'payOut'): string {
  const { minMinor, maxMinor, decimals } = entry[direction];
  const places = decimals === 0 ? 'whole' : `${decimals} decimals`;
  if (minMinor === undefined || maxMinor === undefined) return `${currency}, ${places}`;
  const units = (amountMinor: bigint) => formatMoney({ currency, amountMinor }).replace(/\.0+$/, '');
  return `${units(minMinor)}–${units(maxMinor)} ${currency}, ${places}`;
}

function promptsTable({ operators, prompts }: Directory): string {
  const rows = prompts.map((prompt) => {
    const operator = operators.find(({ id }) => id === prompt.operator);
    return [
      `${operator?.wallet ?? ''} ${operator?.country ?? ''}`,
      prompt.appears.replace('-', ' '),
      prompt.revive,
      [prompt.dial === '' ? '' : `\`${prompt.dial}\``, ...prompt.choices].filter((part) => part !== '').join(', '),
      seconds(prompt.livesSeconds),
      seconds(prompt.againSeconds),
      prompt.asOf,
    ];
  });
  const head = ['wallet', 'prompt', 'can be brought back', 'dial', 'lives at most', 'next one after', 'as of'];
  return table(head, rows);
}

const seconds = (count: number | undefined): string => (count === undefined ? '' : `${count} s`);
