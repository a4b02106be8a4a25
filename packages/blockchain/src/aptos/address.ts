import { hash } from 'node:crypto';

import { InvalidRequestError } from '@canza/core';

/** A 32-byte address as `0x` and 64 lower-case hex digits: two of them are the same account if and only if the texts are equal. */
export type Address = `0x${string}`;

const LONG = /^0x[0-9a-fA-F]{64}$/;
const SPECIAL = /^0x0{0,63}[0-9a-f]$/;
const TRIMMED = /^0x[0-9a-fA-F]{1,64}$/;

/** What an address given by a caller must look like, for error messages. */
export const ADDRESS_EXPECTED =
  'an Aptos address: 0x and all 64 hex digits, or one of the framework’s own such as "0x1"';

/**
 * Reads an address as a caller gives it. Only the framework's addresses 0x0 to 0xf may be short: a digit that was lost on the way
 * would otherwise name another account, and a transfer to any address succeeds.
 * @returns `undefined` for anything else.
 */
export function readAddress(value: unknown): Address | undefined {
  if (typeof value !== 'string') return undefined;
  if (LONG.test(value)) return value.toLowerCase() as Address;
  return SPECIAL.test(value) ? padded(value) : undefined;
}

/** @throws InvalidRequestError naming the field. */
export function parseAddress(value: unknown, field: string): Address {
  const address = readAddress(value);
  if (address === undefined) throw new InvalidRequestError({ field, expected: ADDRESS_EXPECTED });
  return address;
}

/**
 * Reads an address as a node writes it, with its leading zeros removed.
 * Source: docs/providers/aptos.md#json
 */
export function readNodeAddress(value: unknown): Address | undefined {
  return typeof value === 'string' && TRIMMED.test(value) ? padded(value.toLowerCase()) : undefined;
}

const LONG_CHARACTERS = 66;

const padded = (value: string): Address =>
  value.length === LONG_CHARACTERS ? (value as Address) : `0x${value.slice(2).padStart(64, '0')}`;

export const addressBytes = (address: Address): Uint8Array => Buffer.from(address.slice(2), 'hex');

export const addressOf = (bytes: Uint8Array): Address => `0x${Buffer.from(bytes).toString('hex')}`;

/** As it stands in type arguments and as people write it: framework addresses short, all others long. */
export const shortAddress = (address: Address): string => (SPECIAL.test(address) ? `0x${address.slice(-1)}` : address);

const ADDRESS_BYTES = 32;
const OBJECT_FROM_OBJECT = 0xfc;
const OBJECT_FROM_SEED = Uint8Array.of(0xfe);

/** Owner, asset and scheme, written over for each store: a batch asks for a hundred of them. */
const storePreimage = Buffer.alloc(2 * ADDRESS_BYTES + 1, OBJECT_FROM_OBJECT);

/**
 * The store that holds an owner's units of one fungible asset; deposit events name it, not its owner.
 * Source: docs/providers/aptos.md#bcs-and-hashes
 */
export function primaryStoreOf(owner: Address, metadata: Address): Address {
  storePreimage.write(owner.slice(2), 0, ADDRESS_BYTES, 'hex');
  storePreimage.write(metadata.slice(2), ADDRESS_BYTES, ADDRESS_BYTES, 'hex');
  return `0x${hash('sha3-256', storePreimage)}`;
}

/** The fungible asset that a coin is paired with: `0xa` for APT, derived from the type for every other. */
export const pairedAssetOf = (coinType: string): Address =>
  coinType === '0x1::aptos_coin::AptosCoin'
    ? APT_METADATA
    : `0x${hash('sha3-256', Buffer.concat([addressBytes(APT_METADATA), Buffer.from(coinType, 'utf8'), OBJECT_FROM_SEED]))}`;

export const APT_METADATA: Address = padded('0xa');
