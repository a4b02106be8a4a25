import { createHash } from 'node:crypto';

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

const padded = (value: string): Address => `0x${value.slice(2).padStart(64, '0')}`;

export const addressBytes = (address: Address): Uint8Array => Buffer.from(address.slice(2), 'hex');

export const addressOf = (bytes: Uint8Array): Address => `0x${Buffer.from(bytes).toString('hex')}`;

/** As it stands in type arguments and as people write it: framework addresses short, all others long. */
export const shortAddress = (address: Address): string => (SPECIAL.test(address) ? `0x${address.slice(-1)}` : address);

const OBJECT_FROM_OBJECT = Uint8Array.of(0xfc);
const OBJECT_FROM_SEED = Uint8Array.of(0xfe);

const sha3 = (...parts: readonly Uint8Array[]): Address => {
  const hash = createHash('sha3-256');
  for (const part of parts) hash.update(part);
  return `0x${hash.digest('hex')}`;
};

/**
 * The store that holds an owner's units of one fungible asset; deposit events name it, not its owner.
 * Source: docs/providers/aptos.md#bcs-and-hashes
 */
export const primaryStoreOf = (owner: Address, metadata: Address): Address =>
  sha3(addressBytes(owner), addressBytes(metadata), OBJECT_FROM_OBJECT);

/** The fungible asset that a coin is paired with: `0xa` for APT, derived from the type for every other. */
export const pairedAssetOf = (coinType: string): Address =>
  coinType === '0x1::aptos_coin::AptosCoin'
    ? APT_METADATA
    : sha3(addressBytes(APT_METADATA), Buffer.from(coinType, 'utf8'), OBJECT_FROM_SEED);

export const APT_METADATA: Address = padded('0xa');
