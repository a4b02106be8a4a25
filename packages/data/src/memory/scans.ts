const MAX_OPEN = 100;

/** Scans under way: the names that each has still to go through. The oldest is forgotten when there are too many. */
export class OpenScans {
  readonly #open = new Map<number, readonly string[]>();
  #cursors = 0;

  /** The next names of a scan; cursor 0 begins one, and a next cursor of 0 says that it is over. */
  page(cursor: number, count: number, namesOf: () => readonly string[]): { names: readonly string[]; next: number } {
    const names = cursor === 0 ? namesOf() : (this.#open.get(cursor) ?? []);
    this.#open.delete(cursor);
    if (names.length <= count) return { names, next: 0 };
    this.#cursors += 1;
    this.#open.set(this.#cursors, names.slice(count));
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= MAX_OPEN) break;
      this.#open.delete(oldest);
    }
    return { names: names.slice(0, count), next: this.#cursors };
  }
}
