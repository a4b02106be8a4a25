/** Writes Binary Canonical Serialization. Methods return the writer. */
export class BcsWriter {
  readonly #parts: Uint8Array[] = [];

  fixed(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    return this;
  }

  u8(value: number): this {
    return this.fixed(Uint8Array.of(value));
  }

  /** An unsigned number of so many bytes. */
  unsigned(value: bigint, size: number): this {
    const bytes = new Uint8Array(size);
    let rest = value;
    for (let index = 0; index < size; index++) {
      bytes[index] = Number(rest & 0xffn);
      rest >>= 8n;
    }
    return this.fixed(bytes);
  }

  u64(value: bigint): this {
    return this.unsigned(value, 8);
  }

  bool(value: boolean): this {
    return this.u8(value ? 1 : 0);
  }

  uleb128(value: number): this {
    const bytes: number[] = [];
    let rest = value;
    while (rest >= 0x80) {
      bytes.push((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    return this.fixed(Uint8Array.of(...bytes, rest));
  }

  bytes(bytes: Uint8Array): this {
    return this.uleb128(bytes.length).fixed(bytes);
  }

  string(text: string): this {
    return this.bytes(Buffer.from(text));
  }

  vector<T>(elements: readonly T[], write: (element: T) => void): this {
    this.uleb128(elements.length);
    for (const element of elements) write(element);
    return this;
  }

  finish(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}
