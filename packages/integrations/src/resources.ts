/** What was opened, to be closed in the opposite order. */
export class Resources {
  readonly #closers: (() => Promise<void>)[] = [];

  /** Keeps hold of something that is open. */
  hold(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  /**
   * Closes everything, last opened first; what cannot be closed does not keep the others open.
   * @throws the first error, once all have been tried.
   */
  async close(): Promise<void> {
    const errors: unknown[] = [];
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- one rests on the other
        await close();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
