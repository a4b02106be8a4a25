/** What was read is not what the type says. */
export class BcsError extends Error {}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Reads Binary Canonical Serialization from the front of some bytes. Every method throws {@link BcsError} at the end of the input. */
export class BcsReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** How many bytes were read so far. */
  get position(): number {
    return this.#position;
  }

  get isAtEnd(): boolean {
    return this.#position === this.#bytes.length;
  }

  /** What lies between two positions. */
  slice(from: number, to: number): Uint8Array {
    return this.#bytes.subarray(from, to);
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8), true);
  }

  u128(): bigint {
    return this.u64() | (this.u64() << 64n);
  }

  u256(): bigint {
    return this.u128() | (this.u128() << 128n);
  }

  bool(): boolean {
    const byte = this.u8();
    if (byte > 1) throw new BcsError('expected boolean');
    return byte === 1;
  }

  /** A length or the number of a variant: at most 32 bits, in its shortest form. */
  uleb128(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        if (shift > 0 && byte === 0) throw new BcsError('ULEB128 encoding was not minimal in size');
        if (value > 0xffff_ffff) break;
        return value;
      }
    }
    throw new BcsError('ULEB128-encoded integer did not fit in the target size');
  }

  /** As many bytes as asked for; a view, not a copy. */
  fixed(length: number): Uint8Array {
    const from = this.#take(length);
    return this.#bytes.subarray(from, from + length);
  }

  /** Bytes behind their length. */
  bytes(): Uint8Array {
    return this.fixed(this.uleb128());
  }

  string(): string {
    const bytes = this.bytes();
    try {
      return UTF8.decode(bytes);
    } catch {
      throw new BcsError('expected utf8 string');
    }
  }

  vector<T>(element: () => T): readonly T[] {
    const length = this.uleb128();
    // No element takes less than a byte.
    if (length > this.#bytes.length - this.#position) throw new BcsError('unexpected end of input');
    const elements: T[] = [];
    for (let index = 0; index < length; index++) elements.push(element());
    return elements;
  }

  option<T>(value: () => T): T | undefined {
    return this.bool() ? value() : undefined;
  }

  /** @throws BcsError when something is left. */
  end(): void {
    if (!this.isAtEnd) throw new BcsError('remaining input');
  }

  #take(length: number): number {
    const from = this.#position;
    if (from + length > this.#bytes.length) throw new BcsError('unexpected end of input');
    this.#position = from + length;
    return from;
  }
}
