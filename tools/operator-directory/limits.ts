import { type CurrencyCode, exponentOf, isCurrencyCode } from '../../packages/core/src/currencies.ts';
import type { SourceCountry } from './countries.ts';
import type { SourceOperator } from './operators.ts';
import { checkOrigin, type Source } from './sources.ts';
import { readTable, TableError } from './table.ts';

const COLUMNS = [
  'operator',
  'currency',
  'collect',
  'collect decimals',
  'pay out',
  'pay out decimals',
  'source',
  'date',
] as const;
const BOUNDS = /^([1-9]\d*)-([1-9]\d*)$/;

interface Bounds {
  readonly decimals: number;
  readonly minMinor?: bigint;
  readonly maxMinor?: bigint;
}

export interface SourceLimits {
  readonly operator: string;
  readonly currency: CurrencyCode;
  readonly collect: Bounds;
  readonly payOut: Bounds;
  readonly asOf: string;
}

export function readLimits(
  text: string,
  operators: readonly SourceOperator[],
  countries: readonly SourceCountry[],
  sources: readonly Source[],
): SourceLimits[] {
  return readTable('limits.md', text, COLUMNS).map((row) => {
    const { at, currency } = row;
    checkOrigin(row, sources);
    const operator = operators.find(({ id }) => id === row.operator);
    const country = countries.find((candidate) => candidate.country === operator?.country);
    if (operator === undefined || country === undefined) throw new TableError(at, `"${row.operator}" is not known`);
    if (!isCurrencyCode(currency) || !country.currencies.includes(currency)) {
      throw new TableError(at, `"${currency}" is no currency of ${country.country}`);
    }
    return {
      operator: operator.id,
      currency,
      collect: bounds(row.collect, row['collect decimals'], currency, at),
      payOut: bounds(row['pay out'] === '=' ? row.collect : row['pay out'], row['pay out decimals'], currency, at),
      asOf: row.date,
    };
  });
}

function bounds(cell: string, decimals: string, currency: CurrencyCode, at: string): Bounds {
  if (!/^[0-3]$/.test(decimals)) throw new TableError(at, `"${decimals}" is no number of decimals`);
  if (cell === '') return { decimals: Number(decimals) };
  const [, min, max] = BOUNDS.exec(cell) ?? [];
  if (min === undefined || max === undefined || BigInt(min) > BigInt(max)) {
    throw new TableError(at, `"${cell}" is not a pair of bounds, such as 1-1000`);
  }
  const minor = 10n ** BigInt(exponentOf(currency));
  return { decimals: Number(decimals), minMinor: BigInt(min) * minor, maxMinor: BigInt(max) * minor };
}
