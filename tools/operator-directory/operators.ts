import { checkOrigin, type Source } from './sources.ts';
import { listOf, once, oneOf, readTable, TableError } from './table.ts';

const COLUMNS = ['id', 'wallet', 'network', 'also', 'codes', 'ranges', 'seen', 'source', 'date'] as const;
const ID = /^[a-z]{2}-(?:\d{5}|x[1-9]\d?)$/;
const SEEN: Readonly<Record<string, string>> = { V: 'primary', S: 'secondary', U: 'unconfirmed' };

export interface SourceOperator {
  readonly at: string;
  readonly id: string;
  readonly country: string;
  readonly wallet: string;
  readonly network: string;
  readonly otherNames: readonly string[];
  readonly networkCodes: readonly string[];
  readonly ranges: string;
  readonly seen: string;
}

export function readOperators(text: string, sources: readonly Source[]): SourceOperator[] {
  const ids = new Map<string, string>();
  const codes = new Map<string, string>();
  const names = new Map<string, string>();
  return readTable('operators.md', text, COLUMNS).map((row) => {
    const { at, id, wallet, network } = row;
    checkOrigin(row, sources);
    if (!ID.test(id)) throw new TableError(at, `"${id}" is no operator id`);
    once(ids, id, at);
    const country = id.slice(0, 2).toUpperCase();
    const networkCodes = listOf(row.codes);
    const own = id.slice(3);
    if (!own.startsWith('x') && networkCodes[0] !== own)
      throw new TableError(at, 'the first code is not that of the id');
    for (const code of networkCodes) once(codes, code, at);
    const otherNames = listOf(row.also, ';');
    for (const name of new Set([wallet, network, ...otherNames])) {
      if (name !== '') once(names, `${country} ${name.toLowerCase()}`, at);
    }
    if (wallet === '' && network === '') throw new TableError(at, 'neither wallet nor network has a name');
    const ranges = oneOf(row.ranges, ['own', 'any', 'none'], at);
    const seen = SEEN[row.seen];
    if (seen === undefined) throw new TableError(at, `"${row.seen}" is not V, S or U`);
    return { at, id, country, wallet, network, otherNames, networkCodes, ranges, seen };
  });
}
