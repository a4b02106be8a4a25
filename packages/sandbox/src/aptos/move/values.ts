import { BcsError, BcsReader } from '../bcs/reader.ts';
import type { BcsWriter } from '../bcs/writer.ts';
import {
  ADDRESS_LENGTH,
  type Address,
  addressBytes,
  addressOf,
  fromHex,
  parseAddress,
  shortAddress,
  toHex,
} from './address.ts';
import { isFrameworkStruct, type MoveType } from './type-tag.ts';

/**
 * A value of Move: u8 to u32 as number, larger integers as bigint, `vector<u8>` as bytes, an option as a list of at most one,
 * objects and addresses as their address; of other structs, which views alone give, what REST answers show.
 */
export type MoveValue =
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly MoveValue[]
  | { readonly shown: Readonly<Record<string, unknown>> };

const isByte = (type: MoveType): boolean => type.kind === 'primitive' && type.name === 'u8';

/** @throws BcsError where the bytes are no such value, or the type is one that no argument may have. */
function readValue(reader: BcsReader, type: MoveType): MoveValue {
  switch (type.kind) {
    case 'primitive':
      switch (type.name) {
        case 'bool':
          return reader.bool();
        case 'u8':
          return reader.u8();
        case 'u16':
          return reader.u16();
        case 'u32':
          return reader.u32();
        case 'u64':
          return reader.u64();
        case 'u128':
          return reader.u128();
        case 'u256':
          return reader.u256();
        case 'address':
        case 'signer':
          return addressOf(reader.fixed(ADDRESS_LENGTH));
      }
      break;
    case 'vector':
      return isByte(type.of) ? reader.bytes() : reader.vector(() => readValue(reader, type.of));
    case 'struct': {
      if (isFrameworkStruct(type, 'string', 'String')) return reader.string();
      if (isFrameworkStruct(type, 'object', 'Object')) return addressOf(reader.fixed(ADDRESS_LENGTH));
      const [inner] = type.args;
      if (isFrameworkStruct(type, 'option', 'Option') && inner !== undefined) {
        return reader.vector(() => readValue(reader, inner));
      }
      break;
    }
    case 'generic':
      break;
  }
  throw new BcsError('type cannot be an argument');
}

/** One argument: the bytes hold that value and nothing else. */
export function readArgument(bytes: Uint8Array, type: MoveType): MoveValue {
  const reader = new BcsReader(bytes);
  const value = readValue(reader, type);
  reader.end();
  return value;
}

/** As REST answers spell it: large integers and addresses as text, bytes as hex. */
export function renderValue(value: MoveValue, type: MoveType): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value === 'string') {
    if (isFrameworkStruct(type, 'object', 'Object')) return { inner: shortAddress(value as Address) };
    return isFrameworkStruct(type, 'string', 'String') ? value : shortAddress(value as Address);
  }
  if (typeof value !== 'object') return value;
  if ('shown' in value) return value.shown;
  if (type.kind === 'vector') return value.map((element) => renderValue(element, type.of));
  const [inner] = type.kind === 'struct' ? type.args : [];
  return { vec: inner === undefined ? [] : value.map((element) => renderValue(element, inner)) };
}

const LARGEST: Readonly<Record<string, bigint>> = {
  u8: (1n << 8n) - 1n,
  u16: (1n << 16n) - 1n,
  u32: (1n << 32n) - 1n,
  u64: (1n << 64n) - 1n,
  u128: (1n << 128n) - 1n,
  u256: (1n << 256n) - 1n,
};

/** Reads a value as REST requests spell it; `undefined` where it is no such value. */
export function parseJsonValue(json: unknown, type: MoveType): MoveValue | undefined {
  if (type.kind === 'primitive') {
    if (type.name === 'bool') return typeof json === 'boolean' ? json : undefined;
    if (type.name === 'address') return typeof json === 'string' ? parseAddress(json) : undefined;
    return parseInteger(json, type.name);
  }
  if (type.kind === 'vector') {
    if (isByte(type.of) && typeof json === 'string') return fromHex(json);
    return Array.isArray(json) ? allOrNone(json, type.of) : undefined;
  }
  if (isFrameworkStruct(type, 'string', 'String')) return typeof json === 'string' ? json : undefined;
  if (isFrameworkStruct(type, 'object', 'Object')) {
    const inner: unknown = typeof json === 'object' && json !== null && 'inner' in json ? json.inner : json;
    return typeof inner === 'string' ? parseAddress(inner) : undefined;
  }
  const [inner] = type.kind === 'struct' ? type.args : [];
  if (inner === undefined || !isFrameworkStruct(type, 'option', 'Option')) return undefined;
  const list: unknown = typeof json === 'object' && json !== null && 'vec' in json ? json.vec : [];
  return Array.isArray(list) && list.length <= 1 ? allOrNone(list, inner) : undefined;
}

function parseInteger(json: unknown, name: string): MoveValue | undefined {
  const most = LARGEST[name];
  const isText = typeof json === 'string' && /^\d{1,78}$/.test(json);
  if (most === undefined || !(isText || (typeof json === 'number' && Number.isSafeInteger(json)))) return undefined;
  const value = BigInt(json);
  if (value < 0n || value > most) return undefined;
  return most > 0xffff_ffffn ? value : Number(value);
}

function allOrNone(list: readonly unknown[], type: MoveType): readonly MoveValue[] | undefined {
  const values: MoveValue[] = [];
  for (const each of list) {
    const value = parseJsonValue(each, type);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

/** Writes a value that {@link readArgument} or {@link parseJsonValue} would read. */
export function writeValue(writer: BcsWriter, value: MoveValue, type: MoveType): void {
  if (value instanceof Uint8Array) writer.bytes(value);
  else if (typeof value === 'boolean') writer.bool(value);
  else if (typeof value === 'bigint' || typeof value === 'number') writer.unsigned(BigInt(value), sizeOf(type));
  else if (typeof value === 'string') {
    if (isFrameworkStruct(type, 'string', 'String')) writer.string(value);
    else writer.fixed(addressBytes(value as Address));
  } else if (!('shown' in value)) {
    const [inner] = type.kind === 'struct' ? type.args : type.kind === 'vector' ? [type.of] : [];
    writer.vector(value, (each) => writeValue(writer, each, inner ?? type));
  }
}

/** Bytes of an integer of this type: the digits of its name, in bits. */
const sizeOf = (type: MoveType): number => (type.kind === 'primitive' ? Number(type.name.slice(1)) / 8 : 0);
