import { createHash } from 'node:crypto';

import { type Address, addressBytes } from '../address.ts';
import type { MoveArgument } from '../bcs/move-argument.ts';
import { type TypeTag, writeTypeTag } from '../bcs/type-tag.ts';
import { BcsWriter } from '../bcs/writer.ts';

/** A call of an entry function: every kind of payment, publishing and pool operation is one. */
export interface EntryFunction {
  readonly kind: 'entry-function';
  readonly address: Address;
  readonly module: string;
  readonly name: string;
  readonly typeArguments: readonly TypeTag[];
  readonly arguments: readonly MoveArgument[];
}

/** Compiled Move code that runs once. Its arguments carry their own type, as variants of `ScriptArgument`. */
interface Script {
  readonly kind: 'script';
  readonly code: Uint8Array;
  readonly typeArguments: readonly TypeTag[];
  /** Each with its variant in front: 0 u8, 1 u64, 2 u128, 3 address, 4 bytes, 5 bool, 6 u16, 7 u32, 8 u256, 9 serialized. */
  readonly arguments: readonly Uint8Array[];
}

export type Executable = EntryFunction | Script;

/**
 * What keeps a transaction from running twice: the next number of its sender, for ever; or a nonce, for about a minute.
 * Source: docs/providers/aptos.md#sequence-numbers-and-nonces
 */
export type ReplayProtection = { readonly sequenceNumber: bigint } | { readonly nonce: bigint };

/** Everything that is signed: who, what, how much gas, and until when. */
export interface RawTransaction {
  readonly sender: Address;
  readonly replayProtection: ReplayProtection;
  readonly executable: Executable;
  /** Units of gas that may be used; the payer must hold this many times the price. */
  readonly maxGasAmount: bigint;
  /** Octas for one unit. */
  readonly gasUnitPrice: bigint;
  /** Seconds since 1970; a block takes the transaction only while its own time is below this. */
  readonly expirationTimestampSecs: bigint;
  readonly chainId: number;
}

const PAYLOAD = { script: 0, entryFunction: 2, wrapped: 4 } as const;
const EXECUTABLE = { script: 0, entryFunction: 1 } as const;
const V1 = 0;
/** Stands where an orderless transaction has no sequence number. */
const NO_SEQUENCE_NUMBER = 0xffff_ffff_ffff_ffffn;

/** The bytes that are signed, behind their prefix, and sent, in front of the authenticator. */
export function encodeRawTransaction(raw: RawTransaction): Uint8Array {
  const writer = new BcsWriter(capacityFor(raw.executable));
  const { replayProtection, executable } = raw;
  writer.raw(addressBytes(raw.sender));
  if ('sequenceNumber' in replayProtection) {
    writer.u64(replayProtection.sequenceNumber);
    writer.uleb128(executable.kind === 'script' ? PAYLOAD.script : PAYLOAD.entryFunction);
    writeExecutable(writer, executable);
  } else {
    writer.u64(NO_SEQUENCE_NUMBER).uleb128(PAYLOAD.wrapped).uleb128(V1);
    writer.uleb128(executable.kind === 'script' ? EXECUTABLE.script : EXECUTABLE.entryFunction);
    writeExecutable(writer, executable);
    // Extra configuration: no multisig account, and the nonce.
    writer.uleb128(V1).u8(0).u8(1).u64(replayProtection.nonce);
  }
  return writer.u64(raw.maxGasAmount).u64(raw.gasUnitPrice).u64(raw.expirationTimestampSecs).u8(raw.chainId).done();
}

function writeExecutable(writer: BcsWriter, executable: Executable): void {
  if (executable.kind === 'script') {
    writer.bytes(executable.code).vector(executable.typeArguments, writeTypeTag);
    writer.vector(executable.arguments, (inner, argument) => inner.raw(argument));
  } else {
    writer.raw(addressBytes(executable.address)).text(executable.module).text(executable.name);
    writer.vector(executable.typeArguments, writeTypeTag);
    writer.vector(executable.arguments, (inner, argument) => inner.bytes(argument));
  }
}

const capacityFor = (executable: Executable): number => {
  let bytes = 512 + (executable.kind === 'script' ? executable.code.length : 0);
  for (const argument of executable.arguments) bytes += argument.length + 5;
  return bytes;
};

const prefixOf = (name: string): Uint8Array => createHash('sha3-256').update(`APTOS::${name}`).digest();

const RAW_TRANSACTION = prefixOf('RawTransaction');
const RAW_TRANSACTION_WITH_DATA = prefixOf('RawTransactionWithData');
/** With the variant of a user transaction behind it. */
const USER_TRANSACTION = Buffer.concat([prefixOf('Transaction'), Uint8Array.of(0)]);

const WITH_DATA = { multiAgent: 0, feePayer: 1 } as const;

/** Who pays the fee in the sender's place. */
export interface FeePayerData {
  readonly secondarySigners: readonly Address[];
  readonly feePayer: Address;
}

/** What the sender signs and, where there is a fee payer, the payer too. */
export function signingMessageOf(rawBytes: Uint8Array, feePayer?: FeePayerData): Uint8Array {
  if (feePayer === undefined) return Buffer.concat([RAW_TRANSACTION, rawBytes]);
  const writer = new BcsWriter(rawBytes.length + 128);
  return writer
    .raw(RAW_TRANSACTION_WITH_DATA)
    .uleb128(WITH_DATA.feePayer)
    .raw(rawBytes)
    .vector(feePayer.secondarySigners, (inner, address) => inner.raw(addressBytes(address)))
    .raw(addressBytes(feePayer.feePayer))
    .done();
}

/**
 * The hash under which the chain will know a signed transaction. It covers the signatures.
 * Source: docs/providers/aptos.md#bcs-and-hashes
 */
export const hashOf = (signedBytes: Uint8Array): string =>
  `0x${createHash('sha3-256').update(USER_TRANSACTION).update(signedBytes).digest('hex')}`;
