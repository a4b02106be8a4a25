import { constant, HEAD } from './code.ts';
import { readOperators, type SourceOperator } from './operators.ts';

/** The source tables, by file name. */
export type Sources = Readonly<Record<'operators.md', string>>;

/** Every generated file, by its path from the root of the repository. */
export function generate(sources: Sources): ReadonlyMap<string, string> {
  const operators = readOperators(sources['operators.md']);
  return new Map([['packages/mobile-money/src/directory/generated/operators.ts', operatorsModule(operators)]]);
}

function operatorsModule(operators: readonly SourceOperator[]): string {
  const records: Record<string, unknown> = {};
  const names: Record<string, Record<string, string>> = {};
  for (const { id, country, wallet, network, otherNames, networkCodes, ranges, seen } of operators) {
    records[id] = {
      id,
      country,
      wallet: wallet === '' ? undefined : wallet,
      network: network === '' ? undefined : network,
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
      'Ids by country and name: wallets, networks, and what both were called before.',
      names,
      ' as const',
    ),
  ].join('');
}
