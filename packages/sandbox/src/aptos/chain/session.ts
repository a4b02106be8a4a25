import type { Address } from '../move/address.ts';
import { type AnyCell, type CellKey, type CellName, type Cells, cellKey } from './cells.ts';
import type { StateView, VersionedState } from './state.ts';

/** One transaction's view of the state: reads through, keeps what it writes to itself until somebody commits it. */
export class Session implements StateView {
  readonly #state: VersionedState;
  readonly #version: number;
  readonly #writes = new Map<CellKey, AnyCell | undefined>();
  readonly #touched = new Set<CellKey>();
  readonly #created = new Set<CellKey>();

  /** @param version What is read stands at this version. */
  constructor(state: VersionedState, version: number) {
    this.#state = state;
    this.#version = version;
  }

  get<Name extends CellName>(address: Address, name: Name): Cells[Name] | undefined {
    return this.#read(cellKey(address, name)) as Cells[Name] | undefined;
  }

  set<Name extends CellName>(address: Address, name: Name, value: Cells[Name] | undefined): void {
    const key = cellKey(address, name);
    if (value !== undefined && this.#read(key) === undefined) this.#created.add(key);
    if (value === undefined) this.#created.delete(key);
    this.#writes.set(key, value);
  }

  /** What was written, in the order of first writing. */
  get writes(): ReadonlyMap<CellKey, AnyCell | undefined> {
    return this.#writes;
  }

  /** Cells that were not there before. */
  get created(): ReadonlySet<CellKey> {
    return this.#created;
  }

  get touchedCount(): number {
    return this.#touched.size;
  }

  #read(key: CellKey): AnyCell | undefined {
    this.#touched.add(key);
    const written = this.#writes.get(key);
    return written === undefined && !this.#writes.has(key) ? this.#state.read(key, this.#version) : written;
  }

  /** Forgets everything that was written. */
  rollBack(): void {
    this.#writes.clear();
    this.#created.clear();
  }
}
