const U64_LIMIT = 1n << 64n;
const ENCODER = new TextEncoder();

/**
 * Writes BCS, the binary form that Aptos hashes and signs: little-endian integers, ULEB128 lengths and variants, no padding.
 * Source: docs/providers/aptos.md#bcs-and-hashes
 */
export class BcsWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  constructor(capacityBytes = 512) {
    this.#bytes = new Uint8Array(capacityBytes);
    this.#view = new DataView(this.#bytes.buffer);
  }

  u8(value: number): this {
    checkNumber(value, 0xff, 'u8');
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
    return this;
  }

  u16(value: number): this {
    checkNumber(value, 0xffff, 'u16');
    this.#reserve(2);
    this.#view.setUint16(this.#length, value, true);
    this.#length += 2;
    return this;
  }

  u32(value: number): this {
    checkNumber(value, 0xffff_ffff, 'u32');
    this.#reserve(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
    return this;
  }

  u64(value: bigint): this {
    if (value < 0n || value >= U64_LIMIT) throw new RangeError('Not a u64.');
    this.#reserve(8);
    this.#view.setBigUint64(this.#length, value, true);
    this.#length += 8;
    return this;
  }

  u128(value: bigint): this {
    if (value < 0n) throw new RangeError('Not a u128.');
    return this.u64(value & (U64_LIMIT - 1n)).u64(value >> 64n);
  }

  u256(value: bigint): this {
    if (value < 0n) throw new RangeError('Not a u256.');
    return this.u128(value & ((1n << 128n) - 1n)).u128(value >> 128n);
  }

  bool(value: boolean): this {
    return this.u8(value ? 1 : 0);
  }

  /** A length, or the number of an enum's variant. */
  uleb128(value: number): this {
    checkNumber(value, 0xffff_ffff, 'ULEB128 number');
    let rest = value;
    while (rest >= 0x80) {
      this.u8((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    return this.u8(rest);
  }

  /** Bytes as they are: an address, a signature of fixed length, something encoded before. */
  raw(bytes: Uint8Array): this {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  /** `vector<u8>`: the length, then the bytes. */
  bytes(bytes: Uint8Array): this {
    return this.uleb128(bytes.length).raw(bytes);
  }

  text(value: string): this {
    return this.bytes(ENCODER.encode(value));
  }

  vector<T>(items: readonly T[], write: (writer: this, item: T) => void): this {
    this.uleb128(items.length);
    for (const item of items) write(this, item);
    return this;
  }

  option<T>(item: T | undefined, write: (writer: this, item: T) => void): this {
    if (item === undefined) return this.u8(0);
    this.u8(1);
    write(this, item);
    return this;
  }

  /** What was written, as a copy of its own. */
  done(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

function checkNumber(value: number, most: number, what: string): void {
  if (!Number.isInteger(value) || value < 0 || value > most) throw new RangeError(`Not a ${what}.`);
}
