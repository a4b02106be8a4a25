/** Counts work under way, so that shutdown can wait for it and nothing is left floating. */
export class InFlight {
  #count = 0;
  #waiting: (() => void)[] = [];

  readonly track = <T>(work: Promise<T>): Promise<T> => {
    this.#count += 1;
    work.then(this.#end, this.#end);
    return work;
  };

  /** Resolves once nothing is under way. */
  async ended(): Promise<void> {
    while (this.#count > 0) await new Promise<void>((resolve) => void this.#waiting.push(resolve));
  }

  readonly #end = (): void => {
    this.#count -= 1;
    if (this.#count > 0 || this.#waiting.length === 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  };
}
