import { type Address, addressBytes, parseAddress } from '../address.ts';
import { BcsWriter } from './writer.ts';

/** One argument of an entry function, already in BCS. */
export type MoveArgument = Uint8Array;

type Write = (writer: BcsWriter) => unknown;

const encoded = (write: Write, capacityBytes = 32): MoveArgument => {
  const writer = new BcsWriter(capacityBytes);
  write(writer);
  return writer.done();
};

/** Encoders of Move arguments, named as the types are. Amounts are whole numbers of the asset's smallest unit. */
export const moveArgument = {
  bool: (value: boolean): MoveArgument => encoded((writer) => writer.bool(value)),
  u8: (value: number): MoveArgument => encoded((writer) => writer.u8(value)),
  u16: (value: number): MoveArgument => encoded((writer) => writer.u16(value)),
  u32: (value: number): MoveArgument => encoded((writer) => writer.u32(value)),
  u64: (value: bigint): MoveArgument => encoded((writer) => writer.u64(value)),
  u128: (value: bigint): MoveArgument => encoded((writer) => writer.u128(value)),
  u256: (value: bigint): MoveArgument => encoded((writer) => writer.u256(value)),
  /** Also `Object<T>`, which is its address. @throws InvalidRequestError for a text that is no address. */
  address: (value: string): MoveArgument => addressBytes(parseAddress(value, 'arguments')),
  /** `0x1::string::String`. */
  string: (value: string): MoveArgument => encoded((writer) => writer.text(value)),
  /** `vector<u8>`. */
  bytes: (value: Uint8Array): MoveArgument => encoded((writer) => writer.bytes(value), value.length + 5),
  /** `vector<T>` of arguments that are encoded already. */
  vector: (items: readonly MoveArgument[]): MoveArgument =>
    encoded((writer) => writer.vector(items, (inner, item) => inner.raw(item)), 512),
  /** `Option<T>`: nothing, or one encoded argument. */
  option: (item?: MoveArgument): MoveArgument =>
    encoded((writer) => writer.option(item, (inner, some) => inner.raw(some))),
} as const;

/** `vector<address>` without an array in between: a batch has a hundred of them. */
export const addressVector = (addresses: readonly Address[]): MoveArgument =>
  encoded(
    (writer) => writer.vector(addresses, (inner, address) => inner.raw(addressBytes(address))),
    addresses.length * 32 + 5,
  );

/** `vector<u64>`. */
export const u64Vector = (values: readonly bigint[]): MoveArgument =>
  encoded((writer) => writer.vector(values, (inner, value) => inner.u64(value)), values.length * 8 + 5);
