import type { JsonFields } from '../../wire.ts';
import { BcsWriter } from '../bcs/writer.ts';
import type { FunctionTable } from '../framework/function-table.ts';
import { type Address, addressBytes, fromHex, parseAddress } from '../move/address.ts';
import { formatType, isIdentifier, type MoveType, parseType, substitute, writeTypeTag } from '../move/type-tag.ts';
import { parseJsonValue, writeValue } from '../move/values.ts';
import { frameworkError, RestError } from './replies.ts';

/** The variants of the wire that a JSON transaction turns into. */
const ENTRY_FUNCTION = 2;
const WITH_NONCE = [4, 0, 1] as const;
const ED25519 = 0;

const invalid = (problem: string): RestError =>
  new RestError('invalid_input', `The given transaction is invalid: ${problem}`, { isBeforeLedger: true });
const unreadable = (problem: string): RestError => frameworkError(`parse request payload error: ${problem}`);

/** The bytes that are signed, of a transaction that came as JSON. @throws RestError like the node. */
export function encodeRawTransaction(fields: JsonFields, functions: FunctionTable, chainId: number): Uint8Array {
  const sender = addressField(fields, 'sender');
  const nonce = fields['replay_protection_nonce'];
  const writer = new BcsWriter().fixed(addressBytes(sender));
  writer.u64(nonce === undefined || nonce === null ? u64Field(fields, 'sequence_number') : (1n << 64n) - 1n);
  if (nonce === undefined || nonce === null) writer.uleb128(ENTRY_FUNCTION);
  else for (const variant of WITH_NONCE) writer.uleb128(variant);
  writeEntryFunction(writer, objectField(fields, 'payload'), functions);
  if (nonce !== undefined && nonce !== null) {
    writer.uleb128(0).bool(false).bool(true).u64(u64Field(fields, 'replay_protection_nonce'));
  }
  return writer
    .u64(u64Field(fields, 'max_gas_amount'))
    .u64(u64Field(fields, 'gas_unit_price'))
    .u64(u64Field(fields, 'expiration_timestamp_secs'))
    .u8(chainId)
    .finish();
}

/** The whole transaction with its signature: a plain Ed25519 one. */
export function encodeSignedTransaction(fields: JsonFields, functions: FunctionTable, chainId: number): Uint8Array {
  const raw = encodeRawTransaction(fields, functions, chainId);
  const signature = objectField(fields, 'signature');
  if (signature['type'] !== 'ed25519_signature') {
    throw invalid('the emulator takes signatures of the type ed25519_signature in JSON, and every kind in BCS');
  }
  return new BcsWriter()
    .fixed(raw)
    .uleb128(ED25519)
    .bytes(hexField(signature, 'public_key'))
    .bytes(hexField(signature, 'signature'))
    .finish();
}

function writeEntryFunction(writer: BcsWriter, payload: JsonFields, functions: FunctionTable): void {
  if (payload['type'] !== 'entry_function_payload') {
    throw invalid(`Failed to parse transaction payload: the emulator takes entry_function_payload in JSON`);
  }
  const [at = '', module = '', name = '', ...more] = textField(payload, 'function').split('::');
  const address = parseAddress(at);
  if (address === undefined || name === '' || more.length > 0) throw unreadable('invalid entry function id');
  if (!isIdentifier(module)) {
    throw new RestError(
      'invalid_input',
      `Transaction entry function module invalid: invalid Move module name: ${module}`,
    );
  }
  if (!isIdentifier(name)) {
    throw new RestError(
      'invalid_input',
      `Transaction entry function name invalid: invalid Move function name: ${name}`,
    );
  }
  const called = functions.find(address, module, name);
  if (called === undefined) {
    throw invalid(`Failed to parse transaction payload: could not find entry function by ${at}::${module}::${name}`);
  }
  const typeArgs = listField(payload, 'type_arguments').map(readType);
  const args = listField(payload, 'arguments');
  if (args.length !== called.params.length) {
    const expected = called.params.map(formatType).join(', ');
    throw invalid(
      `Failed to parse transaction payload: expected ${called.params.length} arguments [${expected}], but got ${args.length}`,
    );
  }
  writer.fixed(addressBytes(address)).string(module).string(name);
  writer.vector(typeArgs, (type) => writeTypeTag(writer, type));
  writer.uleb128(args.length);
  for (const [index, param] of called.params.entries()) {
    const type = substitute(param, typeArgs);
    const value = parseJsonValue(args[index], type);
    if (value === undefined) {
      throw invalid(
        `Failed to parse transaction payload: parse arguments[${index}] failed, expect ${formatType(type)}`,
      );
    }
    const argument = new BcsWriter();
    writeValue(argument, value, type);
    writer.bytes(argument.finish());
  }
}

function readType(text: unknown): MoveType {
  const type = typeof text === 'string' ? parseType(text) : undefined;
  if (type === undefined) throw unreadable('invalid type argument');
  return type;
}

function textField(fields: JsonFields, name: string): string {
  const value = fields[name];
  if (typeof value === 'string') return value;
  throw unreadable(`failed to parse "string": missing field or wrong type (occurred while parsing "${name}")`);
}

const U64_BITS = 64n;

function u64Field(fields: JsonFields, name: string): bigint {
  const text = textField(fields, name);
  if (/^\d{1,20}$/.test(text) && BigInt(text) >> U64_BITS === 0n) return BigInt(text);
  throw unreadable(
    `failed to parse "string(U64)": Parsing u64 string "${text}" failed, caused by error: invalid digit found in string (occurred while parsing "${name}")`,
  );
}

function addressField(fields: JsonFields, name: string): Address {
  const parsed = parseAddress(textField(fields, name));
  if (parsed === undefined) throw unreadable(`failed to parse "string(Address)" (occurred while parsing "${name}")`);
  return parsed;
}

function hexField(fields: JsonFields, name: string): Uint8Array {
  const bytes = fromHex(textField(fields, name));
  if (bytes === undefined)
    throw unreadable(`failed to parse "string(HexEncodedBytes)" (occurred while parsing "${name}")`);
  return bytes;
}

function objectField(fields: JsonFields, name: string): JsonFields {
  const value = fields[name];
  if (typeof value === 'object' && value !== null) return value as JsonFields;
  throw unreadable(`missing field ${name}`);
}

const listField = (fields: JsonFields, name: string): readonly unknown[] => {
  const value = fields[name];
  if (Array.isArray(value)) return value;
  throw unreadable(`missing field ${name}`);
};
