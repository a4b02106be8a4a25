import { BcsError, type BcsReader } from '../bcs/reader.ts';
import { ADDRESS_LENGTH, type Address, addressOf } from '../move/address.ts';
import { type MoveType, readTypeTag } from '../move/type-tag.ts';

export interface EntryFunction {
  readonly kind: 'entry-function';
  readonly address: Address;
  readonly module: string;
  readonly name: string;
  readonly typeArgs: readonly MoveType[];
  /** Each one BCS for itself. */
  readonly args: readonly Uint8Array[];
}

interface Script {
  readonly kind: 'script';
  readonly code: Uint8Array;
  readonly typeArgs: readonly MoveType[];
  readonly args: readonly Uint8Array[];
}

interface Empty {
  readonly kind: 'empty';
}

/** What a transaction is to do, out of whichever of the wire's wrappers it came in. */
export interface Payload {
  readonly executable: EntryFunction | Script | Empty;
  /** The account in whose name it is done, for an account of several owners. */
  readonly multisigAddress: Address | undefined;
  /** Takes the place of the sequence number. */
  readonly nonce: bigint | undefined;
}

const readAddress = (reader: BcsReader): Address => addressOf(reader.fixed(ADDRESS_LENGTH));

/** @throws BcsError for what is none, for the dead module bundle and for encrypted ones. */
export function readPayload(reader: BcsReader): Payload {
  switch (reader.uleb128()) {
    case 0:
      return plain(readScript(reader));
    case 2:
      return plain(readEntryFunction(reader));
    case 3: {
      const multisigAddress = readAddress(reader);
      const executable = reader.option(() => readMultisigPayload(reader)) ?? { kind: 'empty' };
      return { executable, multisigAddress, nonce: undefined };
    }
    case 4:
      return readInner(reader);
    default:
      throw new BcsError('invalid variant of TransactionPayload');
  }
}

const plain = (executable: EntryFunction | Script): Payload => ({
  executable,
  multisigAddress: undefined,
  nonce: undefined,
});

function readInner(reader: BcsReader): Payload {
  expectVariant(reader, 'TransactionPayloadInner');
  const executable = readExecutable(reader);
  expectVariant(reader, 'TransactionExtraConfig');
  const multisigAddress = reader.option(() => readAddress(reader));
  const nonce = reader.option(() => reader.u64());
  return { executable, multisigAddress, nonce };
}

function readExecutable(reader: BcsReader): Payload['executable'] {
  switch (reader.uleb128()) {
    case 0:
      return readScript(reader);
    case 1:
      return readEntryFunction(reader);
    case 2:
      return { kind: 'empty' };
    default:
      throw new BcsError('invalid variant of TransactionExecutable');
  }
}

function readMultisigPayload(reader: BcsReader): EntryFunction {
  expectVariant(reader, 'MultisigTransactionPayload');
  return readEntryFunction(reader);
}

function expectVariant(reader: BcsReader, name: string): void {
  if (reader.uleb128() !== 0) throw new BcsError(`invalid variant of ${name}`);
}

function readEntryFunction(reader: BcsReader): EntryFunction {
  return {
    kind: 'entry-function',
    address: readAddress(reader),
    module: reader.string(),
    name: reader.string(),
    typeArgs: reader.vector(() => readTypeTag(reader)),
    args: reader.vector(() => reader.bytes()),
  };
}

/** The arguments of scripts, by the number of their variant: how many bytes they have, or that a length stands before them. */
const SCRIPT_ARGUMENTS: readonly (number | 'bytes')[] = [1, 8, 16, ADDRESS_LENGTH, 'bytes', 1, 2, 4, 32, 'bytes'];

function readScript(reader: BcsReader): Script {
  const code = reader.bytes();
  const typeArgs = reader.vector(() => readTypeTag(reader));
  const args = reader.vector(() => {
    const size = SCRIPT_ARGUMENTS[reader.uleb128()];
    if (size === undefined) throw new BcsError('invalid variant of TransactionArgument');
    return size === 'bytes' ? reader.bytes() : reader.fixed(size);
  });
  return { kind: 'script', code, typeArgs, args };
}

/** A view call, as the body of a request. @throws BcsError */
export function readViewCall(reader: BcsReader): EntryFunction {
  const call = readEntryFunction(reader);
  reader.end();
  return call;
}
