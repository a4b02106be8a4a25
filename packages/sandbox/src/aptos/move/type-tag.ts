import { BcsError, type BcsReader } from '../bcs/reader.ts';
import type { BcsWriter } from '../bcs/writer.ts';
import { ADDRESS_LENGTH, type Address, addressBytes, addressOf, parseAddress, shortAddress } from './address.ts';

/** A type of Move. `generic` stands for a type parameter in the signature of a function. */
export type MoveType =
  | { readonly kind: 'primitive'; readonly name: Primitive }
  | { readonly kind: 'vector'; readonly of: MoveType }
  | StructType
  | { readonly kind: 'generic'; readonly index: number };

export interface StructType {
  readonly kind: 'struct';
  readonly address: Address;
  readonly module: string;
  readonly name: string;
  readonly args: readonly MoveType[];
}

/** In the order of their numbers on the wire; vectors and structs have the two numbers between. */
const PRIMITIVES = ['bool', 'u8', 'u64', 'u128', 'address', 'signer', 'u16', 'u32', 'u256'] as const;
type Primitive = (typeof PRIMITIVES)[number];

const NUMBERS: Readonly<Record<Primitive, number>> = {
  bool: 0,
  u8: 1,
  u64: 2,
  u128: 3,
  address: 4,
  signer: 5,
  u16: 8,
  u32: 9,
  u256: 10,
};
const BY_NUMBER = new Map(PRIMITIVES.map((name) => [NUMBERS[name], { kind: 'primitive', name } as const]));
const VECTOR = 6;
const STRUCT = 7;
const DEEPEST = 8;

export function readTypeTag(reader: BcsReader, depth = 0): MoveType {
  const variant = reader.uleb128();
  if (depth > DEEPEST) throw new BcsError('type tag nested too deeply');
  if (variant === VECTOR) return { kind: 'vector', of: readTypeTag(reader, depth + 1) };
  if (variant === STRUCT) {
    return {
      kind: 'struct',
      address: addressOf(reader.fixed(ADDRESS_LENGTH)),
      module: reader.string(),
      name: reader.string(),
      args: reader.vector(() => readTypeTag(reader, depth + 1)),
    };
  }
  const primitive = BY_NUMBER.get(variant);
  if (primitive === undefined) throw new BcsError('invalid variant of TypeTag');
  return primitive;
}

export function writeTypeTag(writer: BcsWriter, type: MoveType): void {
  if (type.kind === 'primitive') writer.uleb128(NUMBERS[type.name]);
  else if (type.kind === 'vector') writeTypeTag(writer.uleb128(VECTOR), type.of);
  else if (type.kind === 'struct') {
    writer.uleb128(STRUCT).fixed(addressBytes(type.address)).string(type.module).string(type.name);
    writer.vector(type.args, (arg) => writeTypeTag(writer, arg));
  } else throw new RangeError('A type parameter has no tag.');
}

/** As REST answers spell it: `0x1::coin::CoinStore<0x1::aptos_coin::AptosCoin>`. */
export function formatType(type: MoveType): string {
  if (type.kind === 'primitive') return type.name;
  if (type.kind === 'vector') return `vector<${formatType(type.of)}>`;
  if (type.kind === 'generic') return `T${type.index}`;
  const { address, module, name, args } = type;
  const base = `${shortAddress(address)}::${module}::${name}`;
  return args.length === 0 ? base : `${base}<${args.map(formatType).join(', ')}>`;
}

/** Puts the type arguments of a call in the place of the parameters. */
export function substitute(type: MoveType, args: readonly MoveType[]): MoveType {
  if (type.kind === 'generic') return args[type.index] ?? type;
  if (type.kind === 'vector') return { kind: 'vector', of: substitute(type.of, args) };
  if (type.kind === 'struct' && type.args.length > 0) {
    return { ...type, args: type.args.map((arg) => substitute(arg, args)) };
  }
  return type;
}

const TOKEN = /\s*(::|[<>,]|[0-9A-Za-z_]+)\s*/y;

/** Reads a type as it is written, with `T0` for a parameter; `undefined` when it is none. */
export function parseType(text: string): MoveType | undefined {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined) return undefined;
    tokens.push(token);
  }
  let next = 0;
  const eat = (expected: string): boolean => {
    if (tokens[next] !== expected) return false;
    next += 1;
    return true;
  };
  const list = (): readonly MoveType[] | undefined => {
    if (!eat('<')) return [];
    const types: MoveType[] = [];
    do {
      const type = one();
      if (type === undefined) return undefined;
      types.push(type);
    } while (eat(','));
    return eat('>') ? types : undefined;
  };
  const one = (): MoveType | undefined => {
    const word = tokens[next++] ?? '';
    const primitive = PRIMITIVES.find((name) => name === word);
    if (primitive !== undefined) return { kind: 'primitive', name: primitive };
    if (word === 'vector') {
      const [of, ...more] = list() ?? [];
      return of === undefined || more.length > 0 ? undefined : { kind: 'vector', of };
    }
    const generic = /^T(\d+)$/.exec(word)?.[1];
    if (generic !== undefined) return { kind: 'generic', index: Number(generic) };
    const address = word.startsWith('0x') ? parseAddress(word) : undefined;
    if (address === undefined || !eat('::')) return undefined;
    const module = tokens[next++];
    if (module === undefined || !eat('::')) return undefined;
    const name = tokens[next++];
    const args = list();
    return name === undefined || args === undefined || !isIdentifier(module) || !isIdentifier(name)
      ? undefined
      : { kind: 'struct', address, module, name, args };
  };
  const type = one();
  return next === tokens.length ? type : undefined;
}

/** A type that is written in this code. */
export function knownType(text: string): MoveType {
  const parsed = parseType(text);
  if (parsed === undefined) throw new RangeError(`Not a type: ${text}`);
  return parsed;
}

export const isIdentifier = (text: string): boolean => /^(?:[A-Za-z]\w*|_\w+)$/.test(text);

/** Whether a type is that struct of the framework, whatever its arguments. */
export const isFrameworkStruct = (type: MoveType, module: string, name: string): boolean =>
  type.kind === 'struct' && type.module === module && type.name === name && shortAddress(type.address) === '0x1';
