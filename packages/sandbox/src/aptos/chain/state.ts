import type { Address } from '../move/address.ts';
import { type AnyCell, addressOfKey, type CellKey, type CellName, type Cells, cellKey } from './cells.ts';

/** What stood in a cell since a version; `undefined` where it was deleted. */
interface History {
  readonly versions: number[];
  readonly values: (AnyCell | undefined)[];
}

/** How long a history grows before what nobody may ask for any more is cut off. */
const PRUNE_ABOVE = 32;

/** Reads cells as they stand at one version. */
export interface StateView {
  get<Name extends CellName>(address: Address, name: Name): Cells[Name] | undefined;
}

/**
 * Everything that the chain keeps, as it stood at each version that is still kept: a cell's values are stamped with the version
 * that wrote them, so that a snapshot is nothing but a number.
 */
export class VersionedState {
  readonly #cells = new Map<CellKey, History>();
  readonly #keysByAddress = new Map<Address, CellKey[]>();
  /** The oldest version that may still be read. */
  oldestVersion = 0;

  read(key: CellKey, version: number): AnyCell | undefined {
    const history = this.#cells.get(key);
    if (history === undefined) return undefined;
    const { versions, values } = history;
    let index = versions.length - 1;
    if ((versions[index] ?? 0) > version) index = lastAtOrBefore(versions, version);
    return values[index];
  }

  /** Versions are written in ascending order. */
  write(key: CellKey, version: number, value: AnyCell | undefined): void {
    const history = this.#cells.get(key);
    if (history === undefined) {
      this.#cells.set(key, { versions: [version], values: [value] });
      const address = addressOfKey(key);
      const keys = this.#keysByAddress.get(address);
      if (keys === undefined) this.#keysByAddress.set(address, [key]);
      else keys.push(key);
      return;
    }
    const { versions, values } = history;
    if (versions.length > PRUNE_ABOVE) {
      const keepFrom = lastAtOrBefore(versions, this.oldestVersion);
      // Half of it at least, so that cutting is rare.
      if (keepFrom > versions.length / 2) {
        versions.splice(0, keepFrom);
        values.splice(0, keepFrom);
      }
    }
    versions.push(version);
    values.push(value);
  }

  /** How many values of a cell are kept. */
  historyLength(key: CellKey): number {
    return this.#cells.get(key)?.versions.length ?? 0;
  }

  /** Every key that was ever written below an address, in the order of first writing. */
  keysOf(address: Address): readonly CellKey[] {
    return this.#keysByAddress.get(address) ?? [];
  }

  at(version: number): StateView {
    return {
      get: <Name extends CellName>(address: Address, name: Name) =>
        this.read(cellKey(address, name), version) as Cells[Name] | undefined,
    };
  }

  /** Every cell of one kind that stands at a version. Goes through everything: for audits and listings alone. */
  *all<Name extends CellName>(name: Name, version: number): Generator<readonly [Address, Cells[Name]]> {
    for (const key of this.#cells.keys()) {
      if (!key.endsWith(`/${name}`)) continue;
      const value = this.read(key, version);
      if (value !== undefined) yield [addressOfKey(key), value as Cells[Name]];
    }
  }
}

/** The index of the last entry not above a version; -1 when there is none. */
function lastAtOrBefore(versions: readonly number[], version: number): number {
  let low = 0;
  let high = versions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((versions[middle] ?? 0) <= version) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
