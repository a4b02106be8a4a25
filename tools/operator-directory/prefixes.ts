import type { SourceCountry } from './countries.ts';
import type { SourceOperator } from './operators.ts';
import { checkMonth, checkOrigin, type Source } from './sources.ts';
import { listOf, once, readTable, TableError } from './table.ts';

const COLUMNS = ['operator', 'prefixes', 'until', 'source', 'changed'] as const;
const PREFIX = /^(\d{1,5})(?:-(\d{1,5}))?$/;

export interface SourceRange {
  readonly operator: SourceOperator;
  /** As it is written, with runs such as `70-72`. */
  readonly written: string;
  /** One by one. */
  readonly prefixes: readonly string[];
  readonly until: string;
  readonly changed: string;
}

export function readRanges(
  text: string,
  operators: readonly SourceOperator[],
  countries: readonly SourceCountry[],
  sources: readonly Source[],
): SourceRange[] {
  const holders = new Map<string, string>();
  return readTable('prefixes.md', text, COLUMNS).map((row) => {
    const { at, until, changed } = row;
    checkOrigin({ at, source: row.source, date: changed }, sources);
    if (until !== '') checkMonth(until, at);
    const operator = operators.find(({ id }) => id === row.operator);
    if (operator === undefined) throw new TableError(at, `operators.md has no "${row.operator}"`);
    if (operator.ranges === 'none') throw new TableError(at, `${operator.id} has no ranges, as operators.md says`);
    const country = countries.find((candidate) => candidate.country === operator.country);
    if (country === undefined) throw new TableError(at, `countries.md has no "${operator.country}"`);
    const prefixes = listOf(row.prefixes).flatMap((part) => expand(part, at));
    for (const prefix of prefixes) {
      if (until === '' && prefix.startsWith('0') && country.zero === 'trunk') {
        throw new TableError(at, `"${prefix}" begins with a zero that is no part of numbers in ${country.country}`);
      }
      once(holders, `${operator.country} ${prefix}`, at);
    }
    return { operator, written: row.prefixes, prefixes, until, changed };
  });
}

/** `70-72` to 70, 71, 72; zeros in front are kept. */
function expand(part: string, at: string): string[] {
  const [, first, last = first] = PREFIX.exec(part) ?? [];
  if (first === undefined || last === undefined || first.length !== last.length || first > last) {
    throw new TableError(at, `"${part}" is no prefix and no run of prefixes`);
  }
  const count = Number(last) - Number(first) + 1;
  return Array.from({ length: count }, (_, step) => String(Number(first) + step).padStart(first.length, '0'));
}
