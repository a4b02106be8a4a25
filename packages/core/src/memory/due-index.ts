interface Node {
  readonly id: string;
  atMs: number;
  /** Of two that fall due at once, the one that was set earlier comes first. */
  order: number;
  /** Where it stands in the heap. */
  place: number;
}

/**
 * Ids in the order in which they fall due: a binary heap in which every id knows its place, so that moving one of 10,000 open
 * payments costs a few comparisons, and the heap never holds more than the ids that are in it.
 */
export class DueIndex {
  readonly #heap: Node[] = [];
  readonly #nodes = new Map<string, Node>();
  #orders = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** When the first falls due; `Infinity` when there is none. */
  get nextMs(): number {
    return this.#heap[0]?.atMs ?? Infinity;
  }

  /** Sets when an id falls due; `null` takes it out. */
  move(id: string, atMs: number | null): void {
    const node = this.#nodes.get(id);
    if (atMs === null) {
      if (node !== undefined) this.#remove(node);
    } else if (node === undefined) {
      const added = { id, atMs, order: this.#orders++, place: this.#heap.length };
      this.#nodes.set(id, added);
      this.#heap.push(added);
      this.#rise(added);
    } else if (node.atMs !== atMs) {
      node.atMs = atMs;
      node.order = this.#orders++;
      this.#rise(node);
      this.#sink(node);
    }
  }

  /** Takes out the id that fell due first, if one has by then. */
  take(nowMs: number): string | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.atMs > nowMs) return undefined;
    this.#remove(first);
    return first.id;
  }

  #remove(node: Node): void {
    this.#nodes.delete(node.id);
    const last = this.#heap.pop();
    if (last === undefined || last === node) return;
    this.#put(last, node.place);
    this.#rise(last);
    this.#sink(last);
  }

  #rise(node: Node): void {
    while (node.place > 0) {
      const parent = this.#heap[(node.place - 1) >> 1];
      if (parent === undefined || !isEarlier(node, parent)) return;
      this.#swap(parent, node);
    }
  }

  #sink(node: Node): void {
    for (;;) {
      const left = this.#heap[2 * node.place + 1];
      const right = this.#heap[2 * node.place + 2];
      const child = left !== undefined && right !== undefined && isEarlier(right, left) ? right : left;
      if (child === undefined || !isEarlier(child, node)) return;
      this.#swap(node, child);
    }
  }

  #swap(parent: Node, child: Node): void {
    const { place } = parent;
    this.#put(parent, child.place);
    this.#put(child, place);
  }

  #put(node: Node, place: number): void {
    node.place = place;
    this.#heap[place] = node;
  }
}

const isEarlier = (left: Node, right: Node): boolean =>
  left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);
