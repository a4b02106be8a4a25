/** Rows of one kind in the order they were written, found by what is in them. */
export interface Register<Row extends object> {
  readonly add: (row: Row) => void;
  /** Rows in which every given property has the given value, oldest first; all of them when left out. */
  readonly find: (filter?: Partial<Row>) => readonly Row[];
}

/** @param indexed Properties by which rows are looked up often: those look-ups do not go through all rows. */
export function createRegister<Row extends object>(...indexed: readonly (keyof Row & string)[]): Register<Row> {
  const rows: Row[] = [];
  const indexes = indexed.map((name) => ({ name, byValue: new Map<unknown, Row[]>() }));
  return {
    add(row) {
      rows.push(row);
      for (const { name, byValue } of indexes) {
        const list = byValue.get(row[name]);
        if (list === undefined) byValue.set(row[name], [row]);
        else list.push(row);
      }
    },
    find(filter = {}) {
      const wanted = (Object.entries(filter) as [keyof Row & string, unknown][]).filter(
        ([, value]) => value !== undefined,
      );
      const index = indexes.find(({ name }) => wanted.some(([property]) => property === name));
      const candidates = index === undefined ? rows : (index.byValue.get(filter[index.name]) ?? []);
      return candidates.filter((row) => wanted.every(([name, value]) => row[name] === value));
    },
  };
}
