import type { MobileMoneyProvider, Operation } from '../../packages/core/src/index.ts';
import type { Adapter } from './adapters.ts';

const COLUMNS: readonly (readonly [heading: string, operation: Operation])[] = [
  ['collect', 'collect'],
  ['pay out', 'disburse'],
  ['across borders', 'remit'],
  ['refund', 'refund'],
  ['ask what became of it', 'query'],
  ['our balance', 'balance'],
  ['who holds a wallet', 'lookupAccount'],
];

const isSupported = ({ capabilities }: MobileMoneyProvider, operation: Operation): boolean =>
  capabilities[operation] === 'supported';

interface Row {
  readonly subpath: string;
  readonly can: string;
  readonly providers: MobileMoneyProvider[];
}

/**
 * What each adapter can do, and where: one row for the countries in which it can do the same, and in words why something is
 * not there.
 * @param brandOf The wallet's name, by operator id.
 */
export function capabilityTable(adapters: readonly Adapter[], brandOf: (operator: string) => string): string {
  const rows = adapters.flatMap(({ subpath, providers }) => {
    const found = new Map<string, Row>();
    for (const provider of providers) {
      const can = COLUMNS.map(([, operation]) => (isSupported(provider, operation) ? 'yes' : '–')).join(' | ');
      const row = found.get(can) ?? { subpath, can, providers: [] };
      row.providers.push(provider);
      found.set(can, row);
    }
    return [...found.values()];
  });
  const head = ['operator', 'countries', ...COLUMNS.map(([heading]) => heading)];
  const lines = rows.map(({ subpath, can, providers }) => {
    const routes = providers.flatMap((provider) => provider.routes);
    const brands = [...new Set(routes.map(({ operator }) => brandOf(operator)))].join(', ');
    const countries = [...new Set(routes.map(({ country }) => country))].toSorted().join(', ');
    return `| [${brands}](docs/providers/${subpath}.md) \`/${subpath}\` | ${countries} | ${can} |`;
  });
  const because = rows.flatMap(({ subpath, providers: [provider] }) =>
    COLUMNS.flatMap(([heading, operation]) => {
      const support = provider?.capabilities[operation];
      if (support === undefined || support === 'supported') return [];
      return [`- \`/${subpath}\`, ${heading}: ${support.unsupported}`];
    }),
  );
  const rule = `| ${head.map(() => '---').join(' | ')} |`;
  return `${[`| ${head.join(' | ')} |`, rule, ...lines, '', ...because].join('\n')}\n`;
}
