import { InvalidRequestError } from '@canza/core';

import { type Address, addressBytes, readAddress, readNodeAddress, shortAddress } from '../address.ts';
import type { BcsWriter } from './writer.ts';

const PRIMITIVES = {
  bool: 0,
  u8: 1,
  u64: 2,
  u128: 3,
  address: 4,
  signer: 5,
  u16: 8,
  u32: 9,
  u256: 10,
} as const;
const VECTOR = 6;
const STRUCT = 7;

type Primitive = keyof typeof PRIMITIVES;

/** A Move type, such as `0x1::aptos_coin::AptosCoin` or `vector<u8>`. */
export type TypeTag =
  | { readonly kind: Primitive }
  | { readonly kind: 'vector'; readonly of: TypeTag }
  | {
      readonly kind: 'struct';
      readonly address: Address;
      readonly module: string;
      readonly name: string;
      readonly typeArguments: readonly TypeTag[];
    };

/** A Move identifier: module, function or struct. */
export const IDENTIFIER = /^[A-Za-z_]\w{0,127}$/;
const DEEPEST = 8;

/**
 * Reads a Move type as it is written in Move and in REST answers.
 * @throws InvalidRequestError naming the field.
 */
export function parseTypeTag(text: string, field = 'typeArguments'): TypeTag {
  const parser = new TypeParser(text, field);
  const tag = parser.type(0);
  parser.end();
  return tag;
}

class TypeParser {
  readonly #text: string;
  readonly #field: string;
  #at = 0;

  constructor(text: string, field: string) {
    this.#text = text;
    this.#field = field;
  }

  type(depth: number): TypeTag {
    if (depth > DEEPEST) throw this.#refusal();
    const word = this.#word();
    if (word === 'vector') {
      this.#expect('<');
      const of = this.type(depth + 1);
      this.#expect('>');
      return { kind: 'vector', of };
    }
    if (isPrimitive(word)) return { kind: word };
    const address = readAddress(word) ?? readNodeAddress(word);
    if (address === undefined) throw this.#refusal();
    this.#expect('::');
    const module = this.#identifier();
    this.#expect('::');
    const name = this.#identifier();
    const typeArguments: TypeTag[] = [];
    if (this.#take('<')) {
      do typeArguments.push(this.type(depth + 1));
      while (this.#take(','));
      this.#expect('>');
    }
    return { kind: 'struct', address, module, name, typeArguments };
  }

  end(): void {
    if (this.#at !== this.#text.length) throw this.#refusal();
  }

  #word(): string {
    this.#skipBlanks();
    const [word = ''] = /^\w+/.exec(this.#text.slice(this.#at)) ?? [];
    this.#at += word.length;
    return word;
  }

  #identifier(): string {
    const word = this.#word();
    if (!IDENTIFIER.test(word)) throw this.#refusal();
    return word;
  }

  #take(mark: string): boolean {
    this.#skipBlanks();
    if (!this.#text.startsWith(mark, this.#at)) return false;
    this.#at += mark.length;
    this.#skipBlanks();
    return true;
  }

  #expect(mark: string): void {
    if (!this.#take(mark)) throw this.#refusal();
  }

  #skipBlanks(): void {
    while (this.#text[this.#at] === ' ') this.#at += 1;
  }

  #refusal(): InvalidRequestError {
    return new InvalidRequestError({
      field: this.#field,
      expected: 'a Move type, such as "0x1::aptos_coin::AptosCoin" or "vector<u8>"',
    });
  }
}

const isPrimitive = (word: string): word is Primitive => Object.hasOwn(PRIMITIVES, word);

export function writeTypeTag(writer: BcsWriter, tag: TypeTag): void {
  if (tag.kind === 'struct') {
    writer.uleb128(STRUCT).raw(addressBytes(tag.address)).text(tag.module).text(tag.name);
    writer.vector(tag.typeArguments, writeTypeTag);
  } else if (tag.kind === 'vector') {
    writer.uleb128(VECTOR);
    writeTypeTag(writer, tag.of);
  } else {
    writer.uleb128(PRIMITIVES[tag.kind]);
  }
}

/** Writes a type the way REST answers spell it, so that two spellings of one type become the same text. */
export function formatTypeTag(tag: TypeTag): string {
  if (tag.kind === 'vector') return `vector<${formatTypeTag(tag.of)}>`;
  if (tag.kind !== 'struct') return tag.kind;
  const inner = tag.typeArguments.length === 0 ? '' : `<${tag.typeArguments.map(formatTypeTag).join(', ')}>`;
  return `${shortAddress(tag.address)}::${tag.module}::${tag.name}${inner}`;
}
