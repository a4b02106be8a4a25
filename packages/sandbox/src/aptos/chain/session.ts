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
    const key = cellKey(address, name);
    this.#touched.add(key);
    if (this.#writes.has(key)) return this.#writes.get(key) as Cells[Name] | undefined;
    return this.#state.read(key, this.#version) as Cells[Name] | undefined;
  }

  set<Name extends CellName>(address: Address, name: Name, value: Cells[Name] | undefined): void {
    const key = cellKey(address, name);
    if (value !== undefined && this.get(address, name) === undefined) this.#created.add(key);
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

  /** Forgets everything that was written. */
  rollBack(): void {
    this.#writes.clear();
    this.#created.clear();
  }
}
